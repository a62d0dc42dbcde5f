"""The benchmark of an order's way through the code: it calls what the stages call."""

import pytest

from benchmarks.path import CASES, STEPS, Path


@pytest.mark.parametrize("case", CASES)
def test_every_step_of_an_orders_way_is_measured(case: str) -> None:
    _, order, number = CASES[case]
    assert Path(order, number).seconds().keys() == STEPS.keys()

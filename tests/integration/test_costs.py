"""The page of costs says what the system asks of AWS."""

import pytest

from tests.support import costs
from tests.support.cloud import ROOT
from tests.support.counting import count
from tests.support.orders import SEED, entered
from tests.support.world import World

PAGE = ROOT / "docs" / "costs-and-limits.md"
ARRAY = 50


@pytest.mark.parametrize("number", [1, ARRAY])
def test_the_page_has_what_is_counted(world: World, number: int) -> None:
    world.put_customer("000002", "1000000000.00")
    world.post(entered(quantity=1))
    world.settle()  # every function is warm
    counted = costs.table(count(world, [SEED] * number), number)
    assert counted in PAGE.read_text(), f"\n{counted}"

"""Every optional field with every type, time in force and pool: taken, or refused with the field that does not fit."""

from itertools import product
from typing import Any

import pytest

from tests.support.combinations import (
    CASES,
    NAMES,
    PEG_CASES,
    PEG_VALUES,
    PEGS,
    ROWS,
    TIMES_IN_FORCE,
    TYPES,
    VALUES,
    refused_of_pegged,
)
from tests.support.orders import entered
from tests.support.world import World
from trading.domain.orders import AT_AUCTION

PRICES: dict[str, dict[str, Any]] = {
    "Limit": {"price": "100.00"},
    "Market": {"price": None},
    "Stop": {"price": None, "stopPrice": "200.00"},
    "StopLimit": {"price": "200.00", "stopPrice": "200.00"},
}


def test_the_table_has_all_combinations() -> None:
    assert {tuple(row[:2]) for row in ROWS} == set(product(TYPES, TIMES_IN_FORCE))
    assert len(CASES) == 4 * 6 * 2**3 * 2


@pytest.mark.parametrize(("kind", "time_in_force", "given", "refused", "ticker"), CASES)
def test_a_field_is_honoured_or_refused(
    shared_world: World, kind: str, time_in_force: str, given: str, refused: str, ticker: str
) -> None:
    fields = {NAMES[letter]: VALUES[letter] for letter in given} | PRICES[kind]
    status, answer = shared_world.post(
        entered(ticker=ticker, type=kind, timeInForce=time_in_force, quantity=10, **fields)
    )
    found = [(fault["pointer"], fault["code"]) for fault in answer.get("errors", [])]
    assert sorted(found) == sorted((f"/{NAMES[letter]}", "not-allowed") for letter in refused)
    without_auction = 422 if time_in_force in AT_AUCTION else 202
    assert status == (400 if refused else without_auction)
    assert answer.get("code") == ("no-auction" if status == 422 else "invalid-order" if refused else None)


@pytest.mark.parametrize(("kind", "time_in_force", "given"), PEG_CASES)
def test_a_peg_is_honoured_or_refused(shared_world: World, kind: str, time_in_force: str, given: str) -> None:
    names, values = NAMES | PEGS, VALUES | PEG_VALUES
    fields = {names[letter]: values[letter] for letter in given} | PRICES[kind]
    status, answer = shared_world.post(entered(type=kind, timeInForce=time_in_force, quantity=10, **fields))
    refused = refused_of_pegged(kind, time_in_force, given)
    found = {(fault["pointer"], fault["code"]) for fault in answer.get("errors", [])}
    assert found == {(f"/{names[letter]}", "not-allowed") for letter in refused}
    assert status == (400 if refused else 202)

"""Every optional field with every type, time in force and pool: taken, or refused with the field that does not fit."""

from itertools import product
from typing import Any

import pytest

from tests.support.orders import entered
from tests.support.world import World

PRICES: dict[str, dict[str, Any]] = {
    "Limit": {"price": "100.00"},
    "Market": {"price": None},
    "Stop": {"price": None, "stopPrice": "200.00"},
    "StopLimit": {"price": "200.00", "stopPrice": "200.00"},
}

COLUMNS = ("", "M", "P", "O", "MP", "MO", "PO", "MPO")
RULES = """
Limit     Day  -  M  -  -  M   -  P   P
Limit     GTC  -  M  -  -  M   -  P   P
Limit     IOC  -  -  P  -  P   -  P   P
Limit     FOK  -  -  P  -  P   -  P   P
Market    Day  -  -  P  -  P   -  P   P
Market    GTC  -  -  P  -  P   -  P   P
Market    IOC  -  -  P  -  P   -  P   P
Market    FOK  -  -  P  -  P   -  P   P
Stop      Day  -  -  P  O  P   O  PO  PO
Stop      GTC  -  -  P  O  P   O  PO  PO
Stop      IOC  -  -  P  O  P   O  PO  PO
Stop      FOK  -  -  P  O  P   O  PO  PO
StopLimit Day  -  M  P  O  MP  O  PO  PO
StopLimit GTC  -  M  P  O  MP  O  PO  PO
StopLimit IOC  -  -  P  O  P   O  PO  PO
StopLimit FOK  -  -  P  O  P   O  PO  PO
"""
"""By type and time in force, for each of COLUMNS: the fields that are refused, `-` for none."""
NAMES = {"M": "minimumQuantity", "P": "postOnly", "O": "poolOnly"}
VALUES: dict[str, Any] = {"M": 5, "P": True, "O": True}
ROWS = [line.split() for line in RULES.strip().splitlines()]
CASES = [
    (kind, time_in_force, given, refused.strip("-"), ticker)
    for (kind, time_in_force, *cells), ticker in product(ROWS, ("COIN", "AMD"))
    for given, refused in zip(COLUMNS, cells, strict=True)
]


def test_the_table_has_all_combinations() -> None:
    assert {tuple(row[:2]) for row in ROWS} == set(product(PRICES, ("Day", "GTC", "IOC", "FOK")))
    assert len(CASES) == 4 * 4 * 2**3 * 2


@pytest.mark.parametrize(("kind", "time_in_force", "given", "refused", "ticker"), CASES)
def test_a_field_is_honoured_or_refused(
    shared_world: World, kind: str, time_in_force: str, given: str, refused: str, ticker: str
) -> None:
    fields = {NAMES[letter]: VALUES[letter] for letter in given} | PRICES[kind]
    status, answer = shared_world.post(
        entered(ticker=ticker, type=kind, timeInForce=time_in_force, quantity=10, **fields)
    )
    found = [(fault["pointer"], fault["code"]) for fault in answer.get("errors", [])]
    assert found == sorted((f"/{NAMES[letter]}", "not-allowed") for letter in refused)
    assert status == (400 if refused else 202)

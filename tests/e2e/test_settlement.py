"""Trades settle on their value date, on the deployed system, by the command that a developer has for it."""

import re
from typing import Any

from tests.e2e.deployed import said
from tests.e2e.system import Customer, System
from trading.aws.store import keys


def test_an_order_is_settled_at_its_value_date_once(system: System) -> None:
    customer = system.customer()
    [trade] = customer.settled(customer.accepted(quantity=10))
    date = trade["valueDate"]
    shares_due, not_due = f"due:{date}:shares", keys.due(date, customer.id, "IBM")
    system.put({**not_due})
    before = position(system, customer)
    assert (before["settled"], before[shares_due]) == (0, 10)
    said = settle(date)
    assert re.fullmatch(
        rf"Settled what was due until {date}: \d+ positions?, [\d,.]+ USD (paid|received) for .*\.", said
    )
    after = position(system, customer)
    assert (after["settled"], [name for name in after if name.startswith("due:")]) == (10, [])
    assert settle(date).startswith(f"Nothing is due until {date}.")
    assert position(system, customer) == after
    listed = [item["SK"] for item in system.items("TRADES_STORE_NAME") if item["PK"] == not_due["PK"]]
    assert listed == []


def position(system: System, customer: Customer) -> dict[str, Any]:
    key = keys.position(customer.id, "COIN")
    [found] = [item for item in system.items("TRADES_STORE_NAME") if key.items() <= item.items()]
    return found


def settle(date: str) -> str:
    """What `make settle` says, on one line."""
    return " ".join(said("settle", "--date", date).split())

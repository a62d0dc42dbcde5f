"""What tests of public engines expect of a book (facts only; each names its source), expected of ours.

A price is in the source's own steps; a market order has none here. A book's side is its levels, best first, each of
price, number of orders and open quantity, and may go on unless it is called complete. Sources give what an order traded
with each order that rested.
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from trading.domain.matching.book import Book
from trading.domain.matching.price_levels import BookSide
from trading.domain.matching.working_order import Canceled, Event, Rejected, Replaced, Traded, WorkingOrder
from trading.domain.orders import SelfTrade, TimeInForce

SCENARIOS = json.loads(Path(__file__).with_name("scenarios.json").read_text())
TIFS = {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}

NOT_SUPPORTED = {
    "liquibook/TestMatchMarketOrderBid": "a market order rests: here what is left of one is canceled",
    "liquibook/TestMatchMarketOrderAsk": "a market order rests: here what is left of one is canceled",
    "liquibook/TestMatchMultipleMarketOrderBid": "a market order rests: here what is left of one is canceled",
    "liquibook/TestMatchMultipleMarketOrderAsk": "a market order rests: here what is left of one is canceled",
    "CppTrader/Automatic matching - market order": "slippage: here a limit bounds the price",
    "CppTrader/Automatic matching - 'All-Or-None' limit order several levels full matching": "all-or-none",
    "CppTrader/Automatic matching - 'All-Or-None' limit order several levels partial matching": "all-or-none",
    "CppTrader/Automatic matching - 'All-Or-None' limit order complex matching": "all-or-none",
}


def unsupported(step: dict[str, Any]) -> str | None:
    if step.get("tif") == "aon":
        return "all-or-none"
    if "slippage" in step:
        return "slippage"
    rests = step.get("type") == "market" and step.get("expect", {}).get("final") == "open"
    return "a market order rests" if rests else None


def test_the_scenarios_that_are_left_out_are_those_with_a_rule_that_the_book_has_not() -> None:
    found = {}
    for scenario in SCENARIOS:
        faults = {fault for step in scenario["steps"] if (fault := unsupported(step))}
        if faults:
            found[scenario["id"]] = faults
    assert found == {name: {reason.partition(":")[0]} for name, reason in NOT_SUPPORTED.items()}


@pytest.mark.parametrize(
    "steps",
    [pytest.param(each["steps"], id=each["id"]) for each in SCENARIOS if each["id"] not in NOT_SUPPORTED],
)
def test_the_book_does_what_the_scenario_expects(steps: list[dict[str, Any]]) -> None:
    book, orders = Book(), dict[str, WorkingOrder]()
    ends: dict[str, str] = {}
    for step in steps:
        if step["op"] == "check":
            for side, half in (("bids", book.bids), ("asks", book.asks)):
                check(half, side, step)
        else:
            events = happens(book, orders, step)
            ends |= ended(events)
            if "expect" in step:
                known = outcome(events) | {"final": ends.get(step["id"], "open")}
                assert by_maker({name: known[name] for name in step["expect"]}) == by_maker(step["expect"])


def happens(book: Book, orders: dict[str, WorkingOrder], step: dict[str, Any]) -> list[Event]:
    if step["op"] == "new":
        order = orders[step["id"]] = WorkingOrder(
            step["id"], "any", step["side"] == "buy", step["qty"], step["price"] if step["type"] == "limit" else None,
            TIFS[step["tif"]], SelfTrade.OFF,
        )  # fmt: skip
        return book.enter(order)
    order = orders[step["id"]]
    if step["op"] == "cancel":
        return book.cancel(order.id, "any")
    total = (
        order.quantity + step["qty_delta"] if "qty_delta" in step else order.quantity - order.leaves + step["new_qty"]
    )
    return book.replace(order.id, "any", total, step.get("new_price", order.price))


def ended(events: list[Event]) -> dict[str, str]:
    """How orders ended."""
    ends: dict[str, str] = {}
    for event in events:
        match event:
            case Traded(maker, taker, _, _, maker_leaves, taker_leaves):
                ends |= {
                    order.id: "filled" for order, left in ((maker, maker_leaves), (taker, taker_leaves)) if not left
                }
            case Canceled(order, _, 0, _) | Replaced(order, _, _, 0, _):
                ends[order.id] = "cancelled"
    return ends


def outcome(events: list[Event]) -> dict[str, Any]:
    trades = [event for event in events if isinstance(event, Traded)]
    traded = sum(event.quantity for event in trades)
    return {
        "matched": bool(trades),
        "matched_qty": traded,
        "fills": [{"maker": event.maker.id, "qty": event.quantity, "price": event.price} for event in trades],
        "taker_filled": {"qty": traded, "cost": sum(event.quantity * event.price for event in trades)},
        "ok": not isinstance(events[0], Rejected),
    }


def by_maker(expected: dict[str, Any]) -> dict[str, Any]:
    """Sources name what was traded with whom in any order."""
    if "fills" not in expected:
        return expected
    return expected | {"fills": sorted(expected["fills"], key=lambda fill: str(fill["maker"]))}


def check(half: BookSide, side: str, step: dict[str, Any]) -> None:
    levels = []
    for price, queue in groupby(half.best_first(), key=lambda order: order.price):
        quantities = [order.leaves for order in queue]
        levels.append([price, len(quantities), sum(quantities)])
    expected = step.get(side, [])
    assert (levels if step.get(f"{side}_complete") else levels[: len(expected)]) == expected
    assert step.get(f"n_{side}", sum(count for _, count, _ in levels)) == sum(count for _, count, _ in levels)
    assert step.get(f"vol_{side}", sum(total for *_, total in levels)) == sum(total for *_, total in levels)

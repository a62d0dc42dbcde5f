"""What is said when the traders have ended: rates, times, refusals, what became of the orders, and whether the system
stayed as it was.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from ops.console import console
from trading_client import Client
from traffic.traders.display import clock, table
from traffic.traders.session import Outcome, Sample
from traffic.traders.tally import times_of
from traffic.traders.trader import Trader

QUARTERS = 4
MAX_ORDERS, MAX_TRADES = 2_000, 500
"""Of a trader: the newest orders, and trades, that are looked at."""


def tell(outcome: Outcome) -> None:
    """Rates, times and refusals of the session; then how its first and last quarter differ, if it was long enough."""
    how = "were interrupted after" if outcome.interrupted else "traded for"
    console.print(table(outcome.total, outcome.seconds, f"The traders {how} {clock(outcome.seconds)}."))
    if len(outcome.samples) >= QUARTERS:
        length = len(outcome.samples) // QUARTERS
        first, last = _quarter(outcome.samples[:length]), _quarter(outcome.samples[-length:])
        console.print(f"First quarter: {first}. Last quarter: {last}.", markup=False)


def tell_orders(api: Client, traders: Sequence[Trader], since: str) -> None:
    """What became of the orders that were entered since a time, and how long after its entry an order was booked that
    did not rest.
    """
    states: Counter[str] = Counter()
    shares = 0
    booked: list[float] = []
    for trader in traders:
        at_once: dict[str, str] = {}
        for order in _orders(api, trader, since):
            states[order["state"]] += 1
            shares += order["cumulativeQuantity"]
            if order["type"] == "Market" or order.get("timeInForce") in {"IOC", "FOK"}:
                at_once[order["orderId"]] = order["orderDate"]
        booked += _delays(api, trader, at_once)
    ends = ", ".join(f"{number:,} {state}" for state, number in states.most_common()) or "none"
    console.print(f"Orders: {ends}; {shares:,} shares traded, each side counted.", markup=False)
    if booked:
        times = times_of(booked)
        console.print(
            f"Booked after their entry, of {times.calls:,} trades of orders that do not rest: "
            f"p50 {times.p50:.0f} ms, p99 {times.p99:.0f} ms.",
            markup=False,
        )


def _quarter(samples: Sequence[Sample]) -> str:
    times = times_of([each for sample in samples for them in sample.interval.took.values() for each in them])
    known = [sample.megabytes for sample in samples if sample.megabytes is not None]
    memory = f", memory {max(known):,} MB at most" if known else ""
    return f"p50 {times.p50:.1f} ms, p99 {times.p99:.1f} ms{memory}"


def _orders(api: Client, trader: Trader, since: str) -> Iterator[Any]:
    for order in islice(api.orders.list(trader.customer), MAX_ORDERS):
        if order["orderDate"] < since:
            return
        yield order


def _delays(api: Client, trader: Trader, entered: dict[str, str]) -> Iterator[float]:
    """Seconds from the entry of each of these orders to the booking of each of its trades."""
    today = {order_date[:10] for order_date in entered.values()}
    for day in sorted(today):
        for trade in islice(api.accounts.trades(trader.customer, trade_date=day), MAX_TRADES):
            if trade["orderId"] in entered:
                yield _seconds(entered[trade["orderId"]], trade["settlementDate"])


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()

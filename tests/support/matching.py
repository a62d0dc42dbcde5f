"""Pools of the order-book model, commands for them, and what became of those, told shortly."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.support.clock import START
from tests.support.samples import MARKET, order
from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.matching.pool import HOUSE, Arrived, Conditions, Event, Forwarded, Overtaken, Passed, Pool
from trading.domain.matching.working_order import Canceled, Rejected, Replaced, Rested, Traded, Waiting
from trading.domain.messages.commands import (
    CancelOrder,
    Command,
    ExpireOrders,
    MassCancel,
    NewOrder,
    QuoteChanged,
    ReplaceOrder,
    WatchQuote,
    cancel_id,
)
from trading.domain.orders import Order, OrdType, PoolType, SelfTrade, Side, TimeInForce
from trading.domain.quotes import Quote
from trading.domain.routing import command_of
from trading.domain.times import iso, session_end

QUOTE = Quote(Decimal("161.88"), Decimal("161.90"))
QUIET = replace(
    MARKET,
    venues={
        **MARKET.venues,
        PoolType.LIT: {name: replace(v, market_maker=None) for name, v in MARKET.venues[PoolType.LIT].items()},
    },
)
"""The template's market without market makers."""

BEFORE = iso(START - timedelta(milliseconds=1))


@dataclass(slots=True)
class Numbers:
    """Those of what is made here. What chance decides goes by them: a test that begins them anew meets the same."""

    last: int = 0

    def next(self) -> int:
        self.last += 1
        return self.last


numbers = Numbers()


def command(direction: str, quantity: int, price: str | None, customer: str = "000001", **terms: Any) -> NewOrder:
    """A new order in COIN. `terms` are fields of the domain's order."""
    made = order(numbers.next(), customer, Side(direction), "COIN", quantity, price)
    known: dict[str, Any] = {"time_in_force": TimeInForce, "self_trade": SelfTrade, "type": OrdType}
    prices = ("stop_price", "protection_price")
    fields: dict[str, Any] = {name: known[name](value) if name in known else value for name, value in terms.items()}
    fields |= {name: Decimal(fields[name]) for name in prices if name in fields}
    return command_of(replace(made, **fields))


def cancel(of: NewOrder, customer: str = "", *, forwarded: bool = False) -> CancelOrder:
    """A request to end an order, by its customer if no other is named."""
    change_id = cancel_id(of.order.order_id)
    asked = replace(of.order, customer_id=customer or of.order.customer_id)
    return CancelOrder(change_id, change_id, asked, of.session_date, forwarded)


def replacement(of: NewOrder, quantity: int, price: str, reserved: str = "1000000.00", **terms: Any) -> ReplaceOrder:
    """A request for another total quantity and limit; with `reserved` that much more cash than the order has."""
    change_id = derived(of.order.order_id, f"replaced by {numbers.next()}")
    asked = replace(of.order, **terms)
    return ReplaceOrder(change_id, change_id, asked, of.session_date, quantity, Decimal(price), Decimal(reserved))


def cancel_all(
    customer: str = "000002", *, forwarded: bool = False, trades_on: bool = False, time: str = BEFORE
) -> MassCancel:
    """A request to end all orders of a customer in COIN, a millisecond before the orders of these tests."""
    request_id = derived(customer, f"halted by {numbers.next()}")
    return MassCancel(request_id, request_id, "COIN", customer, time, forwarded, trades_on)


def expire(session_date: str, time: str | None = None) -> ExpireOrders:
    """A session was closed, at its end if no other time is given."""
    time = time or session_end(session_date)
    return ExpireOrders(derived(time, "expire"), "COIN", session_date, time)


def never(order: Order) -> bool:
    """No order came before."""
    return False


def always(order: Order) -> bool:
    """Every order has come."""
    return True


def quoted(bid: str, ask: str, time: str = iso(START)) -> QuoteChanged:
    """The command that brings a quote in COIN."""
    its_id = derived(time, f"{bid}/{ask}")
    return QuoteChanged(its_id, "COIN", Quote(Decimal(bid), Decimal(ask), time))


def watch(number: int, midpoint: str | None = None, *, on: bool = True) -> WatchQuote:
    """The dark engine's request to be told of the quote in COIN; `midpoint` is what it has seen."""
    its_id = derived("watch", str(number))
    seen = None if midpoint is None else Decimal(midpoint)
    return WatchQuote(its_id, "COIN", START.date().isoformat(), number, on, seen)


def told(events: Iterable[Event]) -> list[tuple[Any, ...]]:
    """What happened to customers' orders: trades as quantity, price and venue, what rests, ends or is passed on."""
    return [line for event in events if (line := _told(event))]


def _told(event: Event) -> tuple[Any, ...] | None:
    match event:
        case Traded(maker, taker, quantity, price, _, _):
            return ("traded", quantity, str(price * Decimal("0.005")), maker.venue) if _ours(maker, taker) else None
        case Rested(order, leaves) if order.account != HOUSE:
            return ("rests", leaves, order.venue)
        case Waiting(order):
            return ("waits", order.leaves)
        case Canceled(order, quantity, _, reason) if order.account != HOUSE:
            return ("ended", quantity, reason)
        case Passed(_, quantity):
            return ("passed on", quantity)
    return _told_of_change(event)


def _told_of_change(event: Event) -> tuple[Any, ...] | None:
    match event:
        case Replaced(_, quantity, price, leaves, kept):
            return ("replaced", quantity, str((price or 0) * Decimal("0.005")), leaves, "in its place" if kept else "")
        case Rejected(_, reason):
            return ("refused", reason)
        case Forwarded():
            return ("forwarded",)
        case Overtaken():
            return ("awaited",)
    return None


def _ours(*orders: Any) -> bool:
    return any(each.account != HOUSE for each in orders)


def run(
    pool: Pool,
    *commands: Command,
    market: Market = MARKET,
    quote: Quote | None = QUOTE,
    arrived: Arrived = never,
) -> list[tuple[Any, ...]]:
    """Executes the commands; what happened with the last one."""
    events: list[Event] = []
    for each in commands:
        events = pool.execute(each, Conditions(market, quote), arrived)
    return told(events)

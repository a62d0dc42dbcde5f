"""The matching models: which of them executes the commands of a pool type, and which messages its commit publishes."""

from collections.abc import Callable, Iterable, Iterator

from trading.domain import money
from trading.domain.executions import ExecutionReports, OrderReport
from trading.domain.ids import derived, sequenced
from trading.domain.market import MatchingModel
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import KeptPool, Pool
from trading.domain.matching.simulated import SimulatedPool
from trading.domain.messages.command_messages import orders_messages
from trading.domain.messages.commands import QuoteChanged
from trading.domain.messages.events import reports_message
from trading.domain.messages.wire import Message
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote
from trading.domain.times import milliseconds

BOOKS: dict[PoolType, Callable[[], KeptPool]] = {PoolType.DARK: DarkPool, PoolType.LIT: LitPool}
"""The pool that a journal is folded into, whichever model wrote it: entries of the simulated one have no trades."""

POOLS: dict[tuple[MatchingModel, PoolType], Callable[[], Pool]] = {
    (MatchingModel.SIMULATED, PoolType.DARK): lambda: SimulatedPool(PoolType.DARK),
    (MatchingModel.SIMULATED, PoolType.LIT): lambda: SimulatedPool(PoolType.LIT),
    (MatchingModel.ORDER_BOOK, PoolType.DARK): DarkPool,
    (MatchingModel.ORDER_BOOK, PoolType.LIT): LitPool,
}


def messages_of(entry: str, sequence: int, pool: PoolType, reporter: Reporter, time: str) -> list[Message]:
    """The messages of a commit. `entry` is the id of the journal entry, `sequence` its number."""
    messages = [reports_message(each) for each in bookings(entry, sequence, pool, reporter.reports(), time)]
    messages += orders_messages(entry, PoolType.LIT, reporter.to_lit)
    return [*messages, *orders_messages(entry, PoolType.DARK, _displayed(entry, reporter, time))]


def _displayed(entry: str, reporter: Reporter, time: str) -> Iterator[QuoteChanged]:
    """Tells the dark engine what is displayed since this commit."""
    if reporter.displayed is None:
        return
    ticker, (bid, ask) = reporter.displayed
    if bid is not None and ask is not None:
        bid_price, ask_price = (money.on_tick(money.from_half_ticks(price)) for price in (bid, ask))
        yield QuoteChanged(derived(entry, "displayed"), ticker, Quote(bid_price, ask_price, time))


def bookings(
    entry: str, sequence: int, pool: PoolType, reports: Iterable[tuple[OrderReport, ...]], time: str
) -> Iterator[ExecutionReports]:
    """The reports on one ticker as bookings. A customer's bookings sort by id in the order in which they happened;
    those of the dark pools sort before those of the lit pools that follow from them.
    """
    for number, orders in enumerate(reports):
        first = orders[0].order
        yield ExecutionReports(
            booking_id=sequenced(entry, milliseconds(time), pool is PoolType.LIT, sequence, number),
            customer_id=first.customer_id,
            ticker=first.ticker,
            pool=pool,
            time=time,
            orders=orders,
        )

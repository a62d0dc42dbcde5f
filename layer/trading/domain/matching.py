"""An engine's decision about a batch of commands: which model matches them, and what is published of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from trading.domain import simulated
from trading.domain.commands import NewOrder, orders_messages
from trading.domain.events import executed_message
from trading.domain.executions import ExecutedOrder, TradesExecuted
from trading.domain.ids import derived
from trading.domain.market import Market, MatchingModel
from trading.domain.orders import PoolType, Quote
from trading.domain.times import iso
from trading.domain.wire import Message

MODELS = {MatchingModel.SIMULATED: simulated.match}

EXECUTIONS_PER_BOOKING = 250
ORDERS_PER_BOOKING = 40
"""Together they keep a booking's message, item and transaction far below the limits of SNS and DynamoDB."""


def decide(
    entry: str, pool: PoolType, commands: Sequence[NewOrder], market: Market, quote: Quote | None, now: datetime
) -> list[Message]:
    """The messages that follow from matching these commands of one ticker. `entry` is the id of the journal entry."""
    match = MODELS[market.matching_models[pool]]
    matched = [match(pool, command, market.venues[pool], quote) for command in commands]
    executed = [each.executed for each in matched if each.executed]
    rests = [each.rest for each in matched if each.rest]
    messages = [executed_message(each) for each in bookings(entry, pool, executed, iso(now))]
    return messages + list(orders_messages(entry, PoolType.LIT, rests))


def bookings(
    entry: str, pool: PoolType, executed: Iterable[ExecutedOrder], trade_date: str
) -> Iterator[TradesExecuted]:
    """Executed orders of one ticker as bookings: by customer, none too large, no order twice in one."""
    by_customer: dict[str, list[ExecutedOrder]] = {}
    for each in executed:
        by_customer.setdefault(each.order.customer_id, []).append(each)
    for customer_id, theirs in by_customer.items():
        for number, orders in enumerate(_chunks(theirs)):
            yield TradesExecuted(
                booking_id=derived(entry, f"booking {number} of {customer_id}"),
                customer_id=customer_id,
                ticker=orders[0].order.ticker,
                pool=pool,
                trade_date=trade_date,
                orders=tuple(orders),
            )


def _chunks(executed: Sequence[ExecutedOrder]) -> Iterator[list[ExecutedOrder]]:
    chunk: list[ExecutedOrder] = []
    for each in executed:
        executions = sum(len(other.executions) for other in chunk) + len(each.executions)
        again = any(other.order.order_id == each.order.order_id for other in chunk)
        if chunk and (again or len(chunk) == ORDERS_PER_BOOKING or executions > EXECUTIONS_PER_BOOKING):
            yield chunk
            chunk = []
        chunk.append(each)
    if chunk:
        yield chunk

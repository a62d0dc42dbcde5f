"""After every quote the market is in order: nothing that rests could trade with the market makers, and it replays."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import START
from tests.support.matching import command, never, quoted
from tests.support.samples import MARKET
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import HOUSE, Conditions
from trading.domain.messages.commands import Command
from trading.domain.orders import PoolType
from trading.domain.times import iso

CENT = Decimal("0.01")
BID = Decimal("161.88")

orders = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["Buy", "Sell"]),
        "quantity": st.integers(1, 40_000),
        "away": st.integers(-200, 200),
        "customer": st.sampled_from(["000001", "000002", "000003"]),
        "stop": st.booleans(),
    }
)
moves = st.tuples(st.integers(-200, 200), st.integers(1, 30))


def as_command(step: Any, number: int) -> Command:
    if isinstance(step, tuple):
        away, spread = step
        bid = BID + away * CENT
        return quoted(str(bid), str(bid + spread * CENT), iso(START + timedelta(milliseconds=number)))
    price = str(BID + step["away"] * CENT)
    if step["stop"]:
        terms = {"type": "Stop", "stop_price": price, "protection_price": price}
        return command(step["direction"], step["quantity"], None, step["customer"], **terms)
    return command(step["direction"], step["quantity"], price, step["customer"])


@given(st.lists(st.one_of(orders, moves), max_size=25))
def test_no_resting_order_is_marketable_and_the_journal_has_the_book(steps: list[Any]) -> None:
    pool, replayed = LitPool(), LitPool()
    for number, step in enumerate(steps):
        events = pool.execute(as_command(step, number), Conditions(MARKET, None), never)
        replayed.fold(events_from([event_values(event) for event in events]))
        bid, ask = pool.book.best(buys=True), pool.book.best(buys=False)
        assert bid is None or ask is None or bid < ask
        if pool.reference is not None:
            quotes = [order for order in pool.book.orders.values() if order.account == HOUSE]
            makers = [venue.market_maker for venue in MARKET.venues[PoolType.LIT].values() if venue.market_maker]
            assert len(quotes) == sum(2 * maker.levels for maker in makers)
            assert {order.leaves for order in quotes} == {maker.size for maker in makers}
    assert replayed.snapshot() == pool.snapshot()

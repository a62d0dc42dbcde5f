"""What rests in the dark pools follows the displayed quote, and the dark engine watches that while something rests."""

import json
from decimal import Decimal

import pytest

from tests.support.matching import QUIET, QUOTE, cancel, command, never, quoted
from tests.support.samples import MARKET
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.models import messages_of
from trading.domain.matching.pool import HOUSE, Conditions, Event, Followed, Passed, Watched, customer_order
from trading.domain.matching.working_order import Rested, Traded
from trading.domain.messages.command_messages import commands_from
from trading.domain.messages.commands import Command, NewOrder, WatchQuote
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote

BELOW = Quote(Decimal("161.40"), Decimal("161.42"))
LOCKED = Quote(Decimal("161.90"), Decimal("161.90"))
MOVED = quoted("161.40", "161.42")


class Desk:
    """A dark pool, and one that hears of it only by the text of its journal."""

    def __init__(self) -> None:
        self.pool, self.follower = DarkPool(), DarkPool()

    def at(self, quote: Quote | None, asked: Command) -> list[Event]:
        """Executes a command while this is displayed."""
        happened = self.pool.execute(asked, Conditions(QUIET, quote), never)
        self.follower.fold(events_from(json.loads(json.dumps([event_values(each) for each in happened]))))
        assert self.follower.snapshot() == self.pool.snapshot()
        restored = DarkPool()
        restored.restore(json.loads(json.dumps(self.pool.snapshot())))
        assert restored.snapshot() == self.pool.snapshot()
        return happened

    def rest(self, *orders: NewOrder) -> None:
        """These rest at QUOTE, and have met nobody there."""
        rested: list[Event] = [Rested(customer_order(each, "CODA"), each.quantity) for each in orders]
        for pool in (self.pool, self.follower):
            pool.fold(events_from([event_values(each) for each in [*rested, Followed(32378)]]))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def hidden(direction: str, quantity: int, price: str, customer: str = "000001", **terms: object) -> NewOrder:
    return command(direction, quantity, price, customer, pool_only=True, **terms)


def trades(events: list[Event]) -> list[tuple[str, str, int, str]]:
    """Who was met by whom, how many shares, at what price: the house's shares together."""
    return [
        (event.maker.account, event.taker.account, event.quantity, str(event.price * Decimal("0.005")))
        for event in events
        if isinstance(event, Traded) and event.maker.account != HOUSE
    ]


def house(events: list[Event]) -> int:
    return sum(each.quantity for each in events if isinstance(each, Traded) and each.maker.account == HOUSE)


def test_resting_orders_trade_with_each_other_when_the_midpoint_comes_within_both_limits(desk: Desk) -> None:
    desk.rest(hidden("Sell", 300, "161.00"), hidden("Buy", 300, "161.50", "000002"))
    assert trades(desk.at(BELOW, MOVED)) == [("000001", "000002", 300, "161.410")]
    assert len(desk.pool.resting) == 0


def test_the_oldest_is_the_first_to_cross(desk: Desk) -> None:
    first, second = hidden("Buy", 100, "161.45", "000002"), hidden("Buy", 100, "161.50", "000003")
    desk.rest(hidden("Sell", 150, "161.00"), first, second)
    met = [("000001", "000002", 100, "161.410"), ("000001", "000003", 50, "161.410")]
    assert trades(desk.at(BELOW, MOVED)) == met


def test_a_moved_midpoint_is_met_before_the_order_that_comes_in_at_it(desk: Desk) -> None:
    older = hidden("Buy", 1_000_000, "161.50", "000002")
    desk.rest(older)
    events = desk.at(BELOW, command("Sell", 1_000_000, "161.00"))
    followed = events.index(Followed(32282))
    met = [number for number, event in enumerate(events) if isinstance(event, Traded) and event.maker.account != HOUSE]
    own = [
        number
        for number, event in enumerate(events)
        if isinstance(event, Traded) and event.taker.id == older.order.order_id
    ]
    assert followed < min(own) <= max(own) < min(met)
    assert len(trades(events)) == 1


def test_who_comes_within_the_midpoint_meets_simulated_liquidity_like_an_order_that_comes_in(desk: Desk) -> None:
    order = hidden("Buy", 1_000_000, "161.50")
    desk.rest(order)
    found = house(desk.at(BELOW, MOVED))
    assert 400_000 < found < 600_000
    assert desk.pool.resting[order.order.order_id].leaves == 1_000_000 - found


def test_it_has_no_further_chance_while_the_midpoint_moves_within_its_limit_and_one_when_it_comes_back(
    desk: Desk,
) -> None:
    desk.rest(hidden("Buy", 1_000_000, "161.50"))
    desk.at(BELOW, MOVED)
    for bid in ("161.30", "161.20", "161.45"):
        assert desk.at(Quote(Decimal(bid), Decimal(bid) + Decimal("0.02")), quoted(bid, "170.00"))[1:] == []
    assert house(desk.at(QUOTE, quoted("161.88", "161.90"))) == 0
    [left] = [each.leaves for each in desk.pool.resting.values()]
    assert left * 0.4 < house(desk.at(BELOW, quoted("161.40", "161.42", "2026-11-22T14:31:00.000Z"))) < left * 0.6


@pytest.mark.parametrize("gone", [None, LOCKED])
def test_nothing_trades_without_a_midpoint_and_all_that_is_within_crosses_when_it_is_back(
    desk: Desk, gone: Quote | None
) -> None:
    desk.rest(hidden("Sell", 400, "161.00"), hidden("Buy", 400, "162.00", "000002"))
    assert desk.at(gone, MOVED)[0] == Followed(None)
    assert trades(desk.at(QUOTE, MOVED)) == [("000002", "000001", 400, "161.890")]


def test_a_minimum_quantity_and_two_orders_of_one_account_are_respected(desk: Desk) -> None:
    choosy = hidden("Sell", 500, "161.00", minimum_quantity=500)
    desk.rest(choosy, hidden("Buy", 500, "161.50"), hidden("Buy", 499, "161.50", "000002"))
    assert trades(desk.at(BELOW, MOVED)) == []


def test_the_dark_engine_watches_from_the_first_order_that_rests_until_it_is_told_in_vain(desk: Desk) -> None:
    first, second = hidden("Buy", 100, "100.00"), hidden("Buy", 100, "100.00", "000002")
    asked = [
        [event for event in desk.at(QUOTE, step) if isinstance(event, Watched)]
        for step in (first, second, MOVED, cancel(first), cancel(second), MOVED, MOVED, hidden("Buy", 9, "100.00"))
    ]
    on, off = (Watched(1, on=True, midpoint=32378), Watched(2, on=False, midpoint=32378))
    again = Watched(3, on=False, midpoint=32378)
    assert asked == [[on], [], [], [], [], [off], [again], [Watched(4, on=True, midpoint=32378)]]


def test_while_nothing_rests_the_journal_has_nothing_more_of_an_order(desk: Desk) -> None:
    for quote in (QUOTE, BELOW, None):
        assert [*map(type, desk.at(quote, command("Buy", 100, "100.00")))] == [Passed]


def test_the_request_goes_to_the_lit_engine_with_what_was_seen(desk: Desk) -> None:
    reporter = Reporter(fees_of(PoolType.DARK, MARKET))
    asked = hidden("Buy", 100, "100.00")
    reporter.add(asked, desk.at(Quote(Decimal("161.89"), Decimal("161.90")), asked))
    [message] = [
        each
        for each in messages_of("an entry", 7, PoolType.DARK, reporter, asked.order.order_date)
        if each.topic == "orders"
    ]
    assert (message.group, message.attributes) == ("COIN", {"poolType": "Lit"})
    [sent] = commands_from(message.body, PoolType.LIT)
    assert isinstance(sent, WatchQuote)
    assert (sent.number, sent.on, sent.midpoint, sent.session_date) == (1, True, Decimal("161.895"), asked.session_date)
    reporter = Reporter(fees_of(PoolType.DARK, MARKET))
    reporter.add(cancel(asked), desk.at(QUOTE, cancel(asked)))
    reporter.add(MOVED, desk.at(QUOTE, MOVED))
    [stop] = reporter.to_lit
    assert isinstance(stop, WatchQuote)
    assert (stop.number, stop.on) == (2, False)


def test_what_rests_since_before_quotes_were_watched_is_watched_and_crosses_with_the_next_command(desk: Desk) -> None:
    desk.rest(hidden("Buy", 1_000_000, "161.50"))
    older = {name: value for name, value in desk.pool.snapshot().items() if name not in {"watch", "midpoint"}}
    pool = DarkPool()
    pool.restore(older)
    events = pool.execute(command("Buy", 10, "100.00"), Conditions(QUIET, BELOW), never)
    assert house(events) > 0
    assert events[-1] == Watched(1, on=True, midpoint=32282)

"""The dark engine watches what the lit pools display: while it does, it is told of each midpoint, once."""

import json
from decimal import Decimal

import pytest

from tests.support.clock import START
from tests.support.matching import QUIET, cancel, command, never, quoted, watch
from tests.support.samples import MARKET
from trading.aws.engine.ticker_state import TickerState
from trading.domain.ids import derived
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.lit import LitPool
from trading.domain.matching.models import messages_of
from trading.domain.matching.pool import Conditions, Event, Told, Watched
from trading.domain.matching.simulated import SimulatedPool
from trading.domain.messages.command_messages import commands_from
from trading.domain.messages.commands import Command, QuoteChanged
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote
from trading.domain.times import iso

FIRST = Quote(Decimal("161.88"), Decimal("161.90"))
TIMES = [f"2026-11-22T14:30:0{second}.000Z" for second in range(9)]


class Market:
    """A lit pool, and one that hears of it only by the text of its journal."""

    def __init__(self) -> None:
        self.pool, self.follower = LitPool(), LitPool()

    def execute(self, asked: Command) -> list[Event]:
        happened = self.pool.execute(asked, Conditions(MARKET, FIRST), never)
        self.follower.fold(events_from(json.loads(json.dumps([event_values(each) for each in happened]))))
        assert self.follower.snapshot() == self.pool.snapshot()
        restored = LitPool()
        restored.restore(json.loads(json.dumps(self.pool.snapshot())))
        assert restored.snapshot() == self.pool.snapshot()
        return happened

    def told(self, asked: Command) -> list[tuple[str | None, ...]]:
        """What the dark engine is told of when this is executed."""
        found = [event for event in self.execute(asked) if isinstance(event, Told)]
        return [tuple(None if price is None else str(price * Decimal("0.005")) for price in event) for event in found]


@pytest.fixture
def market() -> Market:
    return Market()


def test_while_nobody_watches_nobody_is_told(market: Market) -> None:
    assert market.told(quoted("161.00", "161.02")) == []


def test_who_watches_is_told_of_what_it_has_not_seen(market: Market) -> None:
    assert market.told(watch(1, "161.89")) == []
    assert market.told(watch(2, "161.00")) == [("161.880", "161.900")]
    assert market.told(watch(3)) == [("161.880", "161.900")]


def test_each_midpoint_is_told_once(market: Market) -> None:
    market.execute(watch(1, "161.89"))
    assert market.told(quoted("161.00", "161.02", TIMES[1])) == [("161.000", "161.020")]
    assert market.told(command("Buy", 100, "150.00")) == []
    assert market.told(quoted("160.99", "161.03", TIMES[2])) == []
    assert market.told(quoted("161.00", "161.04", TIMES[3])) == [("161.000", "161.040")]


def test_an_order_that_improves_the_quote_is_told_too_and_its_end(market: Market) -> None:
    market.execute(watch(1, "161.89"))
    better = command("Buy", 100, "161.89")
    assert market.told(better) == [("161.890", "161.900")]
    assert market.told(cancel(better)) == [("161.880", "161.900")]


def test_that_there_is_no_quote_is_remembered_so_that_the_next_one_is_told(market: Market) -> None:
    pool = LitPool()
    bid, ask = command("Buy", 100, "161.00"), command("Sell", 100, "161.10", "000002")
    for each in (bid, ask, watch(1, "161.05")):
        assert not [e for e in pool.execute(each, Conditions(QUIET, FIRST), never) if isinstance(e, Told)]
    assert Told(None, None) in pool.execute(cancel(bid), Conditions(QUIET, FIRST), never)
    [told] = [
        each
        for each in pool.execute(command("Buy", 10, "161.00"), Conditions(QUIET, FIRST), never)
        if isinstance(each, Told)
    ]
    assert told == Told(32200, 32220)


def test_after_it_stops_watching_nothing_is_told(market: Market) -> None:
    market.execute(watch(1, "161.89"))
    market.execute(watch(2, "161.89", on=False))
    assert market.told(quoted("161.00", "161.02")) == []


def test_a_request_that_comes_again_or_after_a_later_one_changes_nothing(market: Market) -> None:
    assert market.execute(watch(2, "161.89"))[-1] == Watched(2, on=True, midpoint=32378)
    for late in (watch(2, "161.89"), watch(1, "161.89", on=False)):
        assert market.execute(late) == []
    assert market.told(quoted("161.00", "161.02")) == [("161.000", "161.020")]


def test_a_request_that_stands_twice_in_a_journal_does_not_undo_what_was_told_between(market: Market) -> None:
    """A simulated pool does not know which requests it has had."""
    asked = Watched(1, on=True, midpoint=32378)
    market.pool.fold([asked, Told(32200, 32204), asked])
    assert market.pool.snapshot()["watch"] == [1, True, 32202]


def test_a_simulated_pool_keeps_the_request_for_the_book_that_comes_back(market: Market) -> None:
    simulated = SimulatedPool(PoolType.LIT)
    asked = watch(1, "161.89")
    happened = simulated.journaled(simulated.execute(asked, Conditions(MARKET, FIRST), never))
    market.pool.fold(events_from([event_values(each) for each in happened]))
    market.follower.fold(events_from([event_values(each) for each in happened]))
    assert market.told(quoted("161.00", "161.02")) == [("161.000", "161.020")]


def test_a_snapshot_from_before_quotes_were_watched_watches_nothing() -> None:
    older = {name: value for name, value in LitPool().snapshot().items() if name != "watch"}
    restored = LitPool()
    restored.restore(older)
    assert restored.snapshot() == LitPool().snapshot()


def test_a_commit_tells_the_dark_engine_of_the_last_quote_only(market: Market) -> None:
    reporter = Reporter(fees_of(PoolType.LIT, MARKET))
    for each in (watch(1, "161.89"), quoted("161.00", "161.02", TIMES[1]), quoted("161.10", "161.12", TIMES[2])):
        reporter.add(each, market.execute(each))
    assert reporter.is_empty
    [message] = messages_of("an entry", 7, PoolType.LIT, reporter, TIMES[3])
    assert (message.topic, message.group, message.attributes) == ("orders", "COIN", {"poolType": "Dark"})
    [told] = commands_from(message.body, PoolType.DARK)
    assert isinstance(told, QuoteChanged)
    assert told.quote == Quote(Decimal("161.10"), Decimal("161.12"), TIMES[3])
    [again] = messages_of("an entry", 7, PoolType.LIT, reporter, TIMES[3])
    assert again == message


def test_the_id_of_what_the_dark_engine_is_told_follows_from_the_entry_as_in_every_release(market: Market) -> None:
    """So a commit that is published again, perhaps after a deployment, is executed once."""
    reporter = Reporter(fees_of(PoolType.LIT, MARKET))
    reporter.add(asked := watch(1), market.execute(asked))
    ids = []
    for entry in ("an entry", "another"):
        [message] = messages_of(entry, 7, PoolType.LIT, reporter, TIMES[3])
        [told] = commands_from(message.body, PoolType.DARK)
        ids.append(told.command_id)
    assert ids == ["e048f5b8-5b01-5e14-b8f6-871ca1699891", derived("another", "displayed")]


def test_a_request_is_never_too_old_because_its_number_says_whether_it_is_late() -> None:
    sessions: dict[str, dict[str, int]] = {"2026-11-23": {}, "2026-11-24": {}}
    assert not TickerState(LitPool(), 1, sessions=sessions).stale(watch(1))
    assert iso(START)[:10] < min(sessions)

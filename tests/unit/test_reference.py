"""The reference quote of a lit pool: the journal says which it is, and of when."""

import json

import pytest

from tests.support.matching import QUIET, never, quoted
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import Conditions, Event, Quoted
from trading.domain.messages.commands import Command

FIRST, SECOND, THIRD = (f"2026-11-22T14:30:0{second}.000Z" for second in (1, 2, 3))


def execute(pool: LitPool, command: Command) -> list[Event]:
    return pool.execute(command, Conditions(QUIET, None), never)


def quotes(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, Quoted)]


def replayed(events: list[Event]) -> LitPool:
    """A pool that hears of these events by the text of the journal."""
    pool = LitPool()
    pool.fold(events_from(json.loads(json.dumps([event_values(each) for each in events]))))
    return pool


def restored(pool: LitPool) -> LitPool:
    cold = LitPool()
    cold.restore(json.loads(json.dumps(pool.snapshot())))
    return cold


def test_the_quote_of_a_command_becomes_the_reference() -> None:
    pool = LitPool()
    events = execute(pool, quoted("161.88", "161.90", SECOND))
    assert quotes(events) == [Quoted(32376, 32380, SECOND)]
    for each in (pool, replayed(events), restored(pool)):
        assert each.reference == quoted("161.88", "161.90", SECOND).quote


@pytest.mark.parametrize(("time", "taken"), [(FIRST, False), (SECOND, False), (THIRD, True)])
def test_a_quote_is_taken_if_it_is_newer_than_the_last_whether_a_pool_took_that_itself_read_or_restored_it(
    time: str, taken: bool
) -> None:
    pool = LitPool()
    events = execute(pool, quoted("161.88", "161.90", SECOND))
    for each in (replayed(events), restored(pool), pool):
        assert bool(quotes(execute(each, quoted("170.00", "170.02", time)))) is taken

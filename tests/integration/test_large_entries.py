"""An entry of a journal is as large as its command makes it: one command may meet any number of orders that rest."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from tests.support.clock import START
from tests.support.matching import QUIET, cancel_all, command, expire
from tests.support.samples import order as sample
from tests.support.world import World
from trading.aws import clients
from trading.aws.engine import journal
from trading.aws.engine.engine import Engine
from trading.aws.engine.journal import Head, Journal, JournalEntry
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import TickerState, snapshot_of
from trading.aws.store import dynamodb
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import customer_order
from trading.domain.matching.working_order import Rested
from trading.domain.messages.commands import Command
from trading.domain.messages.events import TRADES, reports_from
from trading.domain.messages.wire import Message
from trading.domain.orders import PoolType, Side
from trading.domain.routing import command_of
from trading.domain.times import iso, session_date

PUT = "dynamodb.PutItem"
RESTING = 2_000
TRANSACTION_ITEMS, TRANSACTION_BYTES = 100, 4 * 1024**2
"""What one transaction of DynamoDB takes."""

COMMANDS: dict[str, Command] = {
    "the close of a session": expire("2026-11-22"),
    "a mass cancel": cancel_all("000002", time=iso(START)),
    "an order for all of them": command("Buy", RESTING, "170.00", "000001"),
}


def engine(world: World) -> Engine:
    """A cold engine."""
    journal_, snapshots = tools(world)
    return Engine(PoolType.LIT, journal_, snapshots, lambda: QUIET, lambda _: None, lambda _: True, 200)


def tools(world: World) -> tuple[Journal, Snapshots]:
    bucket = world.cloud.resolve({"Ref": "Archive"})
    return Journal(world.table("OrderBooks"), PoolType.LIT), Snapshots(bucket, PoolType.LIT)


@pytest.fixture
def crowded(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """So many orders rest that what becomes of them is more parts than a transaction takes: parts are small here."""
    pool = LitPool()
    for number in range(RESTING):
        new = command_of(sample(10**9 + number, "000002", Side.SELL, "COIN", 1, "165.00"))
        pool.fold([Rested(customer_order(new, "IEX"), 1)])
    its_journal, snapshots = tools(world)
    snapshots.write("COIN", 1, snapshot_of(TickerState(pool, 1), pool.snapshot()))
    its_journal.point_at_snapshot("COIN", 1)
    monkeypatch.setattr(journal, "PART_BYTES", 100)
    return world


def reported(messages: Sequence[Message]) -> Counter[str]:
    """How many shares of each resting order were filled or ended."""
    found: Counter[str] = Counter()
    for message in (each for each in messages if each.topic == TRADES):
        for each in reports_from(message.body).orders:
            if each.order.customer_id == "000002":
                found[each.order.order_id] += each.filled + each.ended
    return found


def standing(world: World) -> list[str]:
    """The customers' orders that an engine finds that starts cold."""
    cold = engine(world)
    cold.commit("COIN", [])
    memory = cold.last("COIN")
    assert memory is not None
    assert isinstance(memory.pool, LitPool)
    return [*memory.pool.book.orders]


@pytest.mark.parametrize("asked", COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_meets_any_number_of_orders_is_one_entry_and_is_published_the_same_again(
    crowded: World, asked: Command
) -> None:
    crowded.faults.calls.clear()
    told = engine(crowded).commit("COIN", [asked]).messages
    writes = [
        call for call in crowded.faults.calls if call not in {"dynamodb.Query", "dynamodb.GetItem", "s3.GetObject"}
    ]
    assert set(writes) == {PUT}
    assert len(writes) > TRANSACTION_ITEMS
    assert sorted(reported(told).values()) == [1] * RESTING
    assert engine(crowded).commit("COIN", [asked]).messages == told
    assert standing(crowded) == []
    heads = [item for item in crowded.items("OrderBooks", pk="lit#COIN") if item["PK"] == "lit#COIN" and item["SK"]]
    assert [each["SK"] for each in heads] == [2]


@pytest.mark.parametrize(
    "skipped", [0, 60, "the last"], ids=["at a first part", "amid its parts", "at the entry itself"]
)
@pytest.mark.parametrize("lost", [False, True], ids=["never arrives", "is not answered"])
def test_a_crash_amid_an_entry_leaves_nothing_that_counts_and_the_command_is_executed_once(
    crowded: World, monkeypatch: pytest.MonkeyPatch, skipped: int | str, *, lost: bool
) -> None:
    written: list[int] = []
    items = Journal.items
    monkeypatch.setattr(Journal, "items", lambda *args: _counted(written, items(*args)))
    fails = crowded.faults.answer_lost if lost else crowded.faults.unreachable
    asked = COMMANDS["the close of a session"]
    if skipped == "the last":
        fails(PUT, times=clients.ATTEMPTS)
        with pytest.raises(BotoCoreError):
            engine(crowded).commit("COIN", [asked])
        crowded.faults.mend()
        skipped = written[0] - 1
    fails(PUT, times=clients.ATTEMPTS, skipped=int(skipped))
    with pytest.raises(BotoCoreError):
        engine(crowded).commit("COIN", [asked])
    crowded.clock.advance(seconds=2)
    told = engine(crowded).commit("COIN", [asked]).messages
    assert sorted(reported(told).values()) == [1] * RESTING
    assert standing(crowded) == []


def _counted(written: list[int], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    written.append(len(items))
    return items


def entry(number: int, text: str) -> JournalEntry:
    head = Head(number, session_date(START), (f"{number:08}-0000-4000-8000-000000000000",))
    message = Message("trades", {"eventType": "executionReports"}, "000002", "1", text)
    return JournalEntry(head, iso(START), 1, None, [], (message,), printed=False, snapshot_due=False)


def incompressible(letters: int, seed: int) -> str:
    return random.Random(seed).randbytes(letters // 2).hex()


def test_an_entry_larger_than_a_transaction_is_written_and_read(world: World) -> None:
    text = incompressible(12_000_000, 1)
    its_journal, _ = tools(world)
    large = entry(1, text)
    assert sum(len(item["content"]) for item in its_journal.items("COIN", large)) > TRANSACTION_BYTES
    assert its_journal.append("COIN", large)
    assert its_journal.messages("COIN", 1) == [*large.messages]


def test_of_two_writers_of_large_entries_one_wins_and_its_entry_is_whole(world: World) -> None:
    """Each writes its parts before either commits."""
    its_journal, _ = tools(world)
    one, other = (entry(1, incompressible(1_600_000, seed)) for seed in (1, 2))
    for part in its_journal.items("COIN", other)[1:]:
        clients.dynamodb().put_item(TableName=world.table("OrderBooks"), Item=dynamodb.to_item(part))
    assert its_journal.append("COIN", one)
    assert not its_journal.append("COIN", other)
    assert its_journal.messages("COIN", 1) == [*one.messages]


def test_a_large_entry_of_before_is_read_whose_parts_are_under_its_number(world: World) -> None:
    its_journal, _ = tools(world)
    large = entry(1, incompressible(1_600_000, 1))
    head, *parts = its_journal.items("COIN", large)
    del head["further"]
    for item in [head, *(part | {"PK": "lit#COIN#1"} for part in parts)]:
        clients.dynamodb().put_item(TableName=world.table("OrderBooks"), Item=dynamodb.to_item(item))
    assert its_journal.messages("COIN", 1) == [*large.messages]

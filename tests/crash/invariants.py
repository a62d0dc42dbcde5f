"""What must be true when all is quiet again, whatever failed."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.crash.crash_world import CrashWorld
from tests.crash.story import Story
from tests.support import schemas, tape_invariants, trade_invariants, updates
from tests.support.account_invariants import missing, mistakes, open_ends
from trading.aws.engine.journal import Journal, journal_of
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import recalled
from trading.aws.store import displayed_book, keys
from trading.domain.matching.models import BOOKS
from trading.domain.matching.pool import Pool
from trading.domain.matching.simulated import SimulatedPool
from trading.domain.messages.market import display_fields
from trading.domain.orders import PoolType

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
OF_SESSIONS = ("expireOrders", "openSession")
ENGINES = {PoolType.DARK: "dark_pool_matching_engine", PoolType.LIT: "lit_pool_matching_engine"}


def broken(story: Story) -> list[str]:
    """Every promise that is not kept. Empty, always."""
    world = story.world
    found = [*story.contradictions, *mistakes(world)]
    found += [f"{each} is not done" for each in open_ends(world)]
    found += _orders(story)
    found += trade_invariants.mistakes(world)
    found += journals(story)
    found += _messages(world)
    found += updates.mistakes(world, world.pipeline.published)
    found += tape_invariants.mistakes(world.archived(), partial(_answered, world))
    found += [mistake for listener in story.listeners for mistake in listener.mistakes()]
    found += world.forbidden_states()
    found += [f"{name} holds {number} messages" for name, number in world.dead_letters() if number != "0"]
    found += [f"{name} is dead-lettered" for name in world.objects("dead-letters/")]
    for date in story.dates:
        found += world.breaks(date)
    return found


@dataclass(frozen=True, slots=True)
class Tallied:
    """Of the orders that were entered: how many there are, are lost and are there twice. `unknowable` are those that
    are there twice because their client gave them no id. `cents` of all customers' are missing, or too many.
    """

    orders: int
    lost: int
    doubled: int
    unknowable: int
    cents: int


def tally(story: Story) -> Tallied:
    orders = story.world.items(sk="ORDER#")
    names = Counter((item["customerId"], item["clientOrderId"]) for item in orders if "clientOrderId" in item)
    nameless = sum("clientOrderId" not in item for item in orders)
    there = {item["orderId"] for item in orders}
    return Tallied(
        orders=len(orders),
        lost=sum("orderId" in shown and shown["orderId"] not in there for shown in story.told.values()),
        doubled=sum(times - 1 for times in names.values()),
        unknowable=max(0, nameless - story.blind),
        cents=int(missing(story.world) * 100),
    )


def filled(story: Story) -> Iterator[str]:
    """The names of the orders that are filled."""
    items = {item["orderId"]: item for item in story.world.items(sk="ORDER#")}
    for name, shown in story.told.items():
        item = items.get(shown.get("orderId", ""))
        if item and item["cumulativeQuantity"] and not item["leavesQuantity"] + item["canceledQuantity"]:
            yield name


def outcome(story: Story) -> list[str]:
    """What the orders led to, with the ids and times replaced by what they are of."""
    found = story.world.outcome()
    names = {shown["orderId"]: name for name, shown in story.told.items() if "orderId" in shown}

    def neutral(value: Any) -> str:
        text = UUID.sub(lambda match: names.get(match[0], "id"), json.dumps(value, default=str, sort_keys=True))
        return INSTANT.sub("time", text)

    return sorted(neutral(each) for part in found.values() for each in part if not _numbered(each))


def _numbered(item: dict[str, Any]) -> bool:
    """What the lit pools display and the tape are numbered by the entries of the journals, which follow from the
    batches. Bars follow from the times.
    """
    return str(item.get("SK")).startswith((keys.BOOK, keys.TAPE, keys.BAR))


def _orders(story: Story) -> Iterator[str]:
    """Each order that a client was told of is there, once, as it was told, and answered by an engine."""
    orders = story.world.items(sk="ORDER#")
    by_name = Counter((item["customerId"], item["clientOrderId"]) for item in orders if "clientOrderId" in item)
    yield from (f"{name} is there {times} times" for name, times in by_name.items() if times > 1)
    by_id = {item["orderId"]: item for item in orders}
    for name, shown in story.told.items():
        item = by_id.get(shown.get("orderId", ""))
        if item is None and "orderId" in shown:
            yield f"{name} is lost"
        elif item is not None and (item["acceptance"] == "Accepted") != (shown["state"] == "PendingNew"):
            yield f"{name} is {item['acceptance']}, its client was told {shown['state']}"
    for item in orders:
        if item["acceptance"] == "Accepted" and "answered" not in item and "ending" not in item:
            yield f"{item['SK']} was accepted, no engine has answered"
    if len(orders) - len(by_name) > 2 * story.blind:
        yield f"{len(orders)} orders are there, {2 * story.blind} without an id at the most"


def journals(story: Story) -> Iterator[str]:
    """Replayed, a journal gives what the engine has in memory and what its last snapshot and the rest give; each
    command is in it once, but for those that begin or end a session, which may come again when all else is forgotten.
    """
    world = story.world
    of_sessions = _commands(world, *OF_SESSIONS)
    entries = [item for item in world.items("OrderBooks") if item["SK"] and item["PK"].count("#") == 1]
    for partition in sorted({item["PK"] for item in entries}):
        commands = Counter(its_id for item in entries if item["PK"] == partition for its_id in item["commandIds"])
        yield from (
            f"{partition} has {its_id} {times} times"
            for its_id, times in commands.items()
            if times > 1 and its_id not in of_sessions
        )
        kind, ticker = journal_of(partition)
        journal = Journal(world.table("OrderBooks"), kind)
        snapshots = Snapshots(world.cloud.resolve({"Ref": "Archive"}), kind)
        states = []
        for snapshot in {0, journal.last_snapshot(ticker)}:
            book = BOOKS[kind]()
            memory = recalled(ticker, book, journal, snapshots, snapshot)
            states.append((memory.sequence, memory.sessions, book.snapshot()))
        warm = world.warm(ENGINES[kind])
        last = warm.module.engine.last(ticker) if warm else None
        if any(state != states[0] for state in states):
            yield f"{partition} is replayed as {states}"
        if kind is PoolType.LIT:
            yield from _displayed(world, ticker, book)
        if last is not None:  # another instance may have gone on since
            book = BOOKS[kind]()
            memory = recalled(ticker, book, journal, snapshots, 0, last.sequence)
            remembers = isinstance(last.pool, SimulatedPool)
            replayed = (memory.sequence, memory.sessions, _awaited(book) if remembers else book.snapshot())
            warm_one = (last.sequence, last.sessions, _awaited(last.pool) if remembers else last.pool.snapshot())
            if replayed != warm_one:
                yield f"{partition} is replayed as {replayed}, the engine has {warm_one}"


def _commands(world: CrashWorld, *kinds: str) -> set[str]:
    """The ids of the commands of these kinds that were published."""
    contents = [each.content for each in world.pipeline.published if each.topic == "Orders"]
    commands = [command for content in contents for command in content["commands"]]
    return {command["commandId"] for command in commands if command["command"] in kinds}


def _displayed(world: CrashWorld, ticker: str, book: Pool) -> Iterator[str]:
    """What is shown of a lit pool is what its journal makes. Simulated pools show nothing."""
    shown = world.items(pk=keys.book(ticker)["PK"], sk=keys.BOOK)
    display = book.display()
    if not shown or display is None:
        return
    fields = display_fields(display)
    wanted = json.loads(json.dumps({**fields, **fields["depth"]}))
    has = displayed_book.depth_of(shown[0])
    if has != {name: value for name, value in wanted.items() if name not in {"best", "depth"}}:
        yield f"{ticker} shows {has}, its journal makes {wanted}"


def _awaited(pool: Any) -> Any:
    """What a pool remembers of orders that have not come."""
    return pool.early_ends.snapshot()


def _answered(world: CrashWorld, what: str, ticker: str, query: Mapping[str, str]) -> Mapping[str, Any]:
    """What is answered to a question about a ticker's market."""
    status, answer = world.get(f"/tickers/{{ticker}}/{what}", query, ticker=ticker)
    assert status == 200, answer
    return dict(answer)


def _messages(world: CrashWorld) -> Iterator[str]:
    """What was published under one id is one thing, and has the form that was promised."""
    bodies: dict[str, set[str]] = {}
    for message in world.pipeline.published:
        bodies.setdefault(message.id, set()).add(message.body)
    yield from (f"{its_id} was published as {texts}" for its_id, texts in bodies.items() if len(texts) > 1)
    for body in {text for texts in bodies.values() for text in texts}:
        yield from map(str, schemas.faults(body))

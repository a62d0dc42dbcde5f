"""What a commit costs with few and with many resting orders: the real engines, beginning with a snapshot of the book.

Journal and snapshots are the real ones, on moto; its work for a commit's own request is left out, which it would hide.
Every batch has orders that trade and orders that rest, and the market moves before each. Time is the processor's, the
median of all commits.
"""

import gc
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any, Self

import boto3
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from benchmarks.figures import Section
from benchmarks.progress import shown
from tests.support.call_counts import size
from tests.support.matching import QUOTE, command, never
from tests.support.new_world import new_session
from tests.support.samples import MARKET
from trading.aws import clients
from trading.aws.engine.engine import Engine
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import Snapshots
from trading.aws.store import dynamodb
from trading.domain.matching.lit import LitPool
from trading.domain.matching.models import BOOKS
from trading.domain.matching.pool import Conditions
from trading.domain.messages.commands import NewOrder
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote

RESTING = (10, 1_000, 100_000)
BATCHES = (1, 10, 100)
COMMITS = 30
TABLE, BUCKET, TICKER = "OrderBooks", "archive", "COIN"


def measure() -> Section:
    lines = [
        "| pool | resting orders | commands per commit | write units | ms per commit | cold start, s | snapshot, KB |",
        "|---|---|---|---|---|---|---|",
    ]
    with mock_aws():
        boto3.DEFAULT_SESSION = new_session()
        _create()
        cases = [(pool, resting) for pool in PoolType for resting in RESTING]
        lines += [line for case in shown(cases, "engines") for line in measured(*case)]
    return Section("What the depth of a book costs", (), "\n".join(lines))


def measured(pool: PoolType, resting: int) -> Iterator[str]:
    """A row for each size of a batch."""
    journal, snapshots = Journal(TABLE, pool), Snapshots(BUCKET, pool)
    book = BOOKS[pool]()
    for number in range(resting):
        book.execute(rests(pool, number), Conditions(MARKET, QUOTE), never)
    snapshots.write(TICKER, resting, {"sessions": {}, "pool": book.snapshot()})
    journal.point_at_snapshot(TICKER, resting)
    stored = clients.s3().head_object(Bucket=BUCKET, Key=f"snapshots/{pool.lower()}/{TICKER}/{resting}.json")
    moves = count()
    engine = Engine(pool, journal, snapshots, lambda: MARKET, lambda _: moved(next(moves)), lambda _: True, 200)
    gc.collect()
    start = time.process_time()
    engine.commit(TICKER, batch(pool, 1))
    cold = time.process_time() - start
    for commands in BATCHES:
        batches = [batch(pool, commands) for _ in range(COMMITS)]
        with _Answered() as written:
            seconds = [committed(engine, each) for each in batches]
        units, milliseconds = statistics.median(written.units), 1000 * statistics.median(seconds)
        yield (
            f"| {pool} | {resting:,} | {commands} | {units:.0f} | {milliseconds:.2f} | {cold:.2f} "
            f"| {stored['ContentLength'] / 1000:,.0f} |"
        )


def committed(engine: Engine, commands: list[NewOrder]) -> float:
    """Seconds for a commit, and for what the lit engine displays of it."""
    start = time.process_time()
    engine.commit(TICKER, commands)
    memory = engine.last(TICKER)
    if memory and isinstance(memory.pool, LitPool):
        assert memory.pool.quote
    return time.process_time() - start


def rests(pool: PoolType, number: int) -> NewOrder:
    """Half of them at the best price, half away from it; in the dark, those that any seller meets."""
    customer = f"{number % 1000:06}"
    price = QUOTE.bid if number % 2 else QUOTE.bid - Decimal(number % 2_000) / 100
    if pool is PoolType.DARK:
        return command("Buy", 100, str(price + 20), customer, pool_only=True)
    if number % 10 == 0:
        return command("Buy", 100, "250.00", customer, stop_price=str(200 + number % 1000), type="StopLimit")
    return command("Buy", 100, str(price), customer)


def batch(pool: PoolType, commands: int) -> list[NewOrder]:
    """Of two orders one sells what rests or what is quoted, the other one comes to rest."""
    dark = {"pool_only": True} if pool is PoolType.DARK else {}
    return [
        command("Buy", 100, "140.00", "999999", **dark)
        if number % 2
        else command("Sell", 100, "141.00", "999998", **dark)
        for number in range(commands)
    ]


def moved(number: int) -> Quote:
    return replace(QUOTE, bid=QUOTE.bid - Decimal(number % 2) / 100)


class _Answered:
    """Answers the writing of a commit at once, and notes its write units: one for each KB."""

    def __init__(self) -> None:
        self.units: list[int] = []

    def __enter__(self) -> Self:
        events: Any = clients.dynamodb().meta.events
        events.register("provide-client-params.dynamodb.PutItem", self._note)
        events.register_first("before-send.dynamodb.PutItem", self._answer)
        return self

    def __exit__(self, *_: object) -> None:
        events: Any = clients.dynamodb().meta.events
        events.unregister("provide-client-params.dynamodb.PutItem", self._note)
        events.unregister("before-send.dynamodb.PutItem", self._answer)

    def _note(self, params: Mapping[str, Any], **_: Any) -> None:
        self.units.append(-(-size(dynamodb.from_item(params["Item"])) // 1024))

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, _Empty())  # type: ignore[arg-type] # as much of an answer as is read


class _Empty:
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield b"{}"


def _create() -> None:
    clients.s3().create_bucket(Bucket=BUCKET)
    clients.dynamodb().create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "N"},
        ],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    )

"""What orders ask of AWS, by stage: calls, units, messages, bytes. Counted on the system in memory, warm.

Calls are seen by botocore's events; what Lambda's mappings do is added from what was delivered. Units are DynamoDB's: a
write unit per KB of an item, as it was or as it is, whichever is larger, two in a transaction, one more where the item
comes into an index or leaves it; a read unit per 4 KB, half of one if it is not consistent. `waits` are the calls that
a function waits for one after the other: of what it does side by side, those of the longest.
"""

import io
import json
import logging
import os
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from itertools import count as count_up
from typing import Any
from unittest import mock

from boto3.dynamodb.types import Binary

from tests.support import backdoor, events
from tests.support.in_turn import InTurn
from tests.support.orders import entered
from tests.support.stages import STAGES
from tests.support.world import World
from trading.aws.store import dynamodb, keys
from trading.domain.ids import derived

Counts = dict[str, Counter[str]]
LIVE = ("live_updates", "live_market")
"""What tells whoever listens: beside the way of an order, and counted by itself."""
ARCHIVER = "archiver"
"""Takes what is booked in some minutes at once: counted by the batch."""
BESIDE = {*LIVE, ARCHIVER}
REQUEST_BYTES = 65_536
"""SNS and SQS count so much as a request of its own."""
FRAME_BYTES = 32_768
"""API Gateway counts so much of a WebSocket's frame as a message of its own."""
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0"
"""What Lambda sets for each invocation; it may be logged."""


def count(world: World, orders: list[dict[str, Any]]) -> Counts:
    """What it takes to have these orders, one alone or an array, entered and settled, by stage."""
    meter = _Meter(world)
    body = orders if len(orders) > 1 else orders[0]
    with meter.working("order_entry"):
        answer = world.stage("order_entry")(events.post_orders(body))
    assert answer["statusCode"] == 202
    meter.counts["order_entry"]["API requests"] += 1
    with meter.pipeline():
        world.settle()
    return {stage: meter.counts[stage] for stage in STAGES if stage in meter.counts and stage not in BESIDE}


def count_updates(world: World, orders: list[dict[str, Any]]) -> Counts:
    """What it takes to have these orders, which are entered together, told to whoever listens, by stage."""
    world.post(orders if len(orders) > 1 else orders[0])
    meter = _Meter(world)
    with meter.pipeline():
        world.settle()
    return {stage: meter.counts[stage] for stage in LIVE}


def count_quotes(world: World, quotes: Iterable[tuple[str, str]]) -> Counts:
    """What it takes to have these quotes of COIN, which wait together, judged and executed, by stage. What their source
    pays for sending them is not counted.
    """
    for bid, ask in quotes:
        world.quote("COIN", bid, ask)
    meter = _Meter(world)
    with meter.pipeline():
        world.settle()
    return {stage: meter.counts[stage] for stage in STAGES if stage in meter.counts and stage not in BESIDE}


def count_archived(world: World, number: int) -> Counts:
    """What it takes to archive so many bookings of one order each that come in one batch."""
    world.post(entered(customerId="000002", quantity=8614))
    world.pipeline.run(but_not=ARCHIVER)
    [record] = world.pipeline.unread(ARCHIVER)
    world.settle()  # it is warm then
    image = record["dynamodb"]["NewImage"]
    ids = [derived(image["bookingId"]["S"], str(each)) for each in range(number)]
    batch = [events.inserted(image | {"bookingId": {"S": its_id}}, each) for each, its_id in enumerate(ids, 1)]
    meter = _Meter(world)
    with meter.pipeline():
        world.deliver(ARCHIVER, {"Records": batch})
    return {ARCHIVER: meter.counts[ARCHIVER]}


class _Meter:
    def __init__(self, world: World) -> None:
        self.counts: Counts = defaultdict(Counter)
        self._world = world
        self._called: list[tuple[str, Mapping[str, Any], list[int]]] = []
        self._side_by_side = _SideBySide()
        self._indexed: dict[tuple[str, str], bool] = {}
        for service in ("dynamodb", "sns", "sqs", "s3", "ssm", "connections"):
            world.client(service).meta.events.register("provide-client-params", self._call)

    @contextmanager
    def working(self, stage: str) -> Iterator[None]:
        """What happens meanwhile is one invocation of this stage."""
        self._called.clear()
        self._indexed.clear()
        logged = io.StringIO()
        logger = logging.getLogger(stage)
        [formatter] = {handler.formatter for handler in logger.handlers}
        listening = logging.StreamHandler(logged)
        listening.setFormatter(formatter)
        logger.addHandler(listening)
        try:
            with mock.patch.dict(os.environ, {"_X_AMZN_TRACE_ID": TRACE}), self._side_by_side.watched():
                yield
        finally:
            logger.removeHandler(listening)
        counts = self.counts[stage]
        counts["invocations"] += 1
        counts["calls"] += len(self._called)
        counts["waits"] += self._side_by_side.waits
        counts["log bytes"] += len(logged.getvalue().encode())
        for operation, params, before in self._called:
            counts.update(_units(operation, params, before))
        written = sum(_is_indexed(*which) != before for which, before in self._indexed.items())
        counts.update({"write units": written} if written else {})

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Every delivery meanwhile is an invocation of its stage."""
        deliver = self._world.pipeline.deliver

        def metered(stage: str, event: dict[str, Any]) -> Any:
            if ":sqs:" in event["Records"][0].get("eventSourceARN", ""):
                self.counts[stage].update(_delivered([len(each["body"].encode()) for each in event["Records"]]))
            with self.working(stage):
                return deliver(stage, event)

        self._world.pipeline.deliver = metered  # type: ignore[method-assign] # for this while
        try:
            yield
        finally:
            self._world.pipeline.deliver = deliver  # type: ignore[method-assign]

    def _call(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        writes = _writes(model.name, params)
        self._side_by_side.called()
        self._called.append((model.name, params, [_stored_size(write) for write in writes]))
        for write in writes:
            which = write["TableName"], json.dumps(_key(write))
            self._indexed.setdefault(which, _is_indexed(*which))


class _SideBySide:
    """Tells which calls are made at the same time: those of the tasks that are given to a pool of threads together."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[object, int]] = Counter()
        self._thread = threading.local()

    @property
    def waits(self) -> int:
        """How many calls are waited for one after the other, if the pool has a thread for each task."""
        longest: Counter[object] = Counter()
        for (together, _), calls in self._calls.items():
            longest[together] = max(longest[together], calls)
        return sum(longest.values())

    def called(self) -> None:
        self._calls[self._task] += 1

    @contextmanager
    def watched(self) -> Iterator[None]:
        """What is called meanwhile counts, from zero on."""
        self._calls.clear()
        with ExitStack() as patched:
            for pool in (ThreadPoolExecutor, InTurn):
                patched.enter_context(mock.patch.object(pool, "map", self._noted(pool.map)))
            yield

    @property
    def _task(self) -> tuple[object, int]:
        task: tuple[object, int] = getattr(self._thread, "task", (None, 0))
        return task

    def _noted(self, mapped: Callable[..., Any]) -> Callable[..., Any]:
        """The method of a pool, which notes of each task what it belongs to."""

        def noting(pool: object, work: Callable[..., Any], *values: Any) -> Any:
            together, numbers = object(), count_up()

            def task(*args: Any) -> Any:
                before, self._thread.task = self._task, (together, next(numbers))
                try:
                    return work(*args)
                finally:
                    self._thread.task = before

            return mapped(pool, task, *values)

        return noting


def _writes(operation: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if operation == "TransactWriteItems":
        return [next(iter(write.values())) for write in params["TransactItems"]]
    if operation == "BatchWriteItem":
        return [
            {"TableName": table, "Item": each["PutRequest"]["Item"]}
            for table, writes in params["RequestItems"].items()
            for each in writes
        ]
    return [params] if operation in {"PutItem", "UpdateItem"} else []


def _key(write: Mapping[str, Any]) -> Any:
    return write.get("Key") or {name: write["Item"][name] for name in ("PK", "SK")}


def _is_indexed(table: str, key: str) -> bool:
    """Whether the item is in the index of open orders."""
    try:
        return keys.OPEN_ORDER in backdoor.item(table, json.loads(key))
    except LookupError:
        return False


def _units(operation: str, params: Mapping[str, Any], before: list[int]) -> dict[str, float]:
    """What a call takes; `before` are the sizes of what it writes, as they were."""
    match operation:
        case "TransactWriteItems":
            units = {"write units": 2.0 * sum(map(_writing, _writes(operation, params), before))}
        case "PutItem" | "UpdateItem" | "BatchWriteItem":
            units = {"write units": sum(map(_writing, _writes(operation, params), before))}
        case "GetItem" | "Query":  # a query here reads less than 4 KB
            units = {"read units": _reading(params)}
        case "BatchGetItem":
            wanted = params["RequestItems"].values()
            units = {"read units": sum(_reading(each) * len(each["Keys"]) for each in wanted)}
        case "PublishBatch":
            sizes = [len(each["Message"].encode()) for each in params["PublishBatchRequestEntries"]]
            units = {"publishes": _requests(sum(sizes)), "messages": len(sizes), "published bytes": sum(sizes)}
        case "PostToConnection":
            units = {"frames": -(-len(params["Data"]) // FRAME_BYTES)}
        case "PutObject":
            units = {"objects": 1.0}
        case _:
            raise NotImplementedError(f"the meter does not know what {operation} costs")
    return units


def _reading(params: Mapping[str, Any]) -> float:
    return 1.0 if params["ConsistentRead"] else 0.5


def _delivered(sizes: list[int]) -> dict[str, float]:
    """What it takes to have a batch of messages of these sizes delivered: SNS sends each, the mapping receives them
    together and deletes them together. Looking for messages that are not there comes on top.
    """
    requests = sum(map(_requests, sizes)) + _requests(sum(sizes)) + 1
    return {"queue requests": requests, "deliveries": len(sizes), "delivered bytes": sum(sizes)}


def _requests(size: int) -> int:
    return -(-size // REQUEST_BYTES)


def _writing(write: Mapping[str, Any], before: int) -> float:
    """Write units of one item, by its size before or afterwards."""
    return -(-max(before, _stored_size(write)) // 1024)


def _stored_size(write: Mapping[str, Any]) -> int:
    """The size of the item that is written, as it is now: bytes, 0 if it is not there."""
    try:
        return size(dynamodb.from_item(backdoor.item(write["TableName"], _key(write))))
    except LookupError:
        return 0


def size(value: Any) -> int:
    """Of an item, or of a value within one: bytes, as DynamoDB counts them."""
    if isinstance(value, Mapping):
        return 3 + sum(1 + len(name.encode()) + size(part) for name, part in value.items())
    if isinstance(value, list | set):
        return 3 + sum(1 + size(part) for part in value)
    if isinstance(value, Decimal):
        return 2 + len(value.as_tuple().digits) // 2
    if isinstance(value, Binary):
        return len(value.value)  # type: ignore[attr-defined] # its types do not know it
    return len(str(value).encode())

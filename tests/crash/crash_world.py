"""A system in memory of which any call of AWS can be made to fail: the calls are counted, each is a point."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from tests.crash.failures import RETURN, Failure
from tests.support.clock import Clock
from tests.support.in_turn import in_turn
from tests.support.stages import Stage
from tests.support.world import World
from trading.aws.clients import ATTEMPTS, READ_SECONDS

Answer = tuple[AWSResponse, dict[str, Any]]


class Killed(BaseException):
    """The function's process ends: nothing in it catches this."""


class Crashed(Exception):
    """What whoever invoked the function is told when its process has ended."""


@dataclass(frozen=True, slots=True)
class Point:
    """A call of AWS by a stage, or the end of an invocation; they are numbered in the order in which they happen.
    `starting` are those of a cold start."""

    number: int
    stage: str
    operation: str
    starting: bool


def nothing(point: Point) -> Failure | None:
    """Does not fail."""
    return None


class CrashWorld(World):
    """`struck` says at each point what happens to it, None for nothing; `failed` tells that something did, `rivals`
    what other instances answered.
    """

    def __init__(self, session: boto3.Session, clock: Clock, **parameters: str) -> None:
        self.struck: Callable[[Point], Failure | None] = nothing
        self.points = 0
        self.failed = False
        self.rivals: list[Any] = []
        self._running: list[Watched] = []
        self._aside = False
        self._how: Failure | None = None
        self._attempts = 0
        self._params: Mapping[str, Any] = {}
        super().__init__(session, clock, **parameters)
        for client in self._used.values():
            hooks = client.meta.events
            hooks.register_last("provide-client-params", self._called_with)
            hooks.register_first("before-call", self._called)
            hooks.register_first("before-send", self._sending)
            hooks.register_last("before-send", self._sent)

    def new_stage(self, name: str) -> Stage:
        return Watched(self, name, self.cloud.environment(name))

    def warm(self, name: str) -> Stage | None:
        """The function, if it is warm."""
        return self._stages.get(name)

    def forget(self, name: str) -> None:
        """The function starts cold with its next event."""
        self._stages.pop(name, None)

    @property
    def at_work(self) -> str | None:
        """The stage whose work is going on, if one's is."""
        return self._running[-1].name if self._running else None

    def running(self, stage: "Watched", work: Callable[[], Any]) -> Any:
        """What the stage's work gives; it may crash, and is cold then."""
        self._running.append(stage)
        try:
            result = work()
        except Killed as killed:
            if self._stages.get(stage.name) is stage:
                del self._stages[stage.name]
            raise Crashed(stage.name) from killed
        finally:
            self._running.pop()
        return result

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What others do meanwhile: other instances, whose calls are no points."""
        stages, running, self._aside = self._stages, self._running, True
        self._stages, self._running = {}, []
        try:
            yield
        finally:
            self._stages, self._running, self._aside = stages, running, False

    def pay_in_all(self) -> None:
        """A cent comes in for every customer, once."""
        body = {"type": "Deposit", "amount": "0.01", "reference": "meanwhile"}
        for known in self.items(pk="CUSTOMERS"):
            assert self.account("POST", "cash", body, of=known["SK"])[0] == 201

    def returning(self) -> None:
        """The end of an invocation is a point, too: its result may never arrive."""
        if not self._aside and self._next(RETURN) is Failure.KILLED_AFTER:
            raise Killed

    def _next(self, operation: str) -> Failure | None:
        self.points += 1
        stage = self._running[-1]
        how = self.struck(Point(self.points, stage.name, operation, stage.starting))
        self.failed = self.failed or how is not None
        return how

    def _called_with(self, params: Mapping[str, Any], **_: Any) -> None:
        self._params = params

    def _called(self, event_name: str, **_: Any) -> Answer | None:
        if self._aside:
            return None
        self._how = None
        if not self._running:
            return None
        service, operation = event_name.split(".")[1:]
        params = self._params
        self._attempts = ATTEMPTS
        self._how = self._next(operation)
        match self._how:
            case Failure.KILLED_BEFORE:
                raise Killed
            case Failure.THROTTLED:
                return _refused("SlowDown" if service == "s3" else "ThrottlingException")
            case Failure.CONFLICT:
                return _conflict(params)
            case Failure.HALF:
                return self._half(params)
            case Failure.RIVAL:
                stage = self._running[-1]
                with self.aside():
                    self.rivals.append(self.new_stage(stage.name)(stage.event))
            case Failure.OVERTAKEN:
                with self.aside():
                    self.pay_in_all()
                    self.pipeline.run()
            case Failure.ANSWER_LOST_ONCE:
                self._attempts = 1
        return None

    def _sending(self, request: Any, **_: Any) -> None:
        if self._aside:
            return
        if self._how is Failure.UNREACHABLE:
            raise ConnectionClosedError(endpoint_url=request.url)
        if self._how is Failure.TIMED_OUT:
            self.clock.advance(seconds=READ_SECONDS)
            raise ReadTimeoutError(endpoint_url=request.url)

    def _sent(self, request: Any, **_: Any) -> None:
        if self._aside:
            return
        if self._how is Failure.KILLED_AFTER:
            raise Killed
        if self._how in {Failure.ANSWER_LOST, Failure.ANSWER_LOST_ONCE} and self._attempts:
            self._attempts -= 1
            raise ConnectionClosedError(endpoint_url=request.url)

    def _half(self, params: Mapping[str, Any]) -> Answer:
        entries = params["PublishBatchRequestEntries"]
        taken, left = entries[: len(entries) // 2], entries[len(entries) // 2 :]
        if taken:
            with self.aside():
                self.client("sns").publish_batch(TopicArn=params["TopicArn"], PublishBatchRequestEntries=taken)
        failed = [{"Id": each["Id"], "Code": "InternalError", "SenderFault": False} for each in left]
        return AWSResponse("", 200, {}, None), {"ResponseMetadata": {}, "Failed": failed}  # type: ignore[arg-type]


class Watched(Stage):
    """A stage of a system that crashes. `event` is what it is at work on."""

    def __init__(self, world: CrashWorld, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self.event: dict[str, Any] = {}
        self.starting = True
        self._world = world
        with in_turn():
            world.running(self, lambda: super(Watched, self).__init__(name, environment))
        self.starting = False

    def __call__(self, event: dict[str, Any]) -> Any:
        self.event = event
        return self._world.running(self, self._work)

    def _work(self) -> Any:
        result = super().__call__(self.event)
        self._world.returning()
        return result


def _refused(code: str, **fields: Any) -> Answer:
    error = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {}, **fields}
    return AWSResponse("", 400, {}, None), error  # type: ignore[arg-type] # nobody reads it


def _conflict(params: Mapping[str, Any]) -> Answer:
    if "TransactItems" not in params:
        return _refused("TransactionConflictException")
    reasons = [{"Code": "TransactionConflict"}, *({"Code": "None"} for _ in params["TransactItems"][1:])]
    return _refused("TransactionCanceledException", CancellationReasons=reasons)

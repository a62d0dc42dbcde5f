"""The processor's time of the stages themselves, on moto: without what moto takes to be AWS.

What Lambda's runtime does with an event and an answer, reading and writing JSON, is in it, and so is signing a request.
Sending the request and receiving its answer over HTTP is not.
"""

import gc
import io
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth
from botocore.awsrequest import AWSPreparedRequest
from botocore.signers import RequestSigner
from moto.core.botocore_stubber import BotocoreStubber

from tests.support import quick_moto
from tests.support.stages import Stage
from tests.support.world import World

SERVICES = ("dynamodb", "sns", "sqs", "s3", "ssm")


@dataclass(slots=True)
class Invocation:
    """One of a stage: how many records it was given, its seconds, and its calls of AWS by operation."""

    stage: str
    records: int
    seconds: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)


class _Watch:
    def __init__(self) -> None:
        self.invocations: list[Invocation] = []
        self.elsewhere = 0.0

    def invoke(self, stage: Stage, event: dict[str, Any], call: Any) -> Any:
        noted = Invocation(stage.name, len(event.get("Records", (event,))))
        self.invocations.append(noted)
        text, before = json.dumps(event), self.elsewhere
        start = time.process_time()
        answer = call(stage, json.loads(text))
        json.dumps(answer)
        noted.seconds = time.process_time() - start - (self.elsewhere - before)
        return answer

    def request(self, stubber: BotocoreStubber, request: AWSPreparedRequest, process: Any) -> Any:
        start = time.process_time()
        try:
            return process(stubber, request)
        finally:
            self.elsewhere += time.process_time() - start

    def called(self, model: Any, **_: Any) -> None:
        if self.invocations:
            self.invocations[-1].calls[model.name] += 1


@contextmanager
def watching(world: World) -> Iterator[list[Invocation]]:
    """The invocations of this while, in their order. Requests are signed as on Lambda, without botocore's signer in C,
    which is installed here. What is there already is not looked through for garbage.
    """
    watch = _Watch()
    process, call = BotocoreStubber.process_request, Stage.__call__
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            BotocoreStubber, "process_request", lambda stubber, request: watch.request(stubber, request, process)
        )
        patched.setattr(RequestSigner, "sign", quick_moto.sign)
        patched.setitem(AUTH_TYPE_MAPS, "v4", SigV4Auth)
        patched.setattr(Stage, "__call__", lambda stage, event: watch.invoke(stage, event, call))
        for service in SERVICES:
            world.client(service).meta.events.register("provide-client-params", watch.called)
        try:
            yield watch.invocations
        finally:
            for service in SERVICES:
                world.client(service).meta.events.unregister("provide-client-params", watch.called)
            gc.unfreeze()


@contextmanager
def without_logs() -> Iterator[None]:
    """What the stages log is written, but not shown."""
    with redirect_stdout(io.StringIO()):
        yield

"""Makes calls of AWS fail, through botocore's event hooks: the stages and their clients run as they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError

from trading.aws.clients import ATTEMPTS


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` requests of an operation that have the text `about` in them, after the first
    `skipped` of them.
    """

    operation: str
    kind: str
    times: int
    skipped: int
    answer: dict[str, Any] = field(default_factory=dict)
    about: str = ""

    def strikes(self, operation: str, kind: str, body: str) -> bool:
        if (self.operation, self.kind) != (operation, kind) or not self.times or self.about not in body:
            return False
        if self.skipped:
            self.skipped -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """`calls` are the operations that were called, in order, like `dynamodb.TransactWriteItems`, attempts apart."""

    def __init__(self, clients: Iterable[Any]) -> None:
        self.calls: list[str] = []
        self._faults: list[Fault] = []
        for client in clients:
            events = client.meta.events
            events.register_first("before-call", self._called)
            events.register_first("before-send", self._sending)
            events.register_last("before-send", self._sent)

    def refused(
        self, operation: str, code: str, times: int = 1, skipped: int = 0, about: str = "", **fields: Any
    ) -> None:
        """AWS answers with this error; `fields` are further members of the answer."""
        error = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {}, **fields}
        self._faults.append(Fault(operation, "refused", times, skipped, error, about))

    def answered(self, operation: str, times: int = 1, skipped: int = 0, **fields: Any) -> None:
        """AWS answers with these fields and does nothing."""
        self._faults.append(Fault(operation, "answered", times, skipped, {"ResponseMetadata": {}, **fields}))

    def unreachable(self, operation: str, times: int = ATTEMPTS, skipped: int = 0) -> None:
        """The request never arrives: with these `times`, by none of botocore's attempts."""
        self._faults.append(Fault(operation, "unreachable", times, skipped))

    def answer_lost(self, operation: str, times: int = 1, skipped: int = 0) -> None:
        """The request is executed, its answer never arrives."""
        self._faults.append(Fault(operation, "answer lost", times, skipped))

    def mend(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    def all_struck(self) -> bool:
        """Whether every fault has happened as often as it was to happen: else the test proves nothing."""
        return not any(fault.times for fault in self._faults)

    def _strikes(self, event_name: str, kind: str, body: str = "") -> Fault | None:
        operation = event_name.split(".", 1)[1]
        return next((fault for fault in self._faults if fault.strikes(operation, kind, body)), None)

    def _called(self, event_name: str, params: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        self.calls.append(event_name.split(".", 1)[1])
        for kind, status in (("refused", 400), ("answered", 200)):
            if fault := self._strikes(event_name, kind, str(params)):
                return AWSResponse("", status, {}, None), fault.answer  # type: ignore[arg-type]
        return None

    def _sending(self, event_name: str, request: Any, **_: Any) -> None:
        if self._strikes(event_name, "unreachable"):
            raise ConnectionClosedError(endpoint_url=request.url)

    def _sent(self, event_name: str, request: Any, **_: Any) -> None:
        if self._strikes(event_name, "answer lost"):
            raise ConnectionClosedError(endpoint_url=request.url)

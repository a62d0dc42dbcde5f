"""The functions' logs, a line per record: time, stage, level, order, message, and what else the record says."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import boto3

from ops import stack
from ops.shown_text import plain
from trading.domain.times import iso

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

GROUPS = "/aws/lambda/"
PAUSE_SECONDS = 1.0
LATE_MILLISECONDS = 10_000
"""A record may be found so long after others that are newer."""
MAX_IDS = 3
TOLD_APART = frozenset({"timestamp", "level", "message", "order_id", "order_ids"})
"""Fields that have their place in the line."""
NOT_TOLD = frozenset({"location", "function_request_id", "xray_trace_id", "stack_trace"})
"""Fields that say where a record comes from; `make trace` and CloudWatch have them."""
OF_LAMBDA = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START", "XRAY TraceId")


@dataclass(slots=True)
class Follower:
    """Reads what is new in a stack's log groups, from an instant on, each record once."""

    stack_name: str
    since: int
    """Milliseconds since the epoch."""
    _client: "CloudWatchLogsClient" = field(default_factory=lambda: boto3.client("logs"))
    _seen: dict[str, int] = field(default_factory=dict)

    def new(self) -> list[str]:
        """The lines of all records that were not there before, the oldest first."""
        groups = [name for name in stack.resources(self.stack_name, "AWS::Logs::LogGroup") if name.startswith(GROUPS)]
        found = sorted(chain.from_iterable(map(self._lines, groups)), key=itemgetter(0))
        self.since = max([self.since, *(at - LATE_MILLISECONDS for at in self._seen.values())])
        self._seen = {name: at for name, at in self._seen.items() if at >= self.since}
        return [text for _, text in found]

    def _lines(self, group: str) -> Iterator[tuple[int, str]]:
        stage = group.removeprefix(f"{GROUPS}{self.stack_name}-")
        for each in self._events(group):
            if (text := line(stage, each["timestamp"], each["message"])) is not None:
                yield each["timestamp"], text

    def _events(self, group: str) -> Iterator[Any]:
        pages = self._client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=self.since)
        for each in (event for page in pages for event in page["events"]):
            told = (
                each.get("eventId") or f"{group} {each['timestamp']} {each['message']}"
            )  # the local cloud gives no id
            if told not in self._seen:
                self._seen[told] = each["timestamp"]
                yield each


def follow(stack_name: str) -> Iterator[str]:
    """The lines from now on, without an end."""
    follower = Follower(stack_name, int(time.time() * 1000))
    while True:
        yield from follower.new()
        time.sleep(PAUSE_SECONDS)


def line(stage: str, timestamp: int, message: str) -> str | None:
    """A record as a line, None for what Lambda itself notes of each call that went well."""
    at = iso(datetime.fromtimestamp(timestamp / 1000, UTC))[11:-1]
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        wrong = "Status: timeout" in message or "Status: error" in message
        if not message.strip() or (message.startswith(OF_LAMBDA) and not wrong):
            return None
        return _columns(at, stage, "ERROR" if wrong or "Task timed out" in message else "", "", plain(message.strip()))
    if str(fields.get("type", "")).startswith("platform."):
        status = fields.get("record", {}).get("status", "success")
        what = f"{fields['type']}: {status}"
        return None if status == "success" else _columns(at, stage, "ERROR", "", plain(what))
    return _columns(at, stage, plain(str(fields.get("level", "")), 8), _orders(fields), _told(fields))


def _columns(*parts: str) -> str:
    at, stage, level, orders, message = parts
    return f"{at}  {stage:<25}  {level:<7}  {orders:<36}  {message}"


def _orders(fields: Mapping[str, Any]) -> str:
    ids = fields.get("order_ids")
    found = [*ids] if isinstance(ids, list) else []
    if "order_id" in fields:
        found.insert(0, fields["order_id"])
    more = len(found) - MAX_IDS
    return ", ".join(plain(str(each), 40) for each in found[:MAX_IDS]) + (f" and {more} more" if more > 0 else "")


def _told(fields: Mapping[str, Any]) -> str:
    """The message, then the other fields by name."""
    others = [
        f"{name}={plain(_text(name, value))}"
        for name, value in fields.items()
        if name not in TOLD_APART | NOT_TOLD and value is not None
    ]
    return "  ".join([plain(str(fields.get("message", ""))), *others])


def _text(name: str, value: Any) -> str:
    """A field's value; of a traceback its last line."""
    if name == "exception" and isinstance(value, str) and value.strip():
        return value.strip().splitlines()[-1]
    return value if isinstance(value, str) else json.dumps(value)

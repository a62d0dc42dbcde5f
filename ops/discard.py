"""Removes dead letters that are of no use to their stage, when an operator has decided so.

Each is first kept whole, with its reason, as an object in the archive bucket. Only those that were there at the
beginning are removed: nobody has looked at those that come meanwhile.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from ops import dead_letter_queues, dead_letter_records
from ops.dead_letter_queues import DeadLetterQueue
from ops.dead_letter_records import GivenUp
from ops.dead_letters import DeadLetter
from ops.stack import archive
from trading.aws import clients, clock
from trading.domain.times import iso

PREFIX = "discarded/"
HIDDEN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Discarded:
    """A dead letter that was removed: of which stage, and the key of the object that keeps it."""

    what: DeadLetter
    stage: str
    key: str


def discard(stack: str, stage: str, only: str | None = None) -> Iterator[Discarded]:
    """Removes all dead letters of a stage, or the one with this id. Yields each after it is removed."""
    bucket = archive(stack)
    for queue in dead_letter_queues.queues(stack, stage):
        yield from _messages(queue, bucket, only)
    for record in dead_letter_records.records(stack, stage):
        if only in (None, record.id):
            what = record.shown()
            key = _keep(bucket, f"{stage}/stream/{record.id}", record.read())
            clients.s3().delete_object(Bucket=bucket, Key=record.key)
            yield Discarded(what, stage, key)
    for report in dead_letter_records.given_up(stack, stage):
        yield from _given_up(report, bucket, only)


def _given_up(report: GivenUp, bucket: str, only: str | None) -> Iterator[Discarded]:
    """The records that Lambda gave up together are removed one by one."""
    left = report.records
    for record, what in zip(report.records, report.shown(), strict=True):
        if only in (None, what.id):
            key = _keep(bucket, f"{report.stage}/stream/{what.id}", {"reason": report.reason, "record": record})
            left.remove(record)
            report.keep(left)
            yield Discarded(what, report.stage, key)


def _messages(queue: DeadLetterQueue, bucket: str, only: str | None) -> Iterator[Discarded]:
    """A message that is passed over stays hidden until the end, and so do those behind it in its group."""
    with queue.given_back() as passed_over, closing(queue.there_now(HIDDEN_SECONDS)) as messages:
        for message in messages:
            if only not in (None, message["MessageId"]):
                passed_over.append(message)
                continue
            what = dead_letter_queues.shown(message, queue.kind)
            key = _keep(bucket, f"{queue.stage}/{queue.kind}/{what.id}", {"message": message})
            queue.delete(message)
            yield Discarded(what, queue.stage, key)


def _keep(bucket: str, name: str, content: dict[str, Any]) -> str:
    key = f"{PREFIX}{name}.json"
    body = json.dumps(content | {"discardedDate": iso(clock.now())}, default=str)
    clients.s3().put_object(Bucket=bucket, Key=key, Body=body.encode(), ContentType="application/json")
    return key

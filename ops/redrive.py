"""Gives dead letters to their stage again, after the cause is mended.

A dead letter is removed only after it was given again. If the redrive is interrupted in between, the stage gets it
twice, which changes nothing: every stage does a thing once. A redrive is one pass over the dead letters that were there
when it began. Those that come meanwhile stay for the next one.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ops import dead_letter_queues, dead_letter_records
from ops.console import Failure
from ops.dead_letter_queues import DeadLetterQueue, QueueKind
from ops.dead_letter_records import GivenUp, StreamRecord
from ops.shown_text import plain
from ops.wait import until
from trading.aws import clients
from trading.domain.ids import derived

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

Invoke = Callable[[str, dict[str, Any]], Any]
"""Calls a stage's function with an event. Raises Failure with what the function raised."""

SEND_SECONDS = 60
CALL_SECONDS = 1000
"""Longer than any function works."""
TAKEN_SECONDS = 15.0
"""How long a redrive waits for the stage to take what it was given."""


@dataclass(slots=True)
class RedriveTally:
    """What became of the dead letters of one kind. `done` were given to the stage again. Those that failed, or were
    dead-lettered again, are where they were, with the last reason.
    """

    what: str
    done: int = 0
    failed: int = 0
    dead_lettered_again: int = 0
    reason: str = ""

    @property
    def left(self) -> int:
        return self.failed + self.dead_lettered_again

    def __str__(self) -> str:
        counts = {"failed": self.failed, "dead-lettered again": self.dead_lettered_again}
        rest = [f"{count} {name}" for name, count in counts.items() if count]
        return (
            f"{self.what}: "
            + ", ".join([f"{self.done} given again", *rest])
            + (f" ({plain(self.reason)})" * bool(rest))
        )


def redrive(stack: str, stage: str, invoke: Invoke) -> Iterator[RedriveTally]:
    """Gives all dead letters of a stage to it again. Yields what became of them, kind by kind."""
    for queue in dead_letter_queues.queues(stack, stage):
        if queue.count():
            yield _call_again(queue, invoke) if queue.kind is QueueKind.FAILED else _send_again(queue)
    records, given_up = dead_letter_records.records(stack, stage), dead_letter_records.given_up(stack, stage)
    if records:
        yield _give_again(records, invoke)
    if given_up:
        yield _redrive_given_up(given_up, invoke)


@dataclass(frozen=True, slots=True)
class RedriveOutcome:
    """What is known of the messages that a stage was given: how many are dead-lettered again, with the reasons of those
    that can be looked at, and how many messages still wait for the stage.
    """

    dead_lettered: int
    waiting: int
    reasons: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        return "\n".join(
            [f"dead-lettered again: {self.dead_lettered}"] * bool(self.dead_lettered)
            + [f"  {count} of those that can be seen: {reason}" for reason, count in self.reasons]
            + [f"still waiting for the stage: {self.waiting}, `make dlq` shows later what became of them"]
            * bool(self.waiting)
        )


class Attempt:
    """Looks at a stage from before it is given messages until it has taken them."""

    def __init__(self, stack: str, stage: str) -> None:
        self._dead = next(
            iter(queue for queue in dead_letter_queues.queues(stack, stage) if queue.kind is QueueKind.DLQ), None
        )
        self._before = self._dead.count() if self._dead else 0
        self._start = datetime.now(UTC)

    def outcome(self, tallies: Sequence[RedriveTally]) -> RedriveOutcome:
        """Waits until the stage has taken all that waits for it, for TAKEN_SECONDS at the most."""
        given = {tally.what: tally.done for tally in tallies}
        sent = sum(given.get(_messages(kind), 0) for kind in (QueueKind.DLQ, QueueKind.UNDELIVERED))
        if not sent or self._dead is None:
            return RedriveOutcome(0, 0)
        work = self._dead.work_url
        until(lambda: not dead_letter_queues.depth(work), TAKEN_SECONDS)
        left = self._before - given.get(_messages(QueueKind.DLQ), 0)
        again = min(max(self._dead.count() - left, 0), sent)
        since = self._start - timedelta(seconds=1)
        looked_at = self._dead.first(dead_letter_queues.BATCH * 2) if again else []
        reasons = Counter(each.reason for each in looked_at if each.since >= since)
        return RedriveOutcome(again, dead_letter_queues.depth(work), tuple(reasons.most_common()))


def _messages(kind: QueueKind) -> str:
    return f"{kind} messages"


def _send_again(queue: DeadLetterQueue) -> RedriveTally:
    """Into the stage's queue, each group's messages in their order. The deduplication id follows from the dead-lettered
    message: another one whenever it is dead-lettered, the same one if it could not be deleted.
    """
    tally = RedriveTally(_messages(queue.kind))
    with closing(queue.there_now(SEND_SECONDS)) as messages:
        for message in messages:
            clients.sqs().send_message(
                QueueUrl=queue.work_url,
                MessageBody=message["Body"],
                MessageGroupId=message["Attributes"]["MessageGroupId"],
                MessageDeduplicationId=derived(message["MessageId"], "given again"),
            )
            queue.delete(message)
            tally.done += 1
    return tally


def _call_again(queue: DeadLetterQueue, invoke: Invoke) -> RedriveTally:
    """With the event that the schedule had for the function."""
    tally = RedriveTally(f"{queue.kind} events")
    with queue.given_back() as failed, closing(queue.there_now(CALL_SECONDS, at_once=1)) as messages:
        for message in messages:
            try:
                invoke(queue.stage, _event(message))
            except Failure as failure:
                failed.append(message)
                tally.failed, tally.reason = tally.failed + 1, failure.message
                continue
            queue.delete(message)
            tally.done += 1
    return tally


def _event(message: "MessageTypeDef") -> dict[str, Any]:
    """A schedule that could not call the function left the event itself, Lambda a report with the event in it."""
    body: dict[str, Any] = json.loads(message["Body"])
    event: dict[str, Any] = body.get("requestPayload", body)
    return event


def _give_again(records: list[StreamRecord], invoke: Invoke) -> RedriveTally:
    """Calls the stage as the stream would, under a new event id. If the record is dead-lettered again, that is another
    object, so this one can be deleted without a look.
    """
    tally = RedriveTally("records of the stream")
    for each in records:
        content = each.read()
        record = content["record"]
        again = record | {"eventID": derived(record["eventID"], "given again")}
        try:
            invoke(each.stage, {"Records": [again]})
        except Failure as failure:
            tally.failed, tally.reason = tally.failed + 1, failure.message
            continue
        if reason := _dead_letter_reason(each, again["eventID"]):
            tally.dead_lettered_again, tally.reason = tally.dead_lettered_again + 1, reason
        else:
            tally.done += 1
        clients.s3().delete_object(Bucket=each.bucket, Key=each.key)
    return tally


def _redrive_given_up(given_up: list[GivenUp], invoke: Invoke) -> RedriveTally:
    """Gives records that Lambda gave up to the stage again, one by one, so that one that fails holds up no other. What
    failed stays in its object.
    """
    tally = RedriveTally("records that Lambda gave up")
    for each in given_up:
        each.keep([record for record in each.records if not _taken(each, record, invoke, tally)])
    return tally


def _taken(each: GivenUp, record: dict[str, Any], invoke: Invoke, tally: RedriveTally) -> bool:
    """Whether the stage has taken the record: processed it, or dead-lettered it."""
    again = record | {"eventID": derived(record["eventID"], "given up")}
    try:
        invoke(each.stage, {"Records": [again]})
    except Failure as failure:
        tally.failed, tally.reason = tally.failed + 1, failure.message
        return False
    if reason := _dead_letter_reason(StreamRecord(each.bucket, each.stage, each.key, each.since), again["eventID"]):
        tally.dead_lettered_again, tally.reason = tally.dead_lettered_again + 1, reason
    else:
        tally.done += 1
    return True


def _dead_letter_reason(record: StreamRecord, event_id: str) -> str | None:
    """Why the record was dead-lettered under this id, None if it was not."""
    key = f"{dead_letter_records.PREFIX}{record.stage}/{event_id}.json"
    try:
        content = StreamRecord(record.bucket, record.stage, key, record.since).read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return str(content["reason"])

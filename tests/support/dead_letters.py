"""Dead letters of a world, as stages, queues and Lambda leave them, and a redrive of them."""

import json
from typing import Any

from ops import dead_letter_queues, dead_letter_records, redrive
from ops.console import Failure
from ops.dead_letter_queues import QueueKind
from ops.redrive import RedriveTally
from tests.support import events
from tests.support.cloud import STACK
from tests.support.orders import enter_day
from tests.support.world import World

GONE = events.inserted({"PK": {"S": "CUST#000002"}, "SK": {"S": "ORDER#gone"}})
"""A record that no stage can process."""
STRUCK = events.scheduled("settlement", "2026-11-25T00:30:00Z")
FAILED_SCHEDULE = {
    "version": "1.0",
    "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
    "requestPayload": STRUCK,
    "responsePayload": {"errorType": "Unsettled", "errorMessage": "positions that were due: 1"},
}
"""What Lambda reports when a stage failed too often at what a schedule had it do."""


def redriven(world: World, stage: str) -> list[RedriveTally]:
    def invoke(stage: str, event: dict[str, Any]) -> Any:
        try:
            return world.deliver(stage, event).answer
        except Exception as error:
            raise Failure(repr(error)) from error

    return list(redrive.redrive(STACK, stage, invoke))


def queue(stage: str, kind: QueueKind) -> dead_letter_queues.DeadLetterQueue:
    [found] = [each for each in dead_letter_queues.queues(STACK, stage) if each.kind is kind]
    return found


def put(world: World, stage: str, kind: QueueKind, records: list[dict[str, Any]]) -> None:
    """Puts these records of its queue where SQS or SNS does if the stage, or its queue, does not take them."""
    for number, record in enumerate(records):
        world.client("sqs").send_message(
            QueueUrl=queue(stage, kind).url,
            MessageBody=record["body"],
            MessageGroupId=record["attributes"]["MessageGroupId"],
            MessageDeduplicationId=str(number),
        )


def stuck(world: World, stage: str, kind: QueueKind = QueueKind.DLQ) -> list[dict[str, Any]]:
    """Records of a day's orders that did not get through a stage, in their order."""
    enter_day(world)
    world.pipeline.run(but_not=stage)
    records = world.pipeline.take(stage)
    put(world, stage, kind, records)
    return records


def keep(world: World, stage: str, record: dict[str, Any]) -> str:
    """Dead-letters a record in the bucket, as a stage does; its key."""
    key = f"dead-letters/{stage}/{record['eventID']}.json"
    body = json.dumps({"reason": "a fault that is mended", "record": record})
    [bucket] = {each.bucket for each in dead_letter_records.records(STACK)} or {world.cloud.resolve({"Ref": "Archive"})}
    world.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return key


def give_up(world: World, stage: str, records: list[dict[str, Any]], *, as_text: bool = True) -> str:
    """Puts the report into the bucket that Lambda writes when it gives records of a stream up; its key."""
    payload: Any = {"Records": records}
    report = {
        "requestContext": {
            "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
            "functionArn": f"arn:aws:lambda:{events.REGION}:{events.ACCOUNT}:function:{STACK}-{stage}:live",
            "condition": "RecordAgeExceeded",
            "approximateInvokeCount": 1,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "1", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2026-11-22T14:30:00.123Z",
        "DDBStreamBatchInfo": {"shardId": "shardId-1", "batchSize": len(records)},
        "payload": json.dumps(payload) if as_text else payload,
    }
    key = f"aws/lambda/{stage}/shardId-1/2026/11/22/2026-11-22T14.30.00-{len(records)}"
    bucket = world.cloud.resolve({"Ref": "Archive"})
    world.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(report).encode())
    return key

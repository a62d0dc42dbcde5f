"""Dead letters in the archive bucket: records of streams that a stage, or Lambda itself, could not process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ops import stack
from ops.dead_letters import DeadLetter, about_record
from ops.shown_text import plain
from trading.aws import clients

PREFIX = "dead-letters/"
GIVEN_UP = "aws/lambda/"
"""Where Lambda itself puts records of a stream that it gave up: they failed for most of a day."""


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A record of a stream that a stage dead-lettered in the bucket."""

    bucket: str
    stage: str
    key: str
    since: datetime

    @property
    def id(self) -> str:
        """The record's event id."""
        return self.key.rsplit("/", 1)[-1].removesuffix(".json")

    def read(self) -> dict[str, Any]:
        """The record with its reason: `{"record": ..., "reason": ...}`."""
        body = clients.s3().get_object(Bucket=self.bucket, Key=self.key)["Body"].read()
        content: dict[str, Any] = json.loads(body)
        return content

    def shown(self) -> DeadLetter:
        content = self.read()
        about = about_record(content["record"])
        return DeadLetter(self.since, plain(content["reason"]), None, self.id, about)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Records of a stream that Lambda gave up together, in one object of the bucket."""

    bucket: str
    key: str
    since: datetime
    stage: str
    report: dict[str, Any]

    @property
    def reason(self) -> str:
        return f"Lambda gave it up: {self.report['requestContext']['condition']}"

    @property
    def records(self) -> list[dict[str, Any]]:
        """Those of the event that Lambda called the function with."""
        payload = self.report["payload"]
        event: dict[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
        return list(event["Records"])

    def keep(self, records: list[dict[str, Any]]) -> None:
        """Keeps these records in the object; the others are done."""
        if not records:
            clients.s3().delete_object(Bucket=self.bucket, Key=self.key)
        elif len(records) < len(self.records):
            report = self.report | {"payload": {"Records": records}}
            clients.s3().put_object(Bucket=self.bucket, Key=self.key, Body=json.dumps(report).encode())

    def shown(self) -> Iterator[DeadLetter]:
        for record in self.records:
            yield DeadLetter(self.since, self.reason, None, record["eventID"], about_record(record))


def records(stack_name: str, stage: str | None = None) -> list[StreamRecord]:
    """The records in the stack's bucket, of all stages or of one, the oldest first."""
    bucket, prefix = stack.archive(stack_name), f"{PREFIX}{stage}/" if stage else PREFIX
    found = [StreamRecord(bucket, key.split("/")[1], key, since) for key, since in _objects(bucket, prefix)]
    return sorted(found, key=lambda record: (record.stage, record.since, record.key))


def given_up(stack_name: str, stage: str | None = None) -> list[GivenUp]:
    """The records that Lambda itself gave up, of all stages or of one, the oldest first."""
    bucket = stack.archive(stack_name)
    found = [_given_up(bucket, key, since) for key, since in _objects(bucket, GIVEN_UP)]
    there = [each for each in found if stage in (None, each.stage)]
    return sorted(there, key=lambda each: (each.stage, each.since, each.key))


def _given_up(bucket: str, key: str, since: datetime) -> GivenUp:
    """Lambda's report names the function by the ARN of its alias. No stage has a hyphen in its name."""
    report = json.loads(clients.s3().get_object(Bucket=bucket, Key=key)["Body"].read())
    function = report["requestContext"]["functionArn"].split(":")[6]
    return GivenUp(bucket, key, since, function.rpartition("-")[2], report)


def _objects(bucket: str, prefix: str) -> Iterator[tuple[str, datetime]]:
    pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return ((each["Key"], each["LastModified"]) for page in pages for each in page.get("Contents", []))

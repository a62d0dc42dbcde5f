"""What could not be processed: messages in queues, which are counted, and records of streams in the bucket, which are
shown with their reasons. Who reads a message takes it out of its queue for a while, so this is left to `make dlq`.
"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from queues import DEAD_LETTERS, Queues

from trading.aws import clients
from trading.domain.times import iso

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectTypeDef

BY_STREAM = ("smart_order_router", "archiver", "trades_data_aggregator", "snapshot_taker")
"""Stages that a table's stream starts: their dead letters are in the bucket, a folder for each."""
FOLDER = "dead-letters/"
GIVEN_UP = "aws/lambda/"
"""Records of streams that Lambda itself gave up, many in an object."""
SHOWN = 50
REASON_LETTERS = 500


class DeadLetters:
    """The question `GET /operations/dead-letters`."""

    def __init__(self, queues: Queues, bucket: str) -> None:
        self._queues = queues
        self._bucket = bucket
        self._threads = ThreadPoolExecutor(clients.MAX_THREADS)

    def answer(self) -> dict[str, Any]:
        counts = self._queues.counts([each.name for each in DEAD_LETTERS])
        found = [each for stage in BY_STREAM for each in self._listed(f"{FOLDER}{stage}/")]
        newest = sorted(found, key=lambda each: (each["LastModified"], each["Key"]), reverse=True)[:SHOWN]
        return {
            "queues": [
                {"stage": each.stage, "kind": each.kind, "count": waiting + in_flight}
                for each, (waiting, in_flight) in zip(DEAD_LETTERS, counts, strict=True)
            ],
            "recordCount": len(found),
            "records": list(filter(None, self._threads.map(self._record, newest))),
            "givenUp": len(self._listed(GIVEN_UP)),
        }

    def _listed(self, prefix: str) -> "list[ObjectTypeDef]":
        """The objects under the prefix, a thousand at the most."""
        return clients.s3().list_objects_v2(Bucket=self._bucket, Prefix=prefix).get("Contents", [])

    def _record(self, each: "ObjectTypeDef") -> dict[str, Any] | None:
        """A record of a stream, and why it could not be processed; None if it was taken away since."""
        _, stage, name = each["Key"].split("/", 2)
        try:
            stored = clients.s3().get_object(Bucket=self._bucket, Key=each["Key"])
        except clients.s3().exceptions.NoSuchKey:
            return None
        content = json.loads(stored["Body"].read())
        return {
            "stage": stage,
            "id": name.removesuffix(".json"),
            "since": iso(each["LastModified"]),
            "reason": str(content["reason"])[:REASON_LETTERS],
            "keys": list(_keys(content["record"])),
        }


def _keys(record: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the item that the record is about."""
    for value in record["dynamodb"]["Keys"].values():
        yield from map(str, value.values())

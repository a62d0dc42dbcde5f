"""Snapshots of pools in S3: `snapshots/lit/COIN/400.json`, compressed, what the journal led to up to that entry."""

import json
import zlib
from typing import Any

from trading.aws import clients
from trading.domain.messages.wire import compact
from trading.domain.orders import PoolType

SCHEMA = 1
"""Says how a snapshot is to be read. One of another schema is not read: the journal tells the same."""

KEPT = 2
"""The last snapshot, and the one before it, for those who have just been told of that."""

GZIP = 31
"""zlib's number for the format of gzip: the same bytes for the same state, and `gunzip` reads them."""


class Snapshots:
    def __init__(self, bucket: str, pool: PoolType) -> None:
        self._bucket = bucket
        self._pool = pool

    def write(self, ticker: str, sequence: int, content: dict[str, Any]) -> None:
        text = compact({"schema": SCHEMA, "sequence": sequence, **content})
        clients.s3().put_object(
            Bucket=self._bucket,
            Key=f"{self._folder(ticker)}{sequence}.json",
            Body=zlib.compress(text.encode(), 6, GZIP),
            ContentType="application/json",
            ContentEncoding="gzip",
        )

    def read(self, ticker: str, sequence: int) -> dict[str, Any]:
        """Raises ClientError if there is no such snapshot, zlib.error or ValueError if it is not what was written."""
        found = clients.s3().get_object(Bucket=self._bucket, Key=f"{self._folder(ticker)}{sequence}.json")
        content: dict[str, Any] = json.loads(zlib.decompress(found["Body"].read(), GZIP))
        if (content["schema"], content["sequence"]) != (SCHEMA, sequence):
            raise ValueError(f"a snapshot of schema {content['schema']} and entry {content['sequence']}")
        return content

    def clear(self, ticker: str, last: int) -> None:
        """Removes those that are older than the last and the one before it, also what an earlier call left behind."""
        folder = self._folder(ticker)
        pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=folder)
        names = [each["Key"] for page in pages for each in page.get("Contents", [])]
        sequences = sorted(int(name.removeprefix(folder).removesuffix(".json")) for name in names)
        for sequence in [each for each in sequences if each <= last][:-KEPT]:
            clients.s3().delete_object(Bucket=self._bucket, Key=f"{folder}{sequence}.json")

    def _folder(self, ticker: str) -> str:
        return f"snapshots/{self._pool.lower()}/{ticker}/"

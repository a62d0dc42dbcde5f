"""Snapshots of pools in S3: `snapshots/lit/COIN/400.json`, compressed, the pool's state after that entry."""

import json
import zlib
from typing import Any

from trading.aws import clients
from trading.domain.messages.wire import compact
from trading.domain.orders import PoolType

SCHEMA = 1
"""The format of a snapshot. One in another format is not read: the journal has the same content."""

KEPT = 2
"""How many snapshots are kept: the last, and the one before it for readers that have just been pointed at that."""

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
        """Removes all older than the last and the one before it, also those that an earlier call left behind."""
        folder = self._folder(ticker)
        pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=folder)
        names = [each["Key"] for page in pages for each in page.get("Contents", [])]
        sequences = sorted(int(name.removeprefix(folder).removesuffix(".json")) for name in names)
        for sequence in [each for each in sequences if each <= last][:-KEPT]:
            clients.s3().delete_object(Bucket=self._bucket, Key=f"{folder}{sequence}.json")

    def _folder(self, ticker: str) -> str:
        return f"snapshots/{self._pool.lower()}/{ticker}/"

"""The archive: trades as JSON Lines in S3, one object per booking, in a layout that Athena can read."""

import json

from botocore.exceptions import ClientError

from trading.aws import clients
from trading.domain.executions import ExecutionReports, trades_of

SUFFIX = ".jsonl"


class Archive:
    """Objects `trades/dt=YYYY-MM-DD/<bookingId>.jsonl`, a trade per line, in the order in which they happened. The
    names of a customer's objects sort in that order, too. Keeping a booking again writes the same object again.
    """

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, reports: ExecutionReports, settlement_date: str) -> None:
        clients.s3().put_object(
            Bucket=self._bucket,
            Key=f"{_folder(reports.date)}{reports.booking_id}{SUFFIX}",
            Body=lines_of(reports, settlement_date).encode(),
            ContentType="application/x-ndjson",
        )

    def kept(self, date: str) -> set[str]:
        """The ids of a day's bookings that have an object."""
        folder = _folder(date)
        pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=folder)
        names = (each["Key"] for page in pages for each in page.get("Contents", []))
        return {name.removeprefix(folder).removesuffix(SUFFIX) for name in names}

    def read(self, date: str, booking_id: str) -> str | None:
        """The stored lines of a booking, None if there are none."""
        try:
            found = clients.s3().get_object(Bucket=self._bucket, Key=f"{_folder(date)}{booking_id}{SUFFIX}")
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        return found["Body"].read().decode(errors="replace")


def lines_of(reports: ExecutionReports, settlement_date: str) -> str:
    """The lines to store for a booking."""
    return "".join(json.dumps(trade) + "\n" for trade in trades_of(reports, settlement_date))


def _folder(date: str) -> str:
    return f"trades/dt={date}/"

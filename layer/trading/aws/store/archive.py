"""The archive: trades as JSON Lines in S3, in a layout that Athena can read as it lies: `trades/dt=YYYY-MM-DD/`.

A booking may be in more than one object, since a batch may come again in other parts. Objects never change, and one is
removed only after another one with all of its bookings was written. So a reader that takes a booking once, by its id,
always sees each that was archived, once. `docs/architecture.md#archive` says how.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from botocore.exceptions import ClientError

from trading.aws import clients
from trading.aws.store.archived_bookings import (
    ArchivedBooking,
    ArchiveObject,
    archived_booking,
    bookings_in,
    may_hold,
    object_of,
    once_each,
)
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports

T = TypeVar("T")
FOLDER = "trades/dt="
READINGS = 5
"""How often a day is read at the most, if its objects are merged meanwhile."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An object of a day, by its name in the day's folder; bytes, compressed."""

    name: str
    size: int


class Gone(Exception):
    """An object is not there any more: it was merged into another one, which is."""


class Archive:
    """The trades in a bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, booked: Iterable[tuple[ExecutionReports, str]]) -> dict[str, int]:
        """Archives bookings, each with its settlement date: one object for each day. Gives how many bookings each has,
        by the object's key. To keep the same again writes the same again.
        """
        days: dict[str, list[ArchivedBooking]] = defaultdict(list)
        for reports, settlement_date in booked:
            days[reports.date].append(archived_booking(reports, settlement_date))
        kept = {}
        for date, bookings in days.items():
            whole = list(once_each(*([each] for each in bookings)))
            kept[self.write(date, object_of(whole))] = len(whole)
        return kept

    def write(self, date: str, made: ArchiveObject) -> str:
        """Stores an object and gives its key."""
        key = _key(date, made.name)
        clients.s3().put_object(Bucket=self._bucket, Key=key, Body=made.body, ContentType="application/gzip")
        return key

    def listed(self, date: str) -> list[Listed]:
        """A day's objects, in the order of their names, which is that of their first bookings."""
        folder = _key(date, "")
        pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=folder)
        found = [each for page in pages for each in page.get("Contents", [])]
        return [Listed(each["Key"].removeprefix(folder), each["Size"]) for each in found]

    def body(self, date: str, name: str) -> bytes:
        """An object as it is stored. Raises Gone."""
        try:
            found = clients.s3().get_object(Bucket=self._bucket, Key=_key(date, name))
            return found["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise Gone(name) from error
            raise

    def remove(self, date: str, name: str) -> None:
        """Removes an object of which another one has everything."""
        clients.s3().delete_object(Bucket=self._bucket, Key=_key(date, name))

    def find(self, date: str, booking_id: str) -> ArchivedBooking | None:
        """A booking as it is archived, None if it is not. Reads only the objects that may have it. One that cannot be
        read has nothing: the reconciliation names it.
        """

        def look(names: Sequence[str]) -> ArchivedBooking | None:
            likely = (name for name in names if may_hold(name, booking_id))
            found = (_found(name, self.body(date, name), booking_id) for name in likely)
            return next(once_each(*([each] for each in found if each)), None)

        return self.reading(date, look)

    def reading(self, date: str, read: Callable[[Sequence[str]], T]) -> T:
        """`read(names)` of all of a day's objects. It begins again if one of them is gone meanwhile."""
        for _ in range(READINGS - 1):
            try:
                return read([each.name for each in self.listed(date)])
            except Gone:
                continue
        return read([each.name for each in self.listed(date)])


def _found(name: str, body: bytes, booking_id: str) -> ArchivedBooking | None:
    try:
        return next((each for each in bookings_in(name, body) if each.booking_id == booking_id), None)
    except Unprocessable:
        return None


def _key(date: str, name: str) -> str:
    return f"{FOLDER}{date}/{name}"

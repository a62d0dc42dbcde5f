"""What an object of the archive holds: bookings of one day, each whole and once, in the order of their ids, a trade on
each line; and how it is named.

The name follows from the content: `<first booking>_<last booking>_<digest>.jsonl.gz`. So whoever writes the same
bookings again writes the same object again, and no write can replace an object with another one. Objects of one booking
that are older than this have the booking's id for a name and are not compressed: `<booking>.jsonl`.
"""

import gzip
import heapq
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any

from trading.domain.errors import Unprocessable, why
from trading.domain.executions import ExecutionReports, trades_of
from trading.domain.messages.wire import UNREADABLE

SUFFIX, SINGLE = ".jsonl.gz", ".jsonl"
DIGEST_LETTERS = 16
LEVEL = 6
"""Of compression: a third of the time of the highest, and 2% larger."""
ID = re.compile(r"[0-9A-Za-z-]{1,64}")
"""What is part of an object's name."""
DAMAGED = (*UNREADABLE, OSError, EOFError, zlib.error)
"""What reading raises where the bytes are not an object of the archive."""


@dataclass(frozen=True, slots=True)
class ArchivedBooking:
    """A booking's trades, a line each, in the order in which they happened. `settled` is when it was booked; it is
    empty if a line is not a trade.
    """

    booking_id: str
    settled: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class ArchiveObject:
    """An object to store: its name within its day's folder, and its bytes."""

    name: str
    body: bytes


def archived_booking(reports: ExecutionReports, settlement_date: str) -> ArchivedBooking:
    """A booking as the archive has it: its trades as they are announced, each with the booking's id."""
    lines = (json.dumps({**trade, "bookingId": reports.booking_id}) for trade in trades_of(reports, settlement_date))
    return ArchivedBooking(reports.booking_id, settlement_date, tuple(lines))


def once_each(*sources: Iterable[ArchivedBooking]) -> Iterator[ArchivedBooking]:
    """Each booking of the sources once, in the order of ids, which each source has to be in. If a table was restored, a
    booking may have been made twice, at two times: the later one counts, because the table has that.
    """
    for _, same in groupby(heapq.merge(*sources, key=_BY_ID), _BY_ID):
        yield max(same, key=attrgetter("settled"))


def object_of(bookings: Iterable[ArchivedBooking]) -> ArchiveObject:
    """The object of these bookings, at least one, each once and in the order of ids. Only its compressed bytes are held
    in memory.
    """
    first = last = ""
    digest, body = sha256(), io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=body, mtime=0, compresslevel=LEVEL) as packed:
        for booking in bookings:
            first, last = first or booking.booking_id, booking.booking_id
            text = booking.text.encode()
            digest.update(text)
            packed.write(text)
    return ArchiveObject(f"{first}_{last}_{digest.hexdigest()[:DIGEST_LETTERS]}{SUFFIX}", body.getvalue())


def may_hold(name: str, booking_id: str) -> bool:
    """Whether the object of this name may have the booking."""
    first, _, rest = name.removesuffix(SUFFIX).removesuffix(SINGLE).partition("_")
    last = rest.partition("_")[0] or first
    return first <= booking_id <= last


def bookings_in(name: str, body: bytes) -> Iterator[ArchivedBooking]:
    """The bookings of an object, in the order of their ids. Raises Unprocessable if it cannot be read."""
    if not name.endswith(SUFFIX):
        yield _single(name.removesuffix(SINGLE), body)
        return
    try:
        with gzip.open(io.BytesIO(body), "rt", encoding="utf-8", newline="\n") as lines:
            yield from _grouped(line.rstrip("\n") for line in lines)
    except DAMAGED as error:
        raise Unprocessable(f"not an object of the archive: {why(error)}", {"object": name}) from error


def _grouped(lines: Iterable[str]) -> Iterator[ArchivedBooking]:
    last = ""
    read = ((json.loads(line), line) for line in lines)
    for booking_id, trades in groupby(read, lambda trade: _id_of(trade[0])):
        if booking_id <= last:
            raise ValueError("bookings out of order")
        last = booking_id
        (first, line), *others = trades
        yield ArchivedBooking(booking_id, _settled(first), (line, *(other for _, other in others)))
    if not last:
        raise ValueError("no booking")


def _id_of(trade: dict[str, Any]) -> str:
    booking_id: str = trade["bookingId"]
    if not ID.fullmatch(booking_id):
        raise ValueError("not the id of a booking")
    return booking_id


def _settled(trade: Any) -> str:
    settled: str = trade["settlementDate"]
    if not isinstance(settled, str):
        raise TypeError("no time of its booking")
    return settled


def _single(booking_id: str, body: bytes) -> ArchivedBooking:
    """An object of one booking, whose lines do not name it."""
    trades = [_parsed(line) for line in body.decode(errors="replace").splitlines()]
    lines = (json.dumps({**each, "bookingId": booking_id}) if isinstance(each, dict) else each for each in trades)
    times = [each.get("settlementDate") if isinstance(each, dict) else None for each in trades]
    readable = times and all(isinstance(each, str) for each in times)
    return ArchivedBooking(booking_id, str(times[0]) if readable else "", tuple(lines))


def _parsed(line: str) -> dict[str, Any] | str:
    """The trade of a line; the line itself if it is not one."""
    try:
        trade = json.loads(line)
    except (ValueError, RecursionError):
        return line
    return trade if isinstance(trade, dict) else line


_BY_ID = attrgetter("booking_id")

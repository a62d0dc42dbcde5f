"""Merges objects of a day that fit into one together, until no neighbours do.

An object is removed only by whoever has written a larger one that has all of it. So the largest object that has a
booking stays, however often this runs, wherever it stops, and beside whomever it runs.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from aws_lambda_powertools import Logger

from trading.aws.store.archive import Archive, Gone, Listed
from trading.aws.store.archived_bookings import ArchivedBooking, bookings_in, object_of, once_each
from trading.domain.errors import Unprocessable

MAX_BYTES = 64_000_000
"""Of the objects that are merged, compressed: they are in memory together."""
MAX_OBJECTS = 500
"""Each that is merged takes some 100 KB of memory, however small it is."""

logger = Logger(child=True)


@dataclass(slots=True)
class Compacted:
    """What became of a day: how many objects were merged into how many, and whether nothing is left to do."""

    merged: int = 0
    written: int = 0
    finished: bool = False
    unreadable: set[str] = field(default_factory=set)


def compact(archive: Archive, date: str, deadline: float) -> Compacted:
    """Merges a day's objects until the deadline, of time.monotonic(). What cannot be read is left as it is: the
    reconciliation names it. Each sweep merges all groups, so that no large object is read again for a small one.
    """
    done = Compacted()
    while found := list(groups(each for each in archive.listed(date) if each.name not in done.unreadable)):
        for names in found:
            if time.monotonic() > deadline:
                return done
            _merge(archive, date, names, done)
    done.finished = True
    return done


def groups(listed: Iterable[Listed]) -> Iterator[list[str]]:
    """The names of neighbours that go into one object, two at least."""
    names: list[str] = []
    size = 0
    for each in listed:
        if size + each.size > MAX_BYTES or len(names) == MAX_OBJECTS:
            if len(names) > 1:
                yield names
            names, size = [], 0
        names.append(each.name)
        size += each.size
    if len(names) > 1:
        yield names


def _merge(archive: Archive, date: str, names: Sequence[str], done: Compacted) -> None:
    """Writes one object for these and removes them. If one of them is gone meanwhile, nothing is done."""
    try:
        made = object_of(once_each(*(_readable(name, archive.body(date, name)) for name in names)))
    except Gone:
        return
    except Unprocessable as problem:
        logger.warning("object cannot be read", date=date, object=problem.context["object"], reason=problem.reason)
        done.unreadable.add(problem.context["object"])
        return
    archive.write(date, made)
    for name in names:
        if name != made.name:
            archive.remove(date, name)
    done.merged, done.written = done.merged + len(names), done.written + 1


def _readable(name: str, body: bytes) -> Iterator[ArchivedBooking]:
    for booking in bookings_in(name, body):
        if not booking.settled:
            raise Unprocessable("not an object of the archive: a line is not a trade", {"object": name})
        yield booking

"""What the archive has of a day. Its objects are read once, a few large ones; of each booking a digest is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from trading.aws.store.archive import Archive
from trading.aws.store.archived_bookings import ArchivedBooking, bookings_in
from trading.domain.errors import Unprocessable


@dataclass(slots=True)
class ArchivedDay:
    """`objects` are read. `bookings` has of each booking when it was made, and the digest of its trades. `unreadable`
    are objects that cannot be read, with the reason.
    """

    objects: int = 0
    bookings: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def has(self, booking: ArchivedBooking) -> bool:
        """Whether the booking is archived, line by line."""
        return self.bookings.get(booking.booking_id) == _digested(booking)

    def lacks(self, booking: ArchivedBooking) -> bool:
        """Whether the booking is not archived, or only as it was made at an earlier time."""
        there = self.bookings.get(booking.booking_id)
        return there is None or there[0] < booking.settled

    def add(self, booking: ArchivedBooking) -> None:
        """Takes in a booking. Of two that were made at two times, the later one counts."""
        if self.lacks(booking):
            self.bookings[booking.booking_id] = _digested(booking)


def archived_on(archive: Archive, date: str) -> ArchivedDay:
    """Reads what the archive has of a day."""

    def read(names: Sequence[str]) -> ArchivedDay:
        day = ArchivedDay(len(names))
        for name in names:
            try:
                for booking in bookings_in(name, archive.body(date, name)):
                    day.add(booking)
            except Unprocessable as problem:
                day.unreadable[name] = problem.reason
        return day

    return archive.reading(date, read)


def _digested(booking: ArchivedBooking) -> tuple[str, bytes]:
    return booking.settled, sha256(booking.text.encode()).digest()

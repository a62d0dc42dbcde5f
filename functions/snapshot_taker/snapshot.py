"""Takes a snapshot of the state that the last snapshot and the entries after it lead to, as an engine would read it."""

from dataclasses import dataclass
from typing import Any

from trading.aws.engine.journal import Journal, journal_of
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import recalled, snapshot_of
from trading.domain.errors import Unprocessable, why
from trading.domain.matching.models import BOOKS
from trading.domain.messages.wire import UNREADABLE


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry with a snapshot, of it or of a later entry; `new` if the snapshot was just taken."""

    entry: str
    new: bool


class SnapshotTaker:
    def __init__(self, table: str, bucket: str) -> None:
        self._table = table
        self._bucket = bucket

    def take(self, key: dict[str, Any]) -> Taken:
        """Takes a snapshot at the entry with this key. Raises Unprocessable if there is no such entry.

        If two do so at once, they write the same object, and the pointer moves once.
        """
        try:
            pool, ticker = journal_of(key["PK"])
            sequence = int(key["SK"])
        except UNREADABLE as error:
            raise Unprocessable(f"not an entry of a journal: {why(error)}") from error
        entry = f"{key['PK']}#{sequence}"
        journal, snapshots = Journal(self._table, pool), Snapshots(self._bucket, pool)
        last = journal.last_snapshot(ticker)
        if last >= sequence:
            return Taken(entry, new=False)
        book = BOOKS[pool]()
        ticker_state = recalled(ticker, book, journal, snapshots, last, sequence)
        if ticker_state.sequence != sequence:
            raise Unprocessable("an entry that is not in the journal", {"entry": entry})
        snapshots.write(ticker, sequence, snapshot_of(ticker_state, book.snapshot()))
        moved = journal.point_at_snapshot(ticker, sequence)
        snapshots.clear(ticker, sequence)
        return Taken(entry, new=moved)

"""Counts a ticker's day: each market message once, by one conditional write for all that came."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trading.aws.store import dynamodb, keys, transactions
from trading.aws.store.days import DAY, Day, bar_items, bar_of, counted, day_in, day_item, pending_in
from trading.aws.store.tape import on_tape, put_on_tape, tape_item
from trading.domain.bars import Bar, Bars, bars_of
from trading.domain.tape import Prints

MAX_AT_ONCE = 100
"""Messages that are counted in one write."""
MAX_MINUTES = MAX_LATE = 24
"""A minute may end bars of a minute, of five, and of an hour. Together with as many messages that come late, and the
day, that is less than the hundred writes that a transaction takes.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A day as it was last seen, None if there was none: nobody else has counted as long as its item has the same
    content. `pending` are messages that are counted and not known to be on the tape.
    """

    day: Day | None = None
    content: bytes | None = None
    pending: frozenset[str] = frozenset()


class Days:
    """The days of all tickers. Remembers what it last saw of each, to save reads."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._seen: dict[tuple[str, str], Seen] = {}

    def count(self, ticker: str, date: str, tape: Sequence[Prints], deadline: float) -> int:
        """Counts what is not counted yet, and puts all of it on the tape. Returns how many messages were new."""
        distinct = {each.update_id: each for each in tape}
        return sum(self._count(ticker, date, part, deadline) for part in _parts(sorted(distinct.items())))

    def _count(self, ticker: str, date: str, tape: Mapping[str, Prints], deadline: float) -> int:
        left, number = dict(tape), 0
        while left:
            seen = self._seen.get((ticker, date)) or self._learn(ticker, date, self._stored(ticker, date))
            seen = self._complete(seen, left)
            new, late = self._uncounted(ticker, seen, left)
            if not new:
                self._seen[ticker, date] = seen
                break
            if self._commit(ticker, date, seen, new, deadline, late=late):
                number += len(new)
                for each in new:
                    del left[each.update_id]
        return number

    def _complete(self, seen: Seen, tape: Mapping[str, Prints]) -> Seen:
        """Puts on the tape what was counted but may not be there, because whoever counted it was stopped in between."""
        missing = seen.pending & tape.keys()
        put_on_tape(self._table, [tape[each] for each in sorted(missing)])
        return Seen(seen.day, seen.content, seen.pending - missing)

    def _uncounted(self, ticker: str, seen: Seen, tape: Mapping[str, Prints]) -> tuple[list[Prints], bool]:
        """The messages that are not counted, and whether they are late: before what is counted. Late ones go first."""
        day = seen.day
        behind = {its_id: each for its_id, each in tape.items() if day and day.is_behind(each)}
        late = behind.keys() - on_tape(self._table, ticker, behind)
        if late:
            return [tape[each] for each in sorted(late)[:MAX_LATE]], True
        return [each for its_id, each in tape.items() if its_id not in behind], False

    def _commit(
        self, ticker: str, date: str, seen: Seen, new: Sequence[Prints], deadline: float, *, late: bool
    ) -> bool:
        """Counts these messages, if the day is as it was seen, and puts them on the tape. Late ones are put there in
        the transaction that counts them, and only if they are not there: the tape tells which late ones are counted.
        """
        day, bars = counted(new, seen.day, self._bars_of_their_own(ticker, seen, new))
        pending = seen.pending if late else seen.pending | {each.update_id for each in new}
        item = day_item(ticker, date, day, pending)
        condition, values = "attribute_not_exists(#day)", None
        if seen.content is not None:
            condition, values = "#day = :seen", {":seen": seen.content}
        put = transactions.put_if(self._table, item, condition, values, {"#day": DAY})
        others = [transactions.put(self._table, each) for each in bar_items(ticker, bars)]
        if late:
            others += [transactions.put_new(self._table, tape_item(each)) for each in new]
        try:
            transactions.commit([put, *others], deadline)
        except transactions.TransactionCanceled as canceled:
            if canceled.reasons[0].condition_failed:
                self._learn(ticker, date, canceled.reasons[0].item)
            return False
        self._seen[ticker, date] = Seen(day, item[DAY], pending)
        if not late:
            put_on_tape(self._table, new)
            self._seen[ticker, date] = Seen(day, item[DAY], seen.pending)
        return True

    def _bars_of_their_own(self, ticker: str, seen: Seen, new: Collection[Prints]) -> Bars:
        """The bars of these prints that have an item of their own, because something later was traded that day. Nobody
        changes them unless the day changes, too.
        """
        last = seen.day.bars if seen.day else {}
        stored: dict[str, dict[str, Bar]] = {}
        for timeframe, bars in bars_of(new).items():
            for start in bars:
                late = start < max(last.get(timeframe, {}), default="")
                if late and (item := dynamodb.get(self._table, keys.bar(ticker, timeframe, start))):
                    stored.setdefault(timeframe, {})[start] = bar_of(item)
        return stored

    def _stored(self, ticker: str, date: str) -> dict[str, Any] | None:
        return dynamodb.get(self._table, keys.ticker_day(ticker, date))

    def _learn(self, ticker: str, date: str, item: dict[str, Any] | None) -> Seen:
        """Remembers the day as it is in this item, after another writer changed it, or at first."""
        seen = Seen()
        if item:
            content = item[DAY].value if DAY in item else None
            pending = pending_in(item)
            seen = Seen(day_in(item), content, pending - on_tape(self._table, ticker, pending))
        self._seen[ticker, date] = seen
        return seen


def _parts(tape: Sequence[tuple[str, Prints]]) -> Iterator[dict[str, Prints]]:
    """The messages in their order, in parts that can be counted at once."""
    part: dict[str, Prints] = {}
    minutes: set[str] = set()
    for its_id, prints in tape:
        minutes.add(prints.time[:16])
        if len(part) == MAX_AT_ONCE or len(minutes) > MAX_MINUTES:
            yield part
            part, minutes = {}, {prints.time[:16]}
        part[its_id] = prints
    if part:
        yield part

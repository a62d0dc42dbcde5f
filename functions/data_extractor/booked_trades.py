"""The trades of a booking as entries of a page. A trade is made when it is shown: a booking may have hundreds."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from trading.domain.executions import ExecutionReports, trades_of


class BookedTrades:
    """The trades of a booking, after `first`."""

    def __init__(self, reports: ExecutionReports, settlement_date: str, first: Sequence[Any] = ()) -> None:
        self._reports = reports
        self._settlement_date = settlement_date
        self._first = first

    def __len__(self) -> int:
        return len(self._first) + sum(len(each.executions) for each in self._reports.orders)

    def __getitem__(self, part: slice) -> list[Any]:
        start, stop, _ = part.indices(len(self))
        before = len(self._first)
        trades = trades_of(self._reports, self._settlement_date)
        return [*self._first[start:stop], *islice(trades, max(start - before, 0), max(stop - before, 0))]

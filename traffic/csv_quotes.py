"""Quotes as CSV (RFC 4180): a heading, then a quote a row, in the order of their times.

    time,ticker,bid,ask,bidSize,askSize
    2026-11-26T14:30:00.000Z,COIN,161.88,161.90,500,300

The columns may stand in any order. `time` is ISO 8601 with a zone, or seconds from any beginning. Prices are USD in
whole ticks of 0.01.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trading.domain import money
from trading.domain.errors import shown
from trading.domain.orders import TICKER
from traffic.tick_quotes import TickQuote, TimedQuote

COLUMNS = ("time", "ticker", "bid", "ask", "bidSize", "askSize")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECONDS = re.compile(r"[0-9]{1,10}(\.[0-9]{1,9})?")
SHARES = re.compile(r"[0-9]{1,9}")
NANOSECONDS, DIGITS = 1_000_000_000, 9


def read(file: Path) -> Iterator[TimedQuote]:
    """The quotes of a file. At the first invalid line raises ValueError that names file, line and reason."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened, strict=True)
        before = None
        try:
            _require_columns(rows)
            for row in rows:
                timed = _timed(row)
                if before is not None and timed.nanoseconds < before:
                    raise ValueError("its time is before that of the row above")  # noqa: TRY301 # told with its line
                before = timed.nanoseconds
                yield timed
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{file.name}, line {max(rows.line_num, 1)}: {error}") from error


def nanoseconds_of(text: str) -> int:
    """Seconds with up to nine decimals, in nanoseconds. Raises ValueError."""
    if not SECONDS.fullmatch(text):
        raise ValueError(f"{shown(text)} is no number of seconds")
    whole, _, decimals = text.partition(".")
    return int(whole) * NANOSECONDS + int(decimals.ljust(DIGITS, "0"))


def _require_columns(rows: "csv.DictReader[str]") -> None:
    names = list(rows.fieldnames or ())
    if missing := [name for name in COLUMNS if name not in names]:
        raise ValueError(f"the heading has no {', '.join(missing)}; it is {','.join(COLUMNS)}")


def _timed(row: Mapping[str | None, str | None]) -> TimedQuote:
    if None in row or None in row.values():
        raise ValueError("it has another number of columns than the heading")
    time, ticker, bid, ask, bid_size, ask_size = (str(row[name]) for name in COLUMNS)
    if not TICKER.fullmatch(ticker):
        raise ValueError(f"{shown(ticker)} is no ticker")
    quote = TickQuote(ticker, _ticks(bid), _ticks(ask), _shares(bid_size), _shares(ask_size))
    return TimedQuote(_nanoseconds(time), quote)


def _nanoseconds(text: str) -> int:
    if "T" not in text and "-" not in text:
        return nanoseconds_of(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{shown(text)} is no time") from error
    if instant.tzinfo is None:
        raise ValueError(f"{shown(text)} has no zone, like Z or -05:00")
    return (instant - BEGINNING) // MICROSECOND * 1000


def _ticks(text: str) -> int:
    return money.cents(money.amount(text))


def _shares(text: str) -> int:
    if not SHARES.fullmatch(text):
        raise ValueError(f"{shown(text)} is no number of shares")
    return int(text)

"""LOBSTER's files: a ticker's day at NASDAQ as academic work uses it.

Two files of the same number of rows, named `TICKER_date_start_end_message_levels.csv` and `…_orderbook_levels.csv`:

- A message row is time, type, order id, size, price, direction. Its time is in seconds after midnight, with decimals.
- The order book row of the same number is the book after it: ask price, ask size, bid price, bid size of each level.
  Prices are USD times 10,000. A level that is not occupied has 9999999999 (ask) or -9999999999 (bid) and the size 0.

Source: https://lobsterdata.com/info/DataStructure.php. What counts here is the time, and the first level where it
changes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from trading.domain.errors import shown
from traffic.csv_quotes import nanoseconds_of
from traffic.tick_quotes import TickQuote, TimedQuote

G = TypeVar("G")
R = TypeVar("R")
NAME = re.compile(
    r"(?P<ticker>[A-Z][A-Z.]{0,9})(?P<day>_\d{4}-\d\d-\d\d_\d+_\d+_)(?P<kind>message|orderbook)(?P<levels>_\d+\.csv)"
)
TYPES = frozenset("1234567")
MESSAGE_COLUMNS, LEVEL_COLUMNS = 6, 4
UNOCCUPIED = 9_999_999_999
TICK = 100
"""In ten-thousandths of a USD."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two files of a ticker's day."""

    ticker: str
    messages: Path
    books: Path


def pair_of(file: Path) -> Pair | None:
    """The two files of which this is one, by its name; None if it is not named as LOBSTER's are."""
    named = NAME.fullmatch(file.name)
    if named is None:
        return None
    messages, books = (
        file.with_name(f"{named['ticker']}{named['day']}{kind}{named['levels']}") for kind in ("message", "orderbook")
    )
    return Pair(named["ticker"], messages, books)


def read(pair: Pair) -> tuple[list[TimedQuote], int]:
    """The quotes of the day where they change, and how many rows have no quote on both sides.

    Raises ValueError with file, line and reason at the first row that is not LOBSTER's.
    """
    quotes: list[TimedQuote] = []
    one_sided, before = 0, 0
    for number, (message, book) in enumerate(_rows(pair), 1):
        nanoseconds = _checked(pair.messages, number, message, _time)
        if nanoseconds < before:
            raise ValueError(f"{pair.messages.name}, line {number}: its time is before that of the row above")
        before = nanoseconds
        best = _checked(pair.books, number, book, _best)
        if best is None:
            one_sided += 1
            continue
        quote = _checked(pair.books, number, best, lambda terms: TickQuote(pair.ticker, *terms))
        if not quotes or quotes[-1].quote != quote:
            quotes.append(TimedQuote(nanoseconds, quote))
    return quotes, one_sided


def _rows(pair: Pair) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    with (
        pair.messages.open(encoding="ascii", errors="replace") as messages,
        pair.books.open(encoding="ascii", errors="replace") as books,
    ):
        for number, (message, book) in enumerate(zip_longest(messages, books, fillvalue=""), 1):
            if not (message and book):
                short = pair.books if message else pair.messages
                raise ValueError(f"{short.name} ends before line {number}; the other file of the day goes on")
            yield message.rstrip("\r\n").split(","), book.rstrip("\r\n").split(",")


def _checked(file: Path, number: int, given: G, read: Callable[[G], R]) -> R:
    """What is read from a part of a row. Raises ValueError with file and line."""
    try:
        return read(given)
    except ValueError as error:
        raise ValueError(f"{file.name}, line {number}: {error}") from error


def _time(row: Sequence[str]) -> int:
    if len(row) != MESSAGE_COLUMNS:
        raise ValueError(f"{len(row)} columns, a message has {MESSAGE_COLUMNS}")
    if row[1] not in TYPES:
        raise ValueError(f"{shown(row[1])} is no type of a message, 1 to 7")
    return nanoseconds_of(row[0])


def _best(row: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Bid and ask in ticks and their sizes, None if a side is empty."""
    if len(row) % LEVEL_COLUMNS:
        raise ValueError(f"{len(row)} columns, an order book has {LEVEL_COLUMNS} a level")
    ask, ask_size, bid, bid_size = map(_number, row[:LEVEL_COLUMNS])
    if ask == UNOCCUPIED or bid == -UNOCCUPIED:
        return None
    return _ticks(bid), _ticks(ask), bid_size, ask_size


def _number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(UNOCCUPIED)):
        raise ValueError(f"{shown(text)} is no whole number")
    return int(text)


def _ticks(price: int) -> int:
    ticks, rest = divmod(price, TICK)
    if rest:
        raise ValueError(f"the price {price} is not in whole ticks of 0.01 USD, {TICK} each")
    return ticks

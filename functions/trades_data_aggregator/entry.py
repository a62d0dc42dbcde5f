"""Reads an entry of a journal as the stream has it."""

import zlib
from typing import Any

from trading.aws.engine.journal import Journal, journal_of
from trading.domain.errors import Unprocessable, why
from trading.domain.messages.market import prints_in
from trading.domain.messages.wire import UNREADABLE
from trading.domain.tape import Prints


def prints_of(table: str, item: dict[str, Any]) -> list[Prints]:
    """What an entry of a journal in this table put on the tape. Raises Unprocessable for any other item."""
    try:
        pool, ticker = journal_of(item["PK"])
        sequence = int(item["SK"])
        found = prints_in(Journal(table, pool).published(ticker, item))
    except (*UNREADABLE, AttributeError, zlib.error) as error:
        raise Unprocessable(f"not an entry of a journal: {why(error)}") from error
    if any((each.pool, each.ticker, each.sequence) != (pool, ticker, sequence) for each in found):
        raise Unprocessable("trades of another entry", {"entry": f"{item['PK']}#{sequence}"})
    return found

"""A day's movements in the order of time, read from a place on: as many as a page shows, not the whole day."""

from collections.abc import Iterator
from heapq import merge

from trading.aws.store import items, keys, ledger
from trading.domain.accounts.statements import Movement
from trading.domain.ids import order_id
from trading.domain.times import milliseconds


def all_movements(table: str, customer_id: str, date: str) -> Iterator[Movement]:
    """All movements of a day, by kind and key."""
    return (_movement(item) for item in ledger.stored(table, customer_id, date, date))


def movements_from(table: str, customer_id: str, date: str, place: str, entries: int) -> list[Movement]:
    """The movements of a day from a place on that move anything: the first ones, which have at least so many lines and
    trades, if there are so many.

    Orders and bookings sort by time, as their ids do. Entries of the ledger do not, so all of the day are read.
    Bookings without trades are looked for only up to the time that the others have come to: most of them move nothing.
    """
    time = place.partition("#")[0] if "#" in place else f"{date}T00:00:00.000Z"
    first, last = order_id(milliseconds(time), 0)[:13], ledger.order_ids(date, date)[1]

    def read(lowest: str, highest: str, at_once: int | None = None) -> Iterator[Movement]:
        found = ledger.items(table, customer_id, lowest, f"{highest}~", at_once, moving=at_once is None)
        return (each for each in map(_movement, found) if each.line.moves and each.place >= place)

    of_entries = sorted(read(f"{keys.ENTRY}{date}#", f"{keys.ENTRY}{date}#"), key=_place)
    of_orders = read(f"{keys.ORDER}{first}", f"{keys.ORDER}{last}", entries)
    of_trades = read(f"{keys.TRADE}{date}#{first}", f"{keys.TRADE}{date}#", entries)
    taken, number = [], 0
    for each in merge(of_entries, of_orders, of_trades, key=_place):
        taken.append(each)
        number += 1 + each.trades
        if number >= entries:
            last = order_id(milliseconds(each.line.time), 0)[:13]
            break
    of_reports = read(f"{keys.REPORT}{date}#{first}", f"{keys.REPORT}{date}#{last}")
    return sorted([*taken, *of_reports], key=_place)


def _movement(item: dict[str, object]) -> Movement:
    line = ledger.line_of(item)
    if not line.key.startswith(keys.TRADE):
        return Movement(line)
    reports, settlement_date = items.booked_of(item)
    return Movement(line, reports, settlement_date)


def _place(movement: Movement) -> str:
    return movement.place

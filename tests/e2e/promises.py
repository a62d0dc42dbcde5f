"""What holds on the deployed system when all is quiet, whatever has happened."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.system import DEADLINE_SECONDS, System, eventually
from tests.support import account_invariants, archived_trades, trade_invariants

QUIET_LOOKS, BETWEEN_LOOKS_SECONDS = 10, 0.1
TABLES = {"TradesStore": "TRADES_STORE_NAME", "OrderBooks": "ORDER_BOOKS_NAME"}


class Stored:
    """What is stored at one moment: the tables, each read once, and the archive."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._tables: dict[str, list[dict[str, Any]]] = {}

    def items(self, table: str = "TradesStore", *, pk: str = "", sk: str = "") -> list[dict[str, Any]]:
        if table not in self._tables:
            self._tables[table] = self._system.items(TABLES[table])
        return [item for item in self._tables[table] if item["PK"].startswith(pk) and str(item["SK"]).startswith(sk)]

    def archived(self) -> list[dict[str, Any]]:
        return archived_trades.trades(self._system.archived())


def broken(stored: Stored) -> list[str]:
    """Every promise about accounts, orders and trades that is not kept. Empty, always, of a system that is drained."""
    return [
        *account_invariants.mistakes(stored),
        *account_invariants.open_ends(stored),
        *trade_invariants.mistakes(stored),
    ]


def drain(system: System, seconds: float = DEADLINE_SECONDS) -> None:
    """Waits until no queue has a message, waiting or in work, nor has had one for a moment, and until what goes through
    the table's stream has come to its end: every accepted order is executed, every booking counted and archived.
    """
    sqs = system.aws("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    urls = [url for url in sqs.list_queues()["QueueUrls"] if "-dlq" not in url]
    quiet, waiting = 0, list[str]()

    def look() -> bool | None:
        nonlocal quiet
        counts = {url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for url in urls}
        waiting[:] = [url for url, each in counts.items() if any(int(each[name]) for name in names)]
        quiet = 0 if waiting else quiet + 1
        if quiet > QUIET_LOOKS:
            waiting[:] = list(_under_way(Stored(system), system))
        return (quiet > QUIET_LOOKS and not waiting) or None

    try:
        what = "all queues to be empty and all trades counted and archived"
        eventually(look, what, seconds, longest_pause=BETWEEN_LOOKS_SECONDS)
    except AssertionError as error:
        error.add_note(f"still: {waiting[:10]}")
        raise


def _under_way(stored: Stored, system: System) -> Iterator[str]:
    yield from trade_invariants.not_counted(stored)
    yield from (f"open: {order['SK']}" for order in stored.items(sk="ORDER#") if order["leavesQuantity"])
    booked = {item["bookingId"] for item in stored.items(sk="TRADE#")}
    archived = {booking.booking_id for booking in archived_trades.bookings(system.archived())}
    yield from (f"not archived: {booking_id}" for booking_id in booked - archived)

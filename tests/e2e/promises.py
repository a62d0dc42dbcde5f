"""What holds on the deployed system when all is quiet, whatever has happened."""

from typing import Any

from tests.e2e.system import System, eventually
from tests.support import account_invariants, archived_trades, trade_invariants

QUIET_LOOKS = 10
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


def drain(system: System, seconds: float = 30.0) -> None:
    """Waits until no queue has a message, waiting or in work, nor has had one for a moment, and until what goes through
    the table's stream has come to its end: every accepted order is executed, every booking counted and archived.
    """
    sqs = system.aws("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    urls = [url for url in sqs.list_queues()["QueueUrls"] if "-dlq" not in url]
    quiet = 0

    def look() -> bool | None:
        nonlocal quiet
        counts = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for url in urls]
        quiet = quiet + 1 if all(int(each[name]) == 0 for each in counts for name in names) else 0
        return (quiet > QUIET_LOOKS and _all_counted(Stored(system)) and _all_archived(system)) or None

    eventually(look, "all queues to be empty and all trades counted and archived", seconds)


def _all_archived(system: System) -> bool:
    archived = {booking.booking_id for booking in archived_trades.bookings(system.archived())}
    return {item["bookingId"] for item in Stored(system).items(sk="TRADE#")} <= archived


def _all_counted(stored: Stored) -> bool:
    return not any(trade_invariants.not_counted(stored)) and not any(
        order["leavesQuantity"] for order in stored.items(sk="ORDER#")
    )

"""Has a stack's reconciler compare the records of a day, and shows what differs and what was repaired."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypedDict

from rich.table import Table
from rich.text import Text

from ops import repair as mending
from ops import stack
from ops.console import console
from ops.shown_text import plain
from trading.aws import clients
from trading.aws.messaging.topics import Topics
from trading.aws.store.archive import Archive
from trading.domain.messages.command_messages import ORDERS

SHOWN, LETTERS = 50, 60
"""How many breaks a terminal shows, and how many letters of each side's value."""
MAX_BREAK_LETTERS = 2000
"""Of the line of a break in a pipe, which gets all breaks."""
UNANSWERED = "unanswered"
ARCHIVE = "archive"
NAMES = {UNANSWERED: "unanswered order", "tickerDay": "ticker's day"}
COUNTED = {
    "bookings": ("booking", "bookings"),
    "customers": ("customer", "customers"),
    "entries": ("ledger entry", "ledger entries"),
    "journalEntries": ("journal entry", "journal entries"),
    "objects": ("archived object", "archived objects"),
    "orders": ("order", "orders"),
    "tickerDays": ("ticker's day", "tickers' days"),
}
"""What a report counts, in the singular and the plural."""
WHOLE = "whole"
"""The field of a break where one side has nothing at all."""

Break = Mapping[str, Any]
"""What differs: its `kind`, the `field`, and what each of the two `sides` says. If it is a customer's or a ticker's, or
has a reference, it says that, too.
"""


class Report(TypedDict, total=False):
    """A report as the reconciler keeps it. `published` are the ids of orders that were published again for it, and
    `archived` those of bookings that were archived.
    """

    date: str
    time: str
    compared: dict[str, int]
    breaks: list[Break]
    busy: list[str]
    published: list[str]
    archived: list[str]


def run(name: str, day: str, invoke: Callable[[str, dict[str, Any]], Any], *, repair: bool) -> Report:
    """Has the day of a stack reconciled and shows the report, which is in the stack's bucket. `invoke` calls a stage
    with an event.

    The reconciler may not publish: a repair is done here, with the rights of whoever asks for it, and is added to the
    report.
    """
    outputs = stack.outputs(name)
    bucket = outputs["ArchiveName"]
    console.print(f"The reconciler compares all that is stored of {day}, in 15 minutes at most.", markup=False)
    with console.status("At work"):
        key = invoke("reconciler", {"date": day})["report"]
    report: Report = json.loads(clients.s3().get_object(Bucket=bucket, Key=key)["Body"].read())
    if repair:
        table, topics = outputs["TradesStoreName"], Topics({ORDERS: outputs["OrdersTopicArn"]})
        unanswered = [
            (each["customerId"], each["reference"]) for each in report["breaks"] if each["kind"] == UNANSWERED
        ]
        report["published"] = mending.publish_unanswered(table, unanswered, report["time"], topics)
        report["archived"] = mending.archive_missing(table, Archive(bucket), report["date"], _unarchived(report))
        body = json.dumps(report).encode()
        clients.s3().put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    _show(report, f"s3://{bucket}/{key}")
    return report


def _unarchived(report: Report) -> Iterator[tuple[str, str]]:
    """Customers and ids of the bookings of which the archive has nothing."""
    for each in report["breaks"]:
        if (each["kind"], each["field"]) == (ARCHIVE, WHOLE) and each["sides"]["the archive"] is None:
            yield each["customerId"], each["reference"]


def _show(report: Report, place: str) -> None:
    breaks, busy = report["breaks"], report["busy"]
    compared = ", ".join(_counts(report))
    console.print(
        f"{report['date']}: compared {compared}. Orders and entries are counted since the last closing.", markup=False
    )
    if console.is_terminal and breaks:
        console.print(_table(breaks[:SHOWN]))
    elif breaks:
        console.print("\n".join(plain(_words(each), MAX_BREAK_LETTERS) for each in breaks), markup=False)
    if busy:
        console.print(
            f"Totals not compared, because these customers traded meanwhile: {plain(', '.join(busy))}.", markup=False
        )
    if "published" in report:
        published = report["published"]
        again = " Reconcile again to see them answered." if published else ""
        console.print(f"Published again: {', '.join(published) or 'nothing'}.{again}", markup=False)
    if report.get("archived"):
        console.print(f"Archived: {', '.join(report['archived'])}.", markup=False)
    count = f"{len(breaks):,} breaks" if len(breaks) != 1 else "1 break"
    console.print(f"{count if breaks else 'No break'}. The report: {place}", markup=False)


def _counts(report: Report) -> Iterator[str]:
    """What was compared, like `1 booking`; of a kind that is not known here, by its own name."""
    for what, count in sorted(report["compared"].items()):
        one, many = COUNTED.get(what, (what, what))
        yield f"{count:,} {one if count == 1 else many}"


def _words(found: Break) -> str:
    """A break in a line: what it is about, then what either side says of it."""
    customer, ticker = found.get("customerId"), found.get("ticker")
    parts = (
        NAMES.get(found["kind"], found["kind"]),
        customer and f"of customer {customer}",
        ticker and f"in {ticker}",
        found.get("reference"),
    )
    field = "" if found["field"] == WHOLE else f", {found['field']}"
    sides = (f"{side} ({'nothing' if value is None else value})" for side, value in found["sides"].items())
    return f"{' '.join(filter(None, parts))}{field}: {', '.join(sides)}"


def _table(breaks: Sequence[Break]) -> Table:
    table = Table("what", "whose", "which", "field", "says", "says", box=None, padding=(0, 2, 0, 0))
    for each in breaks:
        whose = " ".join(filter(None, (each.get("customerId"), each.get("ticker"))))
        sides = (
            f"{side}: {'nothing' if value is None else plain(value, LETTERS)}" for side, value in each["sides"].items()
        )
        cells = (each["kind"], plain(whose), plain(each.get("reference", "")), each["field"], *sides)
        table.add_row(*map(Text, cells))
    return table

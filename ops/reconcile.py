"""Reconciles a day of a stack from here, and shows what differs and what was published again."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from ops import stack
from ops.console import console
from ops.plain import plain
from trading.aws import repair as repairing
from trading.aws import reports
from trading.aws.messaging.topics import Topics
from trading.aws.parameters import Parameters
from trading.aws.reconciliation import Report, Stores, reconcile
from trading.aws.store.routing import Router
from trading.domain.messages.commands import ORDERS
from trading.domain.reconciliation.breaks import WHOLE, Break, BreakKind

SHOWN, LETTERS = 50, 60
NAMES = {BreakKind.UNANSWERED: "unanswered order", BreakKind.TICKER_DAY: "ticker's day"}
MAX_BREAK_LETTERS = 2000
"""Breaks, and of each side's value, on a terminal; a pipe gets all, a line each."""


def run(name: str, day: str, *, repair: bool) -> Report:
    """Reconciles the day of a stack, keeps the report in its bucket, and shows it."""
    outputs = stack.outputs(name)
    table, bucket = outputs["TradesStoreName"], outputs["ArchiveName"]
    with console.status(f"Reconciling {day}"):
        report = reconcile(Stores(table, outputs["OrderBooksName"], bucket), day)
    if repair:
        [parameter] = stack.resources(name, "AWS::SSM::Parameter")
        router, topics = Router(table, Parameters(parameter).market), Topics({ORDERS: outputs["OrdersTopicArn"]})
        report = repairing.publish_unanswered(table, report, router, topics)
    _show(report, f"s3://{bucket}/{reports.keep(bucket, report)}", repair=repair)
    return report


def _show(report: Report, place: str, *, repair: bool) -> None:
    compared = ", ".join(f"{count:,} {what}" for what, count in _counts(report))
    console.print(
        f"{report.date}: compared {compared}. Orders and entries are counted since the last closing.", markup=False
    )
    if console.is_terminal and report.breaks:
        console.print(_table(report.breaks[:SHOWN]))
    elif report.breaks:
        console.print("\n".join(plain(_words(each), MAX_BREAK_LETTERS) for each in report.breaks), markup=False)
    if report.busy:
        console.print(
            f"Totals not compared, because these customers traded meanwhile: {plain(', '.join(report.busy))}.",
            markup=False,
        )
    if repair:
        again = " Reconcile again to see them answered." if report.published else ""
        console.print(f"Published again: {', '.join(report.published) or 'nothing'}.{again}", markup=False)
    count = f"{len(report.breaks):,} breaks" if len(report.breaks) != 1 else "1 break"
    console.print(f"{count if report.breaks else 'No break'}. The report: {place}", markup=False)


def _counts(report: Report) -> Iterator[tuple[str, int]]:
    names = {"journalEntries": "journal entries", "tickerDays": "tickers' days"}
    return ((names.get(what, what), count) for what, count in sorted(report.compared.items()))


def _words(each: Break) -> str:
    """A break in a line: what it is about, then what either side says of it."""
    where = each.where
    parts = (
        NAMES.get(each.kind, each.kind.value),
        where.customer_id and f"of customer {where.customer_id}",
        where.ticker and f"in {where.ticker}",
        where.reference,
    )
    field = "" if each.field == WHOLE else f", {each.field}"
    sides = (f"{said.side} ({'nothing' if said.value is None else said.value})" for said in (each.left, each.right))
    return f"{' '.join(filter(None, parts))}{field}: {', '.join(sides)}"


def _table(breaks: tuple[Break, ...]) -> Table:
    table = Table("what", "whose", "which", "field", "says", "says", box=None, padding=(0, 2, 0, 0))
    for each in breaks:
        where = each.where
        whose = " ".join(filter(None, (where.customer_id, where.ticker)))
        sides = (
            f"{said.side}: {'nothing' if said.value is None else plain(said.value, LETTERS)}"
            for said in (each.left, each.right)
        )
        cells = (each.kind.value, plain(whose), plain(where.reference or ""), each.field, *sides)
        table.add_row(*map(Text, cells))
    return table

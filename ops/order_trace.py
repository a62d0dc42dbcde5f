"""The life of an order over all stages: what the tables and the archive have of it, and the lines of the functions'
logs that name it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from ops import stack
from ops.console import Failure
from ops.shown_text import plain
from trading.aws.store import directory, dynamodb, items, keys, ledger, order_bookings
from trading.aws.store.archive import Archive
from trading.aws.store.positions import read as position_now
from trading.domain.accounts.ledger import EntryKind
from trading.domain.executions import ExecutionReports, OrderReport, effect_of
from trading.domain.ids import of_one_entry
from trading.domain.times import iso

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

LOGS = "/aws/lambda/"
BEFORE, AFTER = timedelta(seconds=5), timedelta(seconds=60)
"""How long around each time in the tables the logs are searched: a resting order may have weeks of them."""
UNITS = ((timedelta(hours=1), "h"), (timedelta(minutes=1), "min"), (timedelta(seconds=1), "s"))
UNANSWERED = timedelta(hours=1)
"""How long they are searched after an order's entry, as long as no engine has answered it."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a stack leaves traces of an order."""

    stack: str
    trades_store: str
    archive: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to the order, and which stage did it."""

    time: datetime
    stage: str
    what: str


def trail_of(stack_name: str) -> Trail:
    """Raises Failure if there is no such stack."""
    tables = stack.logical_ids(stack_name, "AWS::DynamoDB::Table")
    [table] = [name for name, logical_id in tables.items() if logical_id == "TradesStore"]
    [bucket] = stack.resources(stack_name, "AWS::S3::Bucket")
    return Trail(stack_name, table, bucket)


def find(trail: Trail, order_id: str, customer_id: str | None) -> dict[str, Any]:
    """The order as it is stored. Without its customer it is asked of all customers, a hundred in a call: half a read
    unit for each customer until it is found. Raises Failure if there is no such order.
    """
    wanted = [customer_id] if customer_id else directory.customers(trail.trades_store)
    for item in dynamodb.get_many(trail.trades_store, [keys.order(each, order_id) for each in wanted]):
        return item
    whose = f"of customer {customer_id}" if customer_id else "of any customer that the table lists"
    raise Failure(f"There is no order {order_id} {whose}.")


def life_of(trail: Trail, order: Mapping[str, Any]) -> list[Happening]:
    """Everything that is known to have happened to the order, the oldest first."""
    from_tables = list(_stored(trail, order))
    windows = _windows([each.time for each in from_tables])
    if len(from_tables) == 1:
        windows = [(start, end + UNANSWERED) for start, end in windows]
    said = [line for window in windows for line in _logged(trail, str(order["orderId"]), *window)]
    return sorted([*from_tables, *said], key=lambda each: each.time)


def told(life: Sequence[Happening]) -> Iterator[str]:
    """A line for each, with the time since the one before, and under a heading for each day."""
    day, before = "", None
    for each in life:
        text = iso(each.time)
        if text[:10] != day:
            day = text[:10]
            yield day
        passed = _text(each.time - before) if before else ""
        yield f"  {text[11:-1]} {passed:>12}  {each.stage:<26} {plain(each.what)}"
        before = each.time


def _stored(trail: Trail, order: Mapping[str, Any]) -> Iterator[Happening]:
    pool = f", goes to the {order['route']['pool'].lower()} pools first" if "route" in order else ""
    taken = "accepted" if order["acceptance"] == "Accepted" else f"refused: {order['problem']['code']}"
    yield Happening(_instant(order["orderDate"]), "order_entry", taken + pool)
    bookings = order_bookings.whole(trail.trades_store, order)
    due: set[str] = set()
    for booking in sorted(bookings, key=lambda item: (item["time"], item["bookingId"])):
        reports = items.reports_of(booking)
        [mine] = [each for each in reports.orders if each.order.order_id == order["orderId"]]
        yield from _booked(trail, booking, reports, mine)
        due |= effect_of(reports).due.keys() if mine.executions else set()
    if due:
        yield from _settled(trail.trades_store, order, sorted(due))


def _booked(
    trail: Trail, booking: Mapping[str, Any], reports: ExecutionReports, mine: OrderReport
) -> Iterator[Happening]:
    """What an engine did with the order in one commit, and what the stages after it did with that."""
    printed = ""
    if reports.traded:
        printed = ", on the tape" if _is_printed(trail.trades_store, reports) else ", not on the tape"
    done = _done(mine) + printed
    yield Happening(_instant(reports.time), f"{reports.pool.value.lower()}_pool_matching_engine", done)
    archived = _archived(trail.archive, reports) if reports.traded else ""
    what = f"booked as {reports.booking_id}{archived}"
    yield Happening(_instant(booking["settlementDate"]), "post_trade_processor", what)


def _is_printed(table: str, reports: ExecutionReports) -> bool:
    """Whether the trades of the commit that these reports are of are on the tape."""
    low, high = (keys.tape(reports.ticker, each) for each in of_one_entry(reports.booking_id))
    request = {
        "TableName": table,
        "KeyConditionExpression": "PK = :pk AND SK BETWEEN :low AND :high",
        "ExpressionAttributeValues": dynamodb.to_item({":pk": low["PK"], ":low": low["SK"], ":high": high["SK"]}),
        "ConsistentRead": True,
    }
    return any(True for _ in dynamodb.query(request))


def _done(mine: OrderReport) -> str:
    done = []
    if mine.executions:
        number = len(mine.executions)
        done.append(f"{mine.filled:,} shares in {number} execution{'s' * (number > 1)}")
    if mine.ending:
        done.append(f"{mine.ended:,} shares {mine.ending.status.value} ({mine.ending.reason})")
    done += [f"{change.kind} {'refused, ' + change.reason if change.reason else 'done'}" for change in mine.changes]
    return ", ".join(done) or "accepted by the engine"


def _settled(table: str, order: Mapping[str, Any], dates: Iterable[str]) -> Iterator[Happening]:
    """When what was due of the position on these value dates was settled, or that it is due."""
    customer_id, ticker = order["customerId"], order["ticker"]
    still_due = position_now(table, customer_id, ticker).due
    first = f"{keys.ENTRY}{order['orderDate'][:10]}#"
    entries = [ledger.entry_of(item) for item in ledger.items(table, customer_id, first, f"{keys.ENTRY}~")]
    for date in dates:
        for each in entries:
            if (each.kind, each.ticker, each.reference) == (EntryKind.SETTLEMENT, ticker, date):
                yield Happening(_instant(each.time), "settlement", f"settled what was due in {ticker} on {date}")
        if date in still_due:
            yield Happening(
                _instant(f"{date}T00:00:00.000Z"), "settlement", "due from here on: the trades booked above"
            )


def _logged(trail: Trail, order_id: str, start: datetime, end: datetime) -> Iterator[Happening]:
    """The lines of the functions' logs that name the order."""
    client: CloudWatchLogsClient = boto3.client("logs")
    for group in stack.resources(trail.stack, "AWS::Logs::LogGroup"):
        if not group.startswith(LOGS):
            continue
        pages = client.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            filterPattern=f'"{order_id}"',
            startTime=int(start.timestamp() * 1000),
            endTime=int(end.timestamp() * 1000),
        )
        stage = group.removeprefix(f"{LOGS}{trail.stack}-")
        for event in (event for page in pages for event in page["events"]):
            yield Happening(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), stage, _line(event["message"]))


def _line(message: str) -> str:
    """A line of a log, as short as it can be told."""
    try:
        fields = json.loads(message)
    except ValueError:
        return f"log: {message.strip():.200}"
    level = "" if fields.get("level") == "INFO" else f" {fields.get('level')}"
    reason = f": {fields['reason']}" if "reason" in fields else ""
    return f"log{level}: {fields.get('message')}{reason}"


def _windows(instants: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """The times around these instants, as few and as short as they can be."""
    windows: list[tuple[datetime, datetime]] = []
    for instant in sorted(instants):
        start, end = instant - BEFORE, instant + AFTER
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, end))
    return windows


def _archived(bucket: str, reports: ExecutionReports) -> str:
    return ", archived" if Archive(bucket).find(reports.date, reports.booking_id) else ", not archived"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(passed: timedelta) -> str:
    """A time that has passed, like `+33 ms`, `+4.2 s`, `+3 min 4 s` or `+2 days 1 h`: its two largest parts."""
    if passed < timedelta(seconds=1):
        return f"+{passed // timedelta(milliseconds=1)} ms"
    if passed < timedelta(minutes=1):
        return f"+{passed // timedelta(milliseconds=100) / 10} s"
    parts = []
    for unit, name in ((timedelta(days=1), "days"), *UNITS):
        number, passed = divmod(passed, unit)
        parts.append((number, "day" if (number, name) == (1, "days") else name))
    first = next(place for place, (number, _) in enumerate(parts) if number)
    return "+" + " ".join(f"{number} {name}" for number, name in parts[first : first + 2] if number)

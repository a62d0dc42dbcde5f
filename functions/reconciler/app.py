"""Reconciles a day: compares everything that is stored about it.

In: a schedule, for the day that is over, or `make reconcile`, which names a day. Commit: the closing balances of the
day, of each customer without breaks. Out: a report in S3, whose key is the answer, and the number of breaks in the
log, which an alarm counts.
"""

from dataclasses import dataclass
from typing import Any

from reconciliation import reports
from reconciliation.comparison import Stores, reconcile
from trading.aws.logs import Logger
from trading.aws.settings import from_environment
from trading.aws.time_limit import time_limited
from trading.domain.times import checked_date, day_of_schedule, days_after


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    order_books: str
    archive_bucket: str
    archive_window: str


settings = from_environment(Settings)
stores = Stores(settings.trades_store, settings.order_books, settings.archive_bucket, int(settings.archive_window))
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    report = reconcile(stores, day(event))
    key = reports.keep(settings.archive_bucket, report)
    fields = {"date": report.date, "report": key, "breaks": len(report.breaks), "busy": len(report.busy)}
    logger.info("day reconciled", extra=fields | report.compared)
    return fields


def day(event: dict[str, Any]) -> str:
    """The day that is named, or else the one before the schedule's."""
    return checked_date(event["date"]) if "date" in event else days_after(day_of_schedule(event["time"]), -1)

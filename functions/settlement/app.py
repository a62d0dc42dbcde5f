"""Settles trades on their value dates: what is due of a position becomes settled, net, with an entry in the ledger.

In: a schedule, or a caller who names a date, `{"valueDate": "2026-11-24"}`. The schedule settles nothing of the future;
a caller may settle any date, also a future one. Commit: an entry of the ledger, with position and customer. Out: what
was settled. If something due was not settled, the function raises: Lambda tries again and goes on with it, and an alarm
tells.
"""

from typing import Any

from settlement_run import SettlementTally, settle

from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.settings import TableSettings, from_environment
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain import money
from trading.domain.errors import TradingError
from trading.domain.times import checked_date, day_of_schedule, days_after

RESERVED_SECONDS = 4 * MAX_CALL_SECONDS
"""The part of the time limit that is kept for the last attempts at positions, and for counting those that are left."""
DAYS_LATE = 30
"""How many days after its value date a booking may come: a message waits 14 days in its queue and 14 more where it is
dead-lettered. What is older is settled by hand.
"""


class Unsettled(TradingError):
    """Something is due and is not settled yet."""


settings = from_environment(TableSettings)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)
    last = until(event)
    dates = [days_after(last, -days) for days in range(DAYS_LATE, -1, -1)]
    tally = sum((settle(settings.trades_store, date, deadline) for date in dates), SettlementTally())
    logger.info("trades settled", value_date=last, settled=tally.settled, left=tally.left)
    if tally.left:
        raise Unsettled(f"positions that were due by {last} and are not settled: {tally.left}")
    return {"valueDate": last, "settled": tally.settled, "net": money.text(tally.net)}


def until(event: dict[str, Any]) -> str:
    """The value date that is named, or the day on which the schedule struck, in UTC."""
    if "valueDate" in event:
        return checked_date(event["valueDate"])
    return day_of_schedule(event["time"])

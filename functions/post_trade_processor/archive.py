"""The archive: trades as JSON Lines in S3, one object per booking, in a layout that Athena reads as it lies."""

import json

from trading.aws import clients
from trading.domain.executions import ExecutionReports, trades_of


class Archive:
    """Objects `trades/dt=YYYY-MM-DD/<bookingId>.jsonl`, a trade per line. Keeping one again writes the same again."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, reports: ExecutionReports, settlement_date: str) -> None:
        lines = "".join(json.dumps(trade) + "\n" for trade in trades_of(reports, settlement_date))
        clients.s3().put_object(
            Bucket=self._bucket,
            Key=f"trades/dt={reports.date}/{reports.booking_id}.jsonl",
            Body=lines.encode(),
            ContentType="application/x-ndjson",
        )

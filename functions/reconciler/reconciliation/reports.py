"""Reports of reconciliations in S3: `reconciliation/dt=YYYY-MM-DD/<time>.json`."""

import json
from typing import Any

from reconciliation.comparison import Report
from reconciliation.rules.breaks import Break
from trading.aws import clients


def keep(bucket: str, report: Report) -> str:
    """Stores the report and gives its key."""
    key = f"reconciliation/dt={report.date}/{report.time}.json"
    content = {
        "date": report.date,
        "time": report.time,
        "compared": report.compared,
        "breaks": [shown(each) for each in report.breaks],
        "busy": report.busy,
    }
    clients.s3().put_object(Bucket=bucket, Key=key, Body=json.dumps(content).encode(), ContentType="application/json")
    return key


def shown(each: Break) -> dict[str, Any]:
    where = {
        "customerId": each.where.customer_id,
        "ticker": each.where.ticker,
        "reference": each.where.reference,
    }
    named = {name: value for name, value in where.items() if value is not None}
    sides = {each.left.side: each.left.value, each.right.side: each.right.value}
    return {"kind": each.kind.value, **named, "field": each.field, "sides": sides}

"""`make reconcile`, which calls the function, on all that the other tests have left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from tests.e2e.deployed import ROOT, STATE
from tests.e2e.system import System
from trading.aws.store import dynamodb, keys
from trading.domain.times import session_date

SECONDS = 120.0
MARKET = {"type": "Market", "price": None}


def reconcile(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ops", "reconcile", *options],
        cwd=ROOT,
        env={**os.environ, "LOCAL_STATE": STATE},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def reports(system: System) -> list[dict[str, Any]]:
    """Those in the bucket, the oldest first."""
    s3, bucket = system.aws("s3"), system.resources["ARCHIVE_NAME"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="reconciliation/").get("Contents", [])
    names = sorted(each["Key"] for each in listed)
    return [json.loads(s3.get_object(Bucket=bucket, Key=name)["Body"].read()) for name in names]


@contextmanager
def too_much(system: System, customer_id: str) -> Iterator[None]:
    """Meanwhile a customer has a cent that came from nowhere."""

    def add(cents: str) -> None:
        system.aws("dynamodb").update_item(
            TableName=system.resources["TRADES_STORE_NAME"],
            Key=dynamodb.to_item(keys.customer(customer_id)),
            UpdateExpression="ADD cash :cents",
            ExpressionAttributeValues={":cents": {"N": cents}},
        )

    add("0.01")
    try:
        yield
    finally:
        add("-0.01")


def today() -> str:
    return session_date(datetime.now(UTC))


def test_all_books_reconcile_and_a_cent_too_much_is_found(system: System) -> None:
    customer = system.customer(COIN=100)
    for fields in ({}, MARKET | {"ticker": "AMD"}, MARKET | {"direction": "Sell", "quantity": 50}):
        customer.settled(customer.accepted(**fields))
    done = reconcile()
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "No break. The report: s3://" in done.stdout
    before = len(reports(system))
    with too_much(system, customer.id):
        found = reconcile("--date", today())
    assert found.returncode == 1, found.stdout + found.stderr
    assert f"balance of customer {customer.id}, cash: the customer (" in found.stdout
    [report] = reports(system)[before:]
    assert [(each["customerId"], each["field"]) for each in report["breaks"]] == [(customer.id, "cash")]

"""The lines of docs/operating/restore.md, run as they stand there, on a system whose tables were damaged."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from local.envfile import local_url
from local.environment import STACK, aws_variables
from tests.e2e.deployed import ROOT, STATE, deploy_second
from tests.e2e.promises import TABLES
from tests.e2e.system import Caller, Customer, System, eventually
from tests.e2e.test_operating import POST_TRADE, cut_off
from trading.aws.store import dynamodb

PAGE = (ROOT / "docs" / "operating" / "restore.md").read_text()
MISSING, WRONG, GONE = (
    block.splitlines() for block in re.findall(r"^```sh\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
)
SECONDS = 300.0


def run(line: str, table: str = "TradesStore", copy: str = "") -> str:
    """What a line of the page says, here instead of on AWS, about this table."""
    words = line.replace("TABLE=TradesStore", f"TABLE={table}").replace("FROM=COPY", f"FROM={copy}").split()
    return make([word for word in words if not word.startswith("STACK=")], {"LOCAL_STATE": STATE})


def make(here: list[str], more: dict[str, str]) -> str:
    of_make = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # of the `make test` that runs this: it would print its folders
    environment = {name: value for name, value in os.environ.items() if name not in of_make} | more
    done = subprocess.run(here, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{here}: {done.stdout}{done.stderr}"
    return done.stdout


def lose(system: System, table: str, lost: Callable[[dict[str, Any]], bool]) -> int:
    """Deletes such items; how many."""
    found = [item for item in system.items(table) if lost(item)]
    client = system.aws("dynamodb")
    for item in found:
        key = dynamodb.to_item({name: item[name] for name in ("PK", "SK")})
        client.delete_item(TableName=system.resources[table], Key=key)
    return len(found)


def kept(system: System, table: str) -> list[dict[str, Any]]:
    """A table's items, in their order."""
    return sorted(system.items(table), key=lambda item: (item["PK"], item["SK"]))


def test_tables_that_lost_everything_are_as_they_were_and_orders_go_on(system: System) -> None:
    customer = system.customer()
    order_id = customer.accepted(ticker="IBM", price="1.00", quantity=3, timeInForce="GTC")
    customer.settled(customer.accepted(quantity=10))
    eventually(lambda: customer.state(order_id)["state"] == "New" or None, "the order to rest")
    pause, copy_table, put_back, resume, reconcile = MISSING
    run(pause)
    copies = {table: run(copy_table, table).strip() for table in TABLES}
    before = {table: kept(system, name) for table, name in TABLES.items()}
    counts = {table: lose(system, name, lambda _: True) for table, name in TABLES.items()}
    for table, copy in copies.items():
        assert run(put_back, table, copy).startswith(f"{counts[table]} put back. 0 differ")
    assert {table: kept(system, name) for table, name in TABLES.items()} == before
    run(resume)
    assert customer.caller.change("DELETE", f"/customers/{customer.id}/orders/{order_id}").status == 202
    # All that was put back comes out of the table's stream, before the request to cancel.
    eventually(lambda: customer.state(order_id)["state"] == "Canceled" or None, "the order to be canceled", SECONDS)
    customer.settled(customer.accepted(quantity=20))
    assert sum(trade["quantity"] for trade in customer.trades()) == 30
    run(reconcile)


def test_what_was_executed_after_the_copy_is_booked_anew(system: System) -> None:
    customer = system.customer()
    pause, copy_table, put_back, republish, resume, restore, reconcile = WRONG
    with cut_off(system, POST_TRADE):
        order_id = customer.accepted(quantity=10)
        eventually(lambda: system.waiting(POST_TRADE) or None, "the order to be executed")
        copy = run(copy_table).strip()
    trades = customer.settled(order_id)
    account = customer.account()
    run(pause)
    run(put_back, copy=copy)
    assert customer.state(order_id)["state"] == "PendingNew"
    run(re.sub(r"DATE=\S+", "", republish))
    run(resume)
    # What all tests before this one executed is published, too, and comes first.
    eventually(lambda: customer.state(order_id)["state"] == "Filled" or None, "the order to be booked anew", 400)
    again = customer.settled(order_id)
    assert [trade | {"settlementDate": ""} for trade in again] == [trade | {"settlementDate": ""} for trade in trades]
    assert customer.account() == account
    run(re.sub(r"DATE=\S+", f"DATE={datetime.now(UTC).date()}", restore))
    run(reconcile)


SECOND = f"{STACK}-2"
COPY = "restored"


def test_a_second_stack_takes_over_from_one_whose_table_is_gone(system: System, customer: Customer) -> None:
    order_id = customer.accepted(ticker="IBM", price="1.00", quantity=3, timeInForce="GTC")
    customer.settled(customer.accepted(quantity=10))
    eventually(lambda: customer.state(order_id)["state"] == "New" or None, "the order to rest")
    (pause, restore, deploy, *pause_and_put_back, sync, resume, reconcile) = GONE
    assert [line.split()[0] for line in (restore, deploy, sync)] == ["aws", "sam", "aws"]
    try:
        of_stack(system, pause)
        before = kept(system, "TRADES_STORE_NAME")
        restore_backup(system)
        deploy_second(SECOND)
        second = outputs(system, SECOND)
        for line in pause_and_put_back:
            of_stack(system, line)
        copied = {**system.resources, "TRADES_STORE_NAME": second["TradesStoreName"]}
        there = replace(system, resources=copied)
        assert kept(there, "TRADES_STORE_NAME") == before
        copy_objects(system, second["ArchiveName"])
        of_stack(system, resume)
        url = local_url(int(system.endpoint.rsplit(":", 1)[-1]), second["ApiId"])
        caller = Caller(url, customer.caller.credentials)
        moved = replace(customer, caller=caller, system=there)
        assert caller.change("DELETE", f"/customers/{customer.id}/orders/{order_id}").status == 202
        eventually(lambda: moved.state(order_id)["state"] == "Canceled" or None, "the order to be canceled")
        moved.settled(moved.accepted(quantity=20))
        assert sum(trade["quantity"] for trade in moved.trades()) == 30
        of_stack(system, reconcile)
    finally:
        system.aws("cloudformation").delete_stack(StackName=SECOND)
        of_stack(system, f"make resume STACK={STACK}")


def of_stack(system: System, line: str) -> str:
    """What a line of the page says of a stack that is found by the AWS environment, as on AWS."""
    names = {"trading-prod": STACK, "LEFT": system.resources["ORDER_BOOKS_NAME"], "COPY": COPY}
    for name, meant in names.items():
        line = line.replace(name, meant)
    return make(line.split(), aws_variables(int(system.endpoint.rsplit(":", 1)[-1])))


def restore_backup(system: System) -> None:
    """As DynamoDB does on AWS of the backup that it keeps of a table that is deleted."""
    client, table = system.aws("dynamodb"), system.resources["TRADES_STORE_NAME"]
    backup = client.create_backup(TableName=table, BackupName="last")["BackupDetails"]["BackupArn"]
    client.restore_table_from_backup(BackupArn=backup, TargetTableName=COPY)
    client.get_waiter("table_exists").wait(TableName=COPY)


def copy_objects(system: System, bucket: str) -> None:
    client, source = system.aws("s3"), system.resources["ARCHIVE_NAME"]
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=source):
        for each in page.get("Contents", []):
            client.copy_object(Bucket=bucket, Key=each["Key"], CopySource={"Bucket": source, "Key": each["Key"]})


def outputs(system: System, name: str) -> dict[str, str]:
    [stack] = system.aws("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

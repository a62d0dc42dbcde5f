"""The lines of docs/operating/restore.md, run as they stand there, on a system whose tables were damaged."""

import os
import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.deployed import ROOT, STATE
from tests.e2e.system import System, eventually
from tests.e2e.test_operating import POST_TRADE, cut_off
from trading.aws import dynamodb

PAGE = (ROOT / "docs" / "operating" / "restore.md").read_text()
MISSING, WRONG = (block.splitlines() for block in re.findall(r"^```sh\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL))
SECONDS = 300.0


def run(line: str, table: str = "TradesStore", copy: str = "") -> str:
    """What a line of the page says, here instead of on AWS, about this table."""
    words = line.replace("TABLE=TradesStore", f"TABLE={table}").replace("FROM=COPY", f"FROM={copy}").split()
    here = [word for word in words if not word.startswith("STACK=")]
    of_make = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # of the `make test` that runs this: it would print its folders
    environment = {name: value for name, value in os.environ.items() if name not in of_make} | {"LOCAL_STATE": STATE}
    done = subprocess.run(here, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout


def lose(system: System, table: str, lost: Callable[[dict[str, Any]], bool]) -> int:
    """Deletes such items; how many."""
    found = [item for item in system.items(table) if lost(item)]
    for item in found:
        key = dynamodb.to_item({name: item[name] for name in ("PK", "SK")})
        system.aws("dynamodb").delete_item(TableName=system.resources[table], Key=key)
    return len(found)


def kept(system: System, table: str) -> list[dict[str, Any]]:
    """A table's items, in their order."""
    return sorted(system.items(table), key=lambda item: (item["PK"], item["SK"]))


@pytest.mark.parametrize(("table", "name"), [("TradesStore", "TRADES_STORE_NAME"), ("OrderBooks", "ORDER_BOOKS_NAME")])
def test_a_table_that_lost_everything_is_as_it_was_and_orders_go_on(system: System, table: str, name: str) -> None:
    customer = system.customer()
    order_id = customer.accepted(ticker="IBM", price="1.00", quantity=3, timeInForce="GTC")
    customer.settled(customer.accepted(quantity=10))
    eventually(lambda: customer.state(order_id)["state"] == "New" or None, "the order to rest")
    pause, copy_table, put_back, resume, reconcile = MISSING
    run(pause)
    copy = run(copy_table, table).strip()
    before = kept(system, name)
    count = lose(system, name, lambda _: True)
    assert run(put_back, table, copy).startswith(f"{count} put back. 0 differ")
    assert kept(system, name) == before
    run(resume)
    assert customer.caller.change("DELETE", f"/customers/{customer.id}/orders/{order_id}").status == 202
    eventually(lambda: customer.state(order_id)["state"] == "Canceled" or None, "the order to be canceled")
    customer.settled(customer.accepted(quantity=20))
    assert sum(trade["quantity"] for trade in customer.trades()) == 30
    run(reconcile)


def test_what_was_executed_after_the_copy_is_booked_anew(system: System) -> None:
    customer = system.customer()
    pause, copy_table, put_back, republish, resume, reconcile = WRONG
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
    again = customer.settled(order_id)
    assert [trade | {"settlementDate": ""} for trade in again] == [trade | {"settlementDate": ""} for trade in trades]
    assert customer.account() == account
    run(reconcile)

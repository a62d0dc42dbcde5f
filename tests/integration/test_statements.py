"""A customer's ledger and its statements: every line explains a balance, page by page and day by day."""

import base64
import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.integration.conftest import NewWorld
from tests.support import events, two_days
from tests.support.two_days import CUSTOMER, MONDAY, SUNDAY
from tests.support.world import World

LEDGER = "/customers/{customerId}/ledger"
STATEMENT = "/customers/{customerId}/statements/{date}"
ACCOUNTS = ("cash", "reserved", "fees", "clearing", "house")


@pytest.fixture(scope="module")
def traded(new_world: NewWorld) -> Iterator[World]:
    """Nobody but the tests' questions comes after it."""
    with new_world() as world:
        two_days.trade(world)
        yield world


def pages(world: World, resource: str, query: dict[str, str], **path: str) -> Iterator[dict[str, Any]]:
    """The pages of an answer, followed to the end."""
    token: dict[str, str] = {}
    while True:
        status, answer = world.get(resource, query | token, customerId=CUSTOMER, **path)
        assert status == 200
        yield answer
        if "nextToken" not in answer:
            return
        token = {"nextToken": answer["nextToken"]}


def table(world: World, date: str, **query: str) -> list[dict[str, Any]]:
    """The pages of a CSV, each the link of the one before, put one after the other."""
    text, asked = "", {"format": "csv", **query}
    while True:
        event = events.get(STATEMENT, {"customerId": CUSTOMER, "date": date}, asked)
        answer = world.stage("data_extractor")(event)
        header = "absent" if text else "present"
        assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (
            200,
            f"text/csv; charset=utf-8; header={header}",
        )
        text += answer["body"]
        if "Link" not in answer["headers"]:
            return list(csv.DictReader(io.StringIO(text)))
        link = answer["headers"]["Link"]
        assert link.startswith("<?")
        assert link.endswith('>; rel="next"')
        asked = dict(parse_qsl(link[2:].partition(">")[0], strict_parsing=True))


def total(lines: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {
        account: sum((Decimal(line["postings"].get(account, "0")) for line in lines), Decimal(0))
        for account in ACCOUNTS
    }


def amounts(balances: dict[str, str]) -> dict[str, Decimal]:
    return {account: Decimal(amount) for account, amount in balances.items()}


@pytest.mark.parametrize("limit", [*range(1, 18), 1000])
def test_the_lines_of_a_ledger_explain_the_account_whatever_the_size_of_the_pages(traded: World, limit: int) -> None:
    parts = [page["ledger"] for page in pages(traded, LEDGER, {"limit": str(limit)})]
    lines = [line for part in parts for line in part]
    account = traded.get("/customers/{customerId}", customerId=CUSTOMER)[1]
    sums = total(lines)
    assert {name: f"{sums[name]:.2f}" for name in ("cash", "reserved", "fees")} == {
        name: account[name] for name in ("cash", "reserved", "fees")
    }
    assert sums["clearing"] == -Decimal(account["unsettledCash"])
    assert sum(sums.values()) == 0
    assert [len(part) for part in parts[:-1]] == [limit] * (len(parts) - 1)
    assert parts[-1]
    assert len({line["id"] for line in lines}) == len(lines) == 16


def test_the_shares_of_a_ledger_explain_the_positions(traded: World) -> None:
    [page] = pages(traded, LEDGER, {})
    for position in traded.get("/customers/{customerId}/positions", customerId=CUSTOMER)[1]["positions"]:
        moved = [line["shares"] for line in page["ledger"] if line.get("ticker") == position["ticker"]]
        sums = {name: sum(each.get(name, 0) for each in moved) for name in ("available", "reserved", "settled")}
        assert sums == {name: position[name] for name in sums}


def test_a_ledgers_line_says_when_what_and_why(traded: World) -> None:
    [page] = pages(traded, LEDGER, {"date": MONDAY})
    by_kind = {(line["kind"], line.get("ticker")): line for line in page["ledger"]}
    for line in by_kind.values():
        del line["id"]
    assert by_kind == {
        ("Withdrawal", None): {
            "time": "2026-11-23T14:34:00.123Z",
            "kind": "Withdrawal",
            "reference": "rent",
            "postings": {"cash": "-100.00", "house": "100.00"},
            "shares": {},
        },
        ("Order", "COIN"): {
            "time": "2026-11-23T14:34:00.123Z",
            "kind": "Order",
            "ticker": "COIN",
            "postings": {"cash": "-700.03", "reserved": "700.03"},
            "shares": {},
        },
        ("Order", "F"): {
            "time": "2026-11-23T14:34:00.123Z",
            "kind": "Order",
            "ticker": "F",
            "postings": {},
            "shares": {"available": -200, "reserved": 200},
        },
        ("Booking", "COIN"): {
            "time": "2026-11-23T14:33:00.123Z",
            "kind": "Booking",
            "ticker": "COIN",
            "postings": {"cash": "80939.55", "fees": "0.45", "clearing": "-80940.00"},
            "shares": {"reserved": -500},
        },
    }


def test_an_order_is_named_by_its_client_order_id_and_a_hold_by_its_order(traded: World) -> None:
    [page] = pages(traded, LEDGER, {"date": SUNDAY})
    by_reference = {line["reference"]: line for line in page["ledger"] if "reference" in line}
    assert by_reference["a-1"]["kind"] == "Order"
    [hold] = [line for line in page["ledger"] if line["kind"] == "Hold"]
    assert hold["reference"] in {line["id"] for line in page["ledger"] if line["kind"] == "Order"}


def test_the_days_of_a_ledger_are_the_whole(traded: World) -> None:
    [whole] = pages(traded, LEDGER, {})
    days = [
        line for date in (SUNDAY, MONDAY) for page in pages(traded, LEDGER, {"date": date}) for line in page["ledger"]
    ]
    assert sorted(days, key=str) == sorted(whole["ledger"], key=str)
    assert [list(pages(traded, LEDGER, {"date": date})) for date in ("2026-11-21", "2000-01-01")] == [
        [{"ledger": []}]
    ] * 2


def test_a_day_opens_with_what_the_day_before_closed_with(traded: World) -> None:
    [sunday], [monday] = (list(pages(traded, STATEMENT, {}, date=date)) for date in (SUNDAY, MONDAY))
    assert set(sunday["opening"].values()) == {"0.00"}
    assert sunday["closing"] == monday["opening"]
    for each in (sunday, monday):
        opening, changes, closing = (amounts(each[name]) for name in ("opening", "changes", "closing"))
        assert changes == total(each["lines"])
        assert closing == {account: opening[account] + changes[account] for account in ACCOUNTS}
        assert sum(closing.values()) == 0
        assert [line["time"] for line in each["lines"]] == sorted(line["time"] for line in each["lines"])
    assert [each["ticker"] for each in monday["positions"]] == ["AMD", "COIN", "F"]
    assert [each["quantity"] for each in sunday["positions"]] == [
        each["openingQuantity"] for each in monday["positions"]
    ]


def test_a_statement_has_the_days_trades_and_what_they_come_to(traded: World) -> None:
    for date in (SUNDAY, MONDAY):
        [statement] = pages(traded, STATEMENT, {}, date=date)
        trades = traded.get("/trades/{customerId}", {"tradeDate": date}, customerId=CUSTOMER)[1]["trades"]
        assert sorted(statement["trades"], key=str) == sorted(trades, key=str)
        assert statement["totals"]["trades"] == len(trades)
    del statement["lines"], statement["trades"]
    assert statement == {
        "customerId": CUSTOMER,
        "date": MONDAY,
        "final": False,
        "opening": {
            "cash": "9026512.55",
            "reserved": "0.00",
            "fees": "7.95",
            "clearing": "975980.00",
            "house": "-10002500.50",
        },
        "changes": {
            "cash": "80139.52",
            "reserved": "700.03",
            "fees": "0.45",
            "clearing": "-80940.00",
            "house": "100.00",
        },
        "closing": {
            "cash": "9106652.07",
            "reserved": "700.03",
            "fees": "8.40",
            "clearing": "895040.00",
            "house": "-10002400.50",
        },
        "totals": {
            "bought": "0.00",
            "sold": "80940.00",
            "fees": "0.45",
            "deposits": "0.00",
            "withdrawals": "100.00",
            "trades": 1,
        },
        "positions": [
            {
                "ticker": "AMD",
                "openingQuantity": 5000,
                "quantity": 5000,
                "available": 5000,
                "reserved": 0,
                "settled": 0,
                "unsettled": 5000,
            },
            {
                "ticker": "COIN",
                "openingQuantity": 2500,
                "quantity": 2000,
                "available": 2000,
                "reserved": 0,
                "settled": 0,
                "unsettled": 2000,
            },
            {
                "ticker": "F",
                "openingQuantity": 500,
                "quantity": 500,
                "available": 300,
                "reserved": 200,
                "settled": 500,
                "unsettled": 0,
            },
        ],
    }


@pytest.mark.parametrize("limit", [*range(1, 21), 5000])
def test_pages_of_a_statement_hold_every_line_and_trade_once_and_all_the_balances(traded: World, limit: int) -> None:
    [whole] = pages(traded, STATEMENT, {}, date=SUNDAY)
    parts = list(pages(traded, STATEMENT, {"limit": str(limit)}, date=SUNDAY))
    for name in ("lines", "trades"):
        assert [each for part in parts for each in part[name]] == whole[name]
    sizes = [len(part["lines"]) + len(part["trades"]) for part in parts]
    assert sizes[:-1] == [limit] * (len(parts) - 1)
    assert sum(sizes) == 19
    for part in parts:
        changing = ("lines", "trades", "nextToken")
        assert {name: value for name, value in part.items() if name not in changing} == {
            name: value for name, value in whole.items() if name not in changing
        }


@pytest.mark.parametrize("limit", [1, 3, 7, 18, 19, 5000])
def test_a_csv_has_a_row_per_line_and_trade_between_what_there_was_and_what_there_is(traded: World, limit: int) -> None:
    [statement] = pages(traded, STATEMENT, {}, date=SUNDAY)
    rows = table(traded, SUNDAY, limit=str(limit))
    kinds = [row["kind"] for row in rows]
    assert (kinds[0], kinds[-4:]) == ("Opening", ["Preliminary"] * 4)
    lines = [row for row in rows[1:-4] if row["kind"] != "Trade"]
    assert [row["id"] for row in lines] == [line["id"] for line in statement["lines"]]
    for account in ACCOUNTS:
        assert rows[0][account] == statement["opening"][account]
        assert sum(Decimal(row[account]) for row in lines) == Decimal(statement["changes"][account])
        assert rows[-4][account] == statement["closing"][account]
    trades = {row["id"]: row for row in rows if row["kind"] == "Trade"}
    assert {name: (row["price"], row["quantity"], row["fee"], row["valueDate"]) for name, row in trades.items()} == {
        trade["tradeId"]: (trade["price"], str(trade["quantity"]), trade["fee"], trade["valueDate"])
        for trade in statement["trades"]
    }
    assert [(row["ticker"], row["availableShares"], row["settledShares"]) for row in rows[-3:]] == [
        ("AMD", "5000", "0"),
        ("COIN", "2500", "0"),
        ("F", "500", "500"),
    ]


def test_a_reference_in_a_csv_is_no_formula(traded: World) -> None:
    references = {row["kind"]: row["reference"] for row in table(traded, SUNDAY)}
    assert references["Deposit"] == "'=1+1"
    [statement] = pages(traded, STATEMENT, {}, date=SUNDAY)
    assert "=1+1" in [line.get("reference") for line in statement["lines"]]


def test_a_token_with_a_time_that_is_none_is_refused(traded: World) -> None:
    path = {"customerId": CUSTOMER, "date": MONDAY}
    given = traded.get(STATEMENT, {"limit": "1"}, **path)[1]["nextToken"]
    key, offset = json.loads(base64.urlsafe_b64decode(given))
    assert traded.get(STATEMENT, {"nextToken": given}, **path)[0] == 200
    for time in ("99:99:99.999", "24:00:00.000", "12:60:00.000", "12.00:00:000"):
        other = json.dumps([f"{key[:11]}{time}{key[23:]}", offset], separators=(",", ":"))
        token = base64.urlsafe_b64encode(other.encode()).decode()
        status, answer = traded.get(STATEMENT, {"nextToken": token}, **path)
        assert (status, answer["code"]) == (400, "invalid-next-token")

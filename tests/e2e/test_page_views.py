"""The views of the page, one by one: what each shows, and what can be done in it."""

import csv
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Desk, signed_in
from tests.e2e.system import Caller, Customer, System

RESTING = {"price": "100.00", "quantity": 100}
PLAIN = {"type": "Limit", "timeInForce": "Day", "peg": "none", "quantity": "10", "minimumQuantity": ""}
TICKETS: list[tuple[dict[str, str], str]] = [
    ({"type": "Market"}, "Filled"),
    ({"type": "Stop", "stopPrice": "250.00"}, "New"),
    ({"type": "StopLimit", "stopPrice": "250.00", "price": "251.00"}, "New"),
    ({"price": "100.00", "timeInForce": "GTC"}, "New"),
    ({"price": "100.00", "timeInForce": "IOC", "minimumQuantity": "5"}, "Canceled"),
    ({"price": "100.00", "peg": "pegToPrimary", "pegOffset": "0.05"}, "New"),
    ({"price": "100.00", "peg": "pegToMidpoint", "pegOffset": "", "poolOnly": "on"}, "New"),
    ({"price": "100.00", "postOnly": "on"}, "New"),
]
PRINT = {"printId": "a.1", "time": "2026-11-22T14:30:00.000Z", "quantity": 100, "price": "161.90"} | {
    "exchange": "NASDAQ",
    "exchangeType": "LitPool",
}
CHOICES, CHECKS = ("type", "timeInForce", "peg"), {"postOnly": "Post only", "poolOnly": "Pool only"}


def test_the_ticket_enters_orders_of_every_kind(desk: Desk) -> None:
    desk.page.click("#ticket summary")
    for number, (fields, _) in enumerate(TICKETS, 1):
        for name, value in (PLAIN | fields).items():
            if name in CHOICES:
                desk.page.select_option(f"#ticket-{name}", value)
            elif name not in CHECKS:
                desk.page.fill(f"#ticket-{name}", value)
        for name, label in CHECKS.items():
            desk.page.get_by_label(label).set_checked(name in fields)
        expect(desk.find("#preview")).to_contain_text("Reserves")
        expect(desk.find("#preview")).to_contain_text("Buying power")
        desk.send()
        expect(desk.find(".filters .count")).to_have_text(f"{number} order{'s' if number > 1 else ''}")
    expect(desk.find("table.orders .state")).to_have_text([state for _, state in reversed(TICKETS)])
    expect(desk.find("table.orders")).to_contain_text("midpoint, pool only")


def test_a_term_that_does_not_go_with_another_is_refused_at_its_field(desk: Desk) -> None:
    desk.page.click("#ticket summary")
    desk.fill(quantity="10", price="100.00", minimumQuantity="5")
    expect(desk.find("#fault-minimumQuantity")).to_contain_text("executed at once")


@pytest.mark.parametrize("time_in_force", ["OPG", "CLS"])
def test_an_auction_that_there_is_none_of_is_refused_at_its_field(desk: Desk, time_in_force: str) -> None:
    desk.page.select_option("#ticket-timeInForce", time_in_force)
    desk.fill(quantity="10", price="100.00")
    expect(desk.find("#fault-timeInForce")).to_contain_text("auction")


def test_a_price_of_the_depth_fills_the_ticket(desk: Desk) -> None:
    desk.find("table.depth .asks button").last.click()
    price = desk.find("table.depth .asks button").last.text_content()
    expect(desk.find("#ticket-price")).to_have_value(str(price))
    expect(desk.find("[name=direction][value=Buy]")).to_be_checked()
    desk.find("table.depth .bids button").first.click()
    expect(desk.find("[name=direction][value=Sell]")).to_be_checked()
    desk.page.get_by_role("button", name="By exchange").click()
    expect(desk.find("table.depth .whole span").first).to_contain_text(re.compile(r"[A-Z]+ [\d,]+"))


def test_a_ticker_that_has_not_traded_shows_no_chart_of_another(desk: Desk, customer: Customer) -> None:
    customer.settled(customer.accepted(quantity=10))
    expect(desk.find("#chart canvas")).to_have_count(1)
    desk.find("table.watchlist").get_by_role("button", name="VTI").click()
    expect(desk.find("#chart")).to_contain_text("Nothing has traded yet")
    expect(desk.find("#chart canvas")).to_have_count(0)


def test_the_chart_marks_executions_of_the_customer_and_the_tape_names_auctions(desk: Desk, customer: Customer) -> None:
    """The tape is as an auction would have left it: the markets of this system are always open."""
    customer.settled(customer.accepted(quantity=1500))
    for timeframe in ("5m", "1h", "1d", "1m"):
        desk.page.get_by_role("button", name=timeframe, exact=True).click()
        expect(desk.find("#chart")).to_contain_text("2 executions of the customer")
    desk.context.route(
        "**/tickers/COIN/trades?*",
        lambda route: route.fulfill(json={"ticker": "COIN", "trades": [{**PRINT, "auction": "Opening"}]}),
    )
    expect(desk.find("table.tape tbody")).to_contain_text("opening NASDAQ")


def test_orders_are_filtered_and_sorted_and_ended_ones_stay(desk: Desk, customer: Customer) -> None:
    customer.accepted(**RESTING)
    customer.accepted(price="101.00", quantity=50)
    customer.settled(customer.accepted(quantity=10))
    desk.row("Filled")
    quantities = desk.find("table.orders tbody td:nth-child(5)")
    desk.page.get_by_role("button", name="Quantity").click()
    expect(quantities).to_have_text(["100", "50", "10"])
    desk.page.get_by_role("button", name="Quantity").click()
    expect(quantities).to_have_text(["10", "50", "100"])
    desk.page.get_by_role("button", name="Open", exact=True).click()
    expect(quantities).to_have_text(["50", "100"])
    desk.page.get_by_role("button", name="Ended").click()
    expect(quantities).to_have_text(["10"])
    desk.page.get_by_role("button", name="All", exact=True).click()
    desk.page.fill("#filter", "filled coin")
    expect(quantities).to_have_text(["10"])


def test_how_an_order_ends_is_said_aloud(desk: Desk, customer: Customer) -> None:
    customer.accepted(**RESTING)
    desk.row("New").locator(".cancel").click()
    expect(desk.find("[role=status]")).to_contain_text("Buy 100 COIN at 100.00: canceled.")


def test_statements_and_trades_come_as_files(desk: Desk, customer: Customer, tmp_path: Path) -> None:
    trades = customer.settled(customer.accepted(quantity=2500))
    desk.page.click("#tab-statements")
    expect(desk.find("#record")).to_contain_text("3 trades")
    for name, wanted in (("Trades", len(trades)), ("Statement", 1)):
        with desk.page.expect_download() as download:
            desk.page.get_by_role("button", name=f"{name} as CSV").click()
        file = tmp_path / name
        download.value.save_as(file)
        assert download.value.suggested_filename.startswith(name.lower())
        rows = list(csv.DictReader(file.read_text().splitlines()))
        assert len(rows) >= wanted
        if name == "Trades":
            assert {row["tradeId"] for row in rows} == {trade["tradeId"] for trade in trades}


def test_times_are_of_the_readers_zone_and_utc_when_asked(browser: Browser, customer: Customer) -> None:
    customer.accepted(**RESTING)
    with signed_in(browser, customer.id, timezone_id="Asia/Kolkata") as desk:
        time = desk.row("New").locator("time")
        entered = str(time.get_attribute("datetime"))[11:19]
        expect(desk.find(".foot")).to_contain_text(re.compile("Asia/(Kolkata|Calcutta)"))
        assert not str(time.text_content()).endswith(entered)
        desk.page.get_by_role("button", name="UTC").click()
        expect(desk.find(".foot")).to_contain_text("UTC")
        assert str(time.text_content()).endswith(entered)


def test_armed_keys_cancel_and_replace_and_a_sheet_names_them(desk: Desk, customer: Customer) -> None:
    customer.accepted(**RESTING)
    desk.row("New").locator(".state").click()
    desk.find("#life .stage").first.wait_for()
    desk.page.get_by_role("button", name="Hotkeys off").click()
    desk.page.keyboard.press("?")
    expect(desk.find("dialog")).to_contain_text("Cancel the order whose life is shown")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("r")
    desk.page.get_by_label("New quantity").press("Escape")
    expect(desk.page.get_by_label("New quantity")).to_have_count(0)
    desk.page.keyboard.press("2")
    expect(desk.find("#tab-positions")).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("5")
    expect(desk.find("#tab-positions")).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("1")
    desk.page.keyboard.press("c")
    desk.row("Canceled")


def test_a_broker_sees_stages_dead_letters_and_breaks(browser: Browser, system: System) -> None:
    day = {"date": datetime.now(UTC).date().isoformat()}
    system.aws("lambda").invoke(FunctionName="trading-reconciler", Payload=json.dumps(day))
    record = {"eventID": "of-the-page", "dynamodb": {"Keys": {"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}}}}
    letter = {"reason": "it is cut off", "record": record}
    place = {"Bucket": system.resources["ARCHIVE_NAME"], "Key": "dead-letters/snapshot_taker/of-the-page.json"}
    system.aws("s3").put_object(Body=json.dumps(letter), **place)
    try:
        with signed_in(browser) as desk:
            desk.page.click("#tab-operations")
            expect(desk.find("table.stages")).to_contain_text("lit_pool_matching_engine")
            expect(desk.find("table.letters")).to_contain_text("it is cut off")
            expect(desk.find(".operations")).to_contain_text(re.compile("compared at .*bookings"))
            _require_accessible(desk)
            desk.photograph("operations")
    finally:
        system.aws("s3").delete_object(**place)


def test_a_broker_opens_a_customer_gives_it_cash_and_a_credential(browser: Browser, system: System) -> None:
    customer_id = system.customer().id[::-1]
    with signed_in(browser) as desk:
        desk.page.get_by_role("button", name="Customers …").click()
        desk.page.fill("#office-opening", "12")
        desk.page.get_by_role("button", name="Open", exact=True).last.click()
        expect(desk.find("#office-fault-opening")).to_contain_text("six digits")
        desk.page.fill("#office-opening", customer_id)
        desk.page.get_by_role("button", name="Open", exact=True).last.click()
        desk.notice(f"Customer {customer_id} is open.")
        desk.page.fill("#office-amount", "1,000.50")
        desk.page.get_by_role("button", name="Deposit").click()
        expect(desk.find("#account")).to_contain_text("1,000.50")
        desk.page.fill("#office-amount", "2000")
        desk.page.get_by_role("button", name="Withdraw").click()
        expect(desk.find("#office-fault-amount")).to_contain_text("1000.50")
        desk.page.get_by_role("button", name="Issue").click()
        expect(desk.find("dialog code")).to_have_count(2)
        key_id, secret = desk.find("dialog code").all_text_contents()
        desk.photograph("customers")
        _require_accessible(desk)
    their_own = Caller(system.url, (key_id, secret)).get("/caller").body
    assert their_own == {"role": "customer", "customerId": customer_id}


def test_a_customer_sees_nothing_of_the_operation(desk: Desk) -> None:
    expect(desk.find("#tab-orders")).to_be_visible()
    assert desk.find("#tab-operations").count() == 0


def _require_accessible(desk: Desk) -> None:
    found: list[dict[str, Any]] = Axe().run(desk.page).response["violations"]
    assert [each["id"] for each in found] == []

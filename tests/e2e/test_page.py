"""The page in a browser: whoever opens it trades, watches the order pass the stages, and is told what is wrong."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.browser import PHONE, Desk, opened, signed_in
from tests.e2e.deployed import said
from tests.e2e.system import Customer, System

TABS = ("orders", "positions", "trades", "statements", "operations")
DIALOGS = ("Customers …", "Sheet of hotkeys", "Suspend", "Cancel all")
RESTING = {"price": "100.00", "quantity": 100}


def test_the_seeds_order_is_entered_by_hand_and_settles_before_the_readers_eyes(desk: Desk) -> None:
    desk.fill(quantity="8,614", price="161.90")
    expect(desk.find("#preview")).to_contain_text("Reserves")
    desk.send()
    row = desk.row("Filled")
    expect(row).to_contain_text("8,614")
    row.locator(".filled").click()
    expect(desk.find("#life .slices li")).to_have_count(9)
    row.locator(".state").click()
    expect(desk.find("#life")).to_have_count(0)
    row.locator(".state").click()
    expect(desk.find("#life .slices li")).to_have_count(9)
    stages = [each.text_content() for each in desk.find("#life .stage").all()]
    assert list(dict.fromkeys(stages)) == [
        "order_entry",
        "smart_order_router",
        "lit_pool_matching_engine",
        "post_trade_processor",
        "settlement",
    ]
    desk.photograph("page")  # docs/page.png
    desk.page.click("#tab-positions")
    expect(desk.find("table.positions")).to_contain_text("COIN")
    desk.page.click("#tab-trades")
    expect(desk.find("table.trades tbody tr")).to_have_count(9)


def test_a_link_signs_in_once_and_leaves_the_address_at_once(browser: Browser, customer: Customer) -> None:
    address = said("page", "--customer", customer.id).split()[0]
    with opened(browser, address) as first:
        first.page.wait_for_selector("#ticket")
        assert "#" not in first.page.url
        assert first.page.evaluate("Object.keys(sessionStorage).length + document.cookie.length") == 0
        assert "secret" not in str(first.page.evaluate("JSON.stringify(localStorage)"))
    with opened(browser, address) as second:
        expect(second.find("[role=alert]")).to_contain_text("used before")


def test_the_form_takes_key_id_and_secret_and_a_wrong_one_is_told_in_words(
    system: System, browser: Browser, customer: Customer
) -> None:
    assert customer.caller.credentials
    key_id, secret = customer.caller.credentials
    with opened(browser, f"{system.url}/ui") as desk:
        desk.page.fill("[name=keyId]", "nobody")
        desk.page.fill("[name=secret]", "wrong")
        desk.page.click("button.primary")
        expect(desk.find("[role=alert]")).to_contain_text("not known")
        desk.photograph("sign-in")
        desk.page.fill("[name=keyId]", key_id)
        desk.page.fill("[name=secret]", secret)
        desk.page.keyboard.press("Enter")
        desk.page.wait_for_selector("#ticket")
        expect(desk.find(".head")).to_contain_text(customer.id)


def test_an_open_order_is_replaced_and_canceled_where_it_stands(desk: Desk, customer: Customer) -> None:
    customer.accepted(**RESTING)
    row = desk.row("New")
    row.locator(".replace").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_label("New quantity")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(row.locator(".replace")).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.page.get_by_label("New limit").fill("100.50")
    desk.page.get_by_label("New quantity").fill("200")
    desk.find("td.changes .primary").click()
    expect(desk.find("table.orders tbody")).to_contain_text("100.50")
    desk.find("tr[data-state=New] .cancel").click()
    expect(desk.row("Canceled")).to_contain_text("200")


def test_what_is_refused_is_told_in_words_at_its_field(desk: Desk) -> None:
    desk.fill(quantity="999999", price="161.90")
    expect(desk.find("#ticket .warning").last).to_contain_text("It would be refused")
    desk.send()
    expect(desk.find("#fault-quantity")).to_contain_text("USD are available")
    expect(desk.find("#ticket")).not_to_contain_text("{")


def test_what_is_far_from_usual_is_warned_of_and_may_be_sent(desk: Desk) -> None:
    desk.fill(quantity="1", price="100.00")
    expect(desk.find("#ticket .warning").first).to_contain_text("from the ask")
    desk.send()
    desk.notice("accepted")


def test_enter_in_a_field_sends_nothing(desk: Desk, customer: Customer) -> None:
    desk.page.get_by_label("Ask before sending").uncheck()
    desk.fill(quantity="1", price="100.00")
    desk.page.press("#ticket-price", "Enter")
    expect(desk.find("#preview")).to_be_visible()
    assert customer.caller.get(f"/customers/{customer.id}/orders").body["orders"] == []
    desk.page.click("#send")
    desk.row("New")


def test_an_order_is_entered_by_keyboard_alone(desk: Desk) -> None:
    keyboard = desk.page.keyboard
    desk.page.focus("#ticket-quantity")
    keyboard.type("10")
    keyboard.press("Tab")
    keyboard.type("100.00")
    for _ in range(6):
        keyboard.press("Tab")
        if desk.page.evaluate("document.activeElement.id") == "send":
            break
    keyboard.press("Enter")
    desk.find("dialog").wait_for()
    keyboard.press("Enter")
    desk.row("New")


def test_keys_do_nothing_until_they_are_armed(desk: Desk) -> None:
    desk.page.keyboard.press("f")
    assert desk.page.evaluate("document.activeElement.id") == ""
    desk.page.get_by_role("button", name="Hotkeys off").click()
    desk.page.keyboard.press("f")
    assert desk.page.evaluate("document.activeElement.id") == "filter"


def test_a_broker_suspends_a_customer_and_lets_it_trade_again(browser: Browser, customer: Customer) -> None:
    customer.accepted(**RESTING)
    with signed_in(browser) as desk:
        desk.find(".customer select").select_option(customer.id)
        desk.row("New")
        desk.page.get_by_role("button", name="Suspend").click()
        desk.find("dialog .danger").click()
        desk.row("Canceled")
        expect(desk.find(".head .mark")).to_have_text("suspended")
        desk.photograph("suspended")
        desk.page.get_by_role("button", name="Let trade").click()
        desk.find("dialog .danger").click()
        expect(desk.find(".head .mark")).to_have_count(0)


def test_all_open_orders_are_canceled_at_once(desk: Desk, customer: Customer) -> None:
    for _ in range(3):
        customer.accepted(**RESTING)
    desk.row("New").nth(2).wait_for()
    desk.page.get_by_role("button", name="Cancel all").click()
    desk.find("dialog .danger").click()
    desk.row("Canceled").nth(2).wait_for()


def test_what_one_browser_enters_the_other_shows(browser: Browser, customer: Customer) -> None:
    with signed_in(browser, customer.id) as one, signed_in(browser, customer.id) as other:
        one.fill(quantity="100", price="100.00")
        one.send()
        other.row("New").locator(".cancel").click()
        one.row("Canceled")


def test_a_network_that_is_gone_shows_and_what_happened_meanwhile_is_there_when_it_is_back(
    desk: Desk, customer: Customer
) -> None:
    customer.accepted(**RESTING)
    desk.row("New")
    desk.context.set_offline(True)
    expect(desk.find(".foot")).to_contain_text("No answer since")
    customer.accepted(**RESTING | {"quantity": 77})
    desk.photograph("offline")
    desk.context.set_offline(False)
    expect(desk.find(".foot")).to_contain_text("Connected")
    expect(desk.find("table.orders tbody")).to_contain_text("77")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_fault_of_accessibility(browser: Browser, customer: Customer, scheme: str) -> None:
    """Of a broker, who has all views."""
    customer.settled(customer.accepted())
    customer.accepted(**RESTING)
    with signed_in(browser, color_scheme=scheme) as desk:
        desk.find(".customer select").select_option(customer.id)
        desk.row("Filled").locator(".state").click()
        desk.find("#life .slices li").first.wait_for()
        desk.page.get_by_role("button", name="By exchange").click()
        desk.page.click("#ticket summary")
        desk.fill(quantity="8614", price="100.00")
        expect(desk.find("#preview")).to_be_visible()
        for tab in TABS:
            desk.page.click(f"#tab-{tab}")
            expect(desk.find("#record")).not_to_contain_text("Waiting for")
            _require_accessible(desk)
            desk.photograph(f"{tab}-{scheme}")
        desk.page.click("#tab-orders")
        desk.row("New").locator(".replace").click()
        desk.page.get_by_label("New limit").fill("0")
        desk.find("td.changes .primary").click()
        expect(desk.find(".reason .fault")).to_be_visible()
        _require_accessible(desk)
        for dialog in DIALOGS:
            desk.page.get_by_role("button", name=dialog, exact=True).click()
            desk.find("dialog h2").wait_for()
            _require_accessible(desk)
            desk.page.keyboard.press("Escape")
        desk.page.click("#send")
        _require_accessible(desk)
        desk.page.keyboard.press("Escape")
        desk.page.get_by_role("button", name="Sign out").click()
        desk.find(".sign-in").wait_for()
        _require_accessible(desk)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 640, "height": 400}])
def test_the_page_fits_a_phone_and_twice_its_size(
    browser: Browser, customer: Customer, viewport: dict[str, int]
) -> None:
    """A window of 1,280 points at 200 % has 640."""
    with signed_in(browser, customer.id, viewport=viewport, color_scheme="dark") as desk:
        desk.fill(quantity="10", price="100.00")
        desk.send()
        desk.row("New")
        width = desk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"]
        height = desk.page.evaluate("document.documentElement.scrollHeight")
        bottom = desk.page.evaluate("document.querySelector('#app').getBoundingClientRect().bottom + scrollY")
        assert height <= max(bottom + 2, viewport["height"])  # no empty space below what is shown
        desk.photograph(f"width-{viewport['width']}")


def _require_accessible(desk: Desk) -> None:
    found = Axe().run(desk.page).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == []

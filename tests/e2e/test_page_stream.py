"""The page and its stream: what is lost shows, and comes back without a gap; numbers decide, not time alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Desk, signed_in
from tests.e2e.line import Frame, Line
from tests.e2e.system import Customer

RESTING = {"price": "100.00", "quantity": 100}
LISTS = re.compile(r"/customers/\d+/orders\?")


@contextmanager
def listening(browser: Browser, customer: Customer, line: Line) -> Iterator[Desk]:
    """A page that has one order by the stream, and from then on is told of orders by the stream alone."""
    with signed_in(browser, customer.id, line=line) as desk:
        expect(desk.find("#stream")).to_contain_text("Live")
        customer.accepted(**RESTING)
        desk.row("New")
        wait(desk.page, lambda: line.has_told("updates"))
        desk.page.route(LISTS, lambda route: route.fulfill(status=503, json={}))
        yield desk


def wait(page: Page, look: object) -> None:
    """Waits until `look` finds something; the page's events are handled meanwhile."""
    assert callable(look)
    for _ in range(600):
        if look():
            return
        page.wait_for_timeout(50)
    pytest.fail("waited 30 s")


def test_a_stream_that_is_lost_shows_and_comes_back_without_a_gap(browser: Browser, customer: Customer) -> None:
    line = Line()
    with listening(browser, customer, line) as desk:
        line.cut()
        expect(desk.find("#stream")).to_contain_text("Live updates lost at")
        desk.photograph("stream-lost")
        for quantity in (71, 72, 73):
            customer.accepted(**RESTING | {"quantity": quantity})
        line.mend()
        expect(desk.find("#stream")).to_contain_text(re.compile(r"Live \d+ ms"))
        wait(desk.page, lambda: line.has_told("resumed"))
        expect(desk.row("New")).to_have_count(4)
        asked, told = line.has_asked("resume"), line.has_told("resumed")
        assert asked is not None
        assert told is not None
        assert asked["after"] < told["customerSequence"]


def test_what_a_lost_number_leaves_open_is_marked_until_it_is_sent_again(browser: Browser, customer: Customer) -> None:
    line = Line()
    with listening(browser, customer, line) as desk:
        desk.page.unroute(LISTS)
        lost: list[Frame] = []
        held: list[Frame] = []

        def lose_first(frame: Frame) -> Frame | None:
            if frame["type"] == "updates" and "customerSequence" in frame["updates"][0] and not lost:
                lost.append(frame)
                return None
            return frame

        def hold(frame: Frame) -> Frame | None:
            if frame["action"] == "resume":
                held.append(frame)
                return None
            return frame

        line.back, line.out = lose_first, hold
        customer.accepted(**RESTING | {"quantity": 71})
        wait(desk.page, lambda: lost)
        customer.accepted(**RESTING | {"quantity": 72})
        expect(desk.find("#stream")).to_contain_text("something is missing")
        expect(desk.find("#records .mark")).to_have_text("stale")
        expect(desk.find("#depth .mark")).to_have_count(0)
        desk.photograph("stale")
        assert held[0]["after"] == lost[0]["updates"][0]["customerSequence"] - 1
        line.out = lambda frame: frame
        expect(desk.find("#stream")).to_contain_text(re.compile(r"Live \d+ ms"))
        expect(desk.find(".mark")).to_have_count(0)
        expect(desk.row("New")).to_have_count(3)


def test_after_too_long_a_loss_all_is_asked_for_again(browser: Browser, customer: Customer) -> None:
    line = Line()
    with listening(browser, customer, line) as desk:
        line.cut()
        expect(desk.find("#stream")).to_contain_text("lost")
        customer.accepted(**RESTING | {"quantity": 71})
        line.out = lambda frame: frame | {"since": "2026-01-01T00:00:00.000Z"} if frame["action"] == "resume" else frame
        desk.page.unroute(LISTS)
        line.mend()
        wait(desk.page, lambda: line.has_told("snapshotRequired"))
        expect(desk.row("New")).to_have_count(2)
        expect(desk.find("#stream")).to_contain_text(re.compile(r"Live \d+ ms"))
        expect(desk.find(".mark")).to_have_count(0)
        customer.accepted(**RESTING | {"quantity": 72})
        expect(desk.row("New")).to_have_count(3)
        assert len([each for each in line.asked if each["action"] == "resume"]) == 1


def test_what_comes_twice_and_late_leaves_what_is_newer(browser: Browser, customer: Customer) -> None:
    line = Line()
    with listening(browser, customer, line) as desk:
        first = line.has_told("updates")
        assert first is not None
        desk.find(".cancel").click()
        desk.row("Canceled")
        for _ in range(2):
            line.tell(first)
        desk.page.wait_for_timeout(500)
        expect(desk.row("Canceled")).to_have_count(1)
        expect(desk.find("#stream")).to_contain_text(re.compile(r"Live \d+ ms"))

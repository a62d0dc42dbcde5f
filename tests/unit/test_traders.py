"""What traders ask the API for, and what is noted of its answers."""

import json
import random
from collections import Counter
from threading import Event
from typing import Any

import httpx
import pytest

from trading_client import Client, Retry
from traffic.traders import display
from traffic.traders.habits import Action, Cancel, Enter, Habit, OpenOrder, Replace, Sight
from traffic.traders.session import Plan
from traffic.traders.tally import Interval, Tally, Times, refusals, times_of
from traffic.traders.trader import Board, Trader

TERMS = {"direction": "Buy", "ticker": "COIN", "quantity": 100, "type": "Market"}
TICKERS = [
    {"ticker": "COIN", "bid": "161.88", "ask": "161.90"},
    {"ticker": "F", "bid": "20.285", "ask": "20.30"},
    {"ticker": "NEW"},
]
OPEN = {
    "orderId": "o-2",
    "ticker": "COIN",
    "direction": "Sell",
    "quantity": 500,
    "cumulativeQuantity": 100,
    "price": "161.95",
}
REFUSED = httpx.Response(422, json={"status": 422, "code": "insufficient-funds", "detail": "No."})


class Api:
    """Answers as the API does; orders and changes with the next of these."""

    def __init__(self, stop: Event, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self._answers = list(answers)
        self._stop = stop
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/tickers":
            return httpx.Response(200, json={"tickers": TICKERS})
        if request.method == "GET":
            return httpx.Response(200, json={"orders": [OPEN, OPEN | {"orderId": "o-1", "price": None}]})
        self.asked.append((request.method, request.url.path, json.loads(request.content or "null")))
        answer = self._answers.pop(0)
        if not self._answers:
            self._stop.set()
        if isinstance(answer, type):
            raise answer("it broke", request=request)
        return answer


def worked(
    habit: Habit, *answers: httpx.Response | type[httpx.TransportError]
) -> tuple[list[tuple[str, str, Any]], Interval, Trader]:
    """A trader of this habit acts until all answers are given: what it asked for, and what was noted."""
    stop, tally = Event(), Tally()
    api = Api(stop, *answers)
    with Client("http://api/v1", "k", "s", retry=Retry(1), transport=httpx.MockTransport(api)) as client:
        trader = Trader("900001", habit, frozenset({"COIN", "NEW"}), random.Random(1), "run")
        trader.work(client, Board(client, tally), frozenset({"F"}), 0.001, tally, stop)
    return api.asked, tally.taken(), trader


def test_a_trader_sees_the_quotes_of_its_tickers_and_its_orders_the_oldest_first() -> None:
    seen: list[Sight] = []

    def habit(draws: random.Random, sight: Sight) -> Action:
        seen.append(sight)
        return Cancel("o-1")

    worked(habit, httpx.Response(202, json={}))
    newest = OpenOrder("o-2", "COIN", False, 500, 100, 16195)
    assert seen == [
        Sight({"COIN": (16188, 16190)}, frozenset({"F"}), [OpenOrder("o-1", "COIN", False, 500, 100, None), newest])
    ]


def test_every_order_has_an_id_of_its_own_and_what_came_of_it_is_noted() -> None:
    accepted = httpx.Response(202, json={"orders": [{"orderId": "o", "state": "PendingNew"}]})
    asked, noted, trader = worked(lambda draws, sight: Enter(TERMS), accepted, REFUSED, httpx.ReadTimeout, accepted)
    assert asked == [
        ("POST", "/v1/orders", {**TERMS, "customerId": "900001", "clientOrderId": f"run-900001-{number}"})
        for number in (1, 2, 3, 4)
    ]
    assert trader.accepted == 2
    assert noted.refused == Counter({"insufficient-funds": 1, "no-answer": 1})
    assert {kind: len(seconds) for kind, seconds in noted.took.items()} == {"enter": 4, "list": 4, "quotes": 1}


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (Cancel("o-1"), ("DELETE", "/v1/customers/900001/orders/o-1", None)),
        (
            Replace("o-1", price="161.91"),
            ("PATCH", "/v1/customers/900001/orders/o-1", {"price": "161.91", "clientOrderId": "run-900001-1"}),
        ),
        (
            Replace("o-1", quantity=300),
            ("PATCH", "/v1/customers/900001/orders/o-1", {"quantity": 300, "clientOrderId": "run-900001-1"}),
        ),
    ],
)
def test_changes_go_to_the_order(action: Action, asked: tuple[str, str, Any]) -> None:
    assert worked(lambda draws, sight: action, httpx.Response(202, json={}))[0] == [asked]


def test_a_tally_gives_what_came_since_it_was_asked_last() -> None:
    tally = Tally()
    tally.answered("enter", 0.1)
    tally.answered("enter", 0.3, "too-late")
    first = tally.taken()
    tally.answered("cancel", 0.2)
    times = first.times("enter")
    assert (times.calls, times.p50, round(times.p99, 6)) == (2, 200.0, 298.0)
    assert tally.taken().took == {"cancel": [0.2]}
    assert tally.taken().calls == 0


def test_intervals_add_up() -> None:
    whole = Interval()
    for code in ("too-late", "too-late", "unknown-ticker"):
        tally = Tally()
        tally.answered("cancel", 0.01, code)
        whole.add(tally.taken())
    assert whole.calls == 3
    assert refusals(whole.refused) == "too-late 2, unknown-ticker 1"
    assert refusals(Interval().refused) == "nothing"


def test_p99_is_what_ninety_nine_of_a_hundred_were_answered_in() -> None:
    assert times_of([number / 1000 for number in range(101)]) == Times(101, 50.0, 99.0)
    assert times_of([0.5]) == Times(1, 500.0, 500.0)
    assert times_of([]) == Times(0, 0.0, 0.0)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "00:00"), (75.9, "01:15"), (3600, "1:00:00"), (5025, "1:23:45")])
def test_a_time_is_shown_as_on_a_clock(seconds: float, shown: str) -> None:
    assert display.clock(seconds) == shown


@pytest.mark.parametrize(("seconds", "made", "over"), [(29.9, 9, False), (30.0, 0, True), (1.0, 10, True)])
def test_a_session_is_over_after_its_time_or_its_orders(seconds: float, made: int, over: bool) -> None:
    assert Plan(4, 10, 30.0, 1, orders=10).is_over(seconds, made) is over
    assert Plan(4, 10, 30.0, 1).is_over(seconds, made) is (seconds >= 30)

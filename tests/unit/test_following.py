"""How `make order` follows orders: each until it has ended or rests in the order book, and no result is lost."""

from collections import Counter
from typing import Any

import httpx
import pytest

from local import orders
from local.orders import Accepted, Following
from ops.console import Failure
from trading_client import Client

CUSTOMER = "000002"


def order(order_id: str, state: str, filled: int = 0, left: int = 100) -> dict[str, Any]:
    fields = {"orderId": order_id, "customerId": CUSTOMER, "direction": "Buy", "ticker": "COIN", "price": "100.00"}
    return fields | {"state": state, "quantity": 100, "cumulativeQuantity": filled, "leavesQuantity": left}


class Answers:
    """An API that answers each order's states in their turn, the last one from then on. An exception is raised. The
    list has all but the one that is said to be old.
    """

    def __init__(self, old: str = "", /, **states: list[dict[str, Any] | BaseException]) -> None:
        self._states = states
        self._old = old
        self.asked: Counter[str] = Counter()

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        *start, order_id = request.url.path.removeprefix(f"/customers/{CUSTOMER}/").split("/")
        if not start:
            return httpx.Response(200, json=self._list(**request.url.params))
        self.asked[order_id] += 1
        return httpx.Response(200, json=self._next(order_id) | {"transitions": [], "executions": []})

    # under the names of the query
    def _list(self, state: str, limit: str, nextToken: str = "0") -> dict[str, Any]:  # noqa: N803
        assert (state, int(limit) <= 500) == ("all", True)
        self.asked["list"] += 1
        newest_first = sorted(self._states.keys() - {self._old}, reverse=True)
        first, after = int(nextToken), int(nextToken) + int(limit)
        page = {"orders": [self._next(order_id) for order_id in newest_first[first:after]]}
        return page | ({"nextToken": f"{after}"} if len(newest_first) > after else {})

    def _next(self, order_id: str) -> dict[str, Any]:
        states = self._states[order_id]
        state = states.pop(0) if len(states) > 1 else states[0]
        if isinstance(state, BaseException):
            raise state
        return state


def following(api: Answers, *order_ids: str) -> Following:
    client = Client("http://api", "key", "secret", transport=httpx.MockTransport(api.answer))
    return Following(client, [Accepted(CUSTOMER, order_id) for order_id in order_ids])


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "INTERVAL", 0.0)
    monkeypatch.setattr(orders, "REST_SECONDS", 0.0)


def test_an_order_that_rests_is_a_result_and_not_a_failure() -> None:
    api = Answers(
        a=[order("a", "PendingNew"), order("a", "PartiallyFilled", 40, 60)],
        b=[order("b", "New"), order("b", "Filled", 100, 0)],
    )
    found = following(api, "a", "b")
    found.show()
    assert list(found.lines()) == [
        "b  customer 000002  Buy 100 COIN: Filled, 100 shares",
        "a  customer 000002  Buy 100 COIN: PartiallyFilled, 40 shares; 60 shares at 100.00 rest in the order book",
    ]
    assert (found.open_ids, found.is_short) == (["a"], False)


def test_one_share_is_one_share() -> None:
    api = Answers(a=[order("a", "PartiallyFilled", 1, 1)], b=[order("b", "Filled", 1, 0)])
    found = following(api, "a", "b")
    found.show()
    assert list(found.lines()) == [
        "b  customer 000002  Buy 100 COIN: Filled, 1 share",
        "a  customer 000002  Buy 100 COIN: PartiallyFilled, 1 share; 1 share at 100.00 rests in the order book",
    ]


def test_orders_that_have_all_ended_are_asked_for_no_more() -> None:
    api = Answers(a=[order("a", "Canceled", 0, 0)], b=[*[order("b", "PendingNew")] * 5, order("b", "Filled", 100, 0)])
    found = following(api, "a", "b")
    found.show()
    assert (api.asked, found.open_ids, found.is_short) == ({"list": 6}, [], True)


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (100, 1), (480, 1), (500, 1), (501, 2), (1_000, 2)])
def test_a_look_at_many_orders_is_few_requests(count: int, requests: int) -> None:
    ids = [f"{number:06}" for number in range(count)]
    states: dict[str, list[dict[str, Any] | BaseException]] = {each: [order(each, "Filled", 100, 0)] for each in ids}
    api = Answers(**states)
    found = following(api, *ids)
    found.show()
    assert api.asked == {"list": requests}
    assert len(list(found.lines())) == count


def test_an_order_that_was_entered_long_ago_is_asked_for_by_itself() -> None:
    ids = [f"{number:06}" for number in range(3_000)]
    states: dict[str, list[dict[str, Any] | BaseException]] = {each: [order(each, "Filled", 100, 0)] for each in ids}
    api = Answers(**states)
    found = following(api, "000000", "002999")
    found.show()
    assert api.asked == {"list": 2, "000000": 1}
    assert len(list(found.lines())) == 2


def test_off_a_terminal_lines_say_how_many_of_all_orders_have_ended(capsys: pytest.CaptureFixture[str]) -> None:
    api = Answers(
        a=[order("a", "PendingNew"), order("a", "Filled", 100, 0)],
        b=[order("b", "PendingNew"), order("b", "PendingNew"), order("b", "Filled", 100, 0)],
    )
    following(api, "a", "b").show()
    said = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert said[0] == "2 orders: 0 of 2 ended, 0 in the order book, 0 of 200 shares"
    assert said[-1] == "2 orders: 2 of 2 ended, 0 in the order book, 200 of 200 shares"


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), Failure("the API does not answer")])
def test_what_is_known_is_there_whatever_ends_the_following(stopped: BaseException) -> None:
    api = Answers("c", a=[order("a", "Filled", 100, 0)], b=[order("b", "PendingNew"), stopped], c=[stopped])
    found = following(api, "a", "b", "c")
    with pytest.raises(type(stopped)):
        found.show()
    assert "a  customer 000002  Buy 100 COIN: Filled, 100 shares" in found.lines()
    assert "c  customer 000002: accepted, not found since" in found.lines()
    assert found.open_ids == ["b", "c"]


def test_an_order_that_no_engine_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "STALL_SECONDS", 0.0)
    found = following(Answers(a=[order("a", "PendingNew")]), "a")
    with pytest.raises(Failure, match=r"^No engine has answered for 0 s\. Orders that wait: a\. "):
        found.show()
    assert list(found.lines()) == [
        "a  customer 000002  Buy 100 COIN: PendingNew, 0 shares; 100 shares at 100.00 wait for an engine"
    ]

"""How `make order` follows orders: each until it has ended or rests in the book, and no result is lost."""

from collections import Counter
from typing import Any, cast

import pytest

from local import orders
from local.api import Api
from local.console import Failure
from local.orders import Accepted, Following

CUSTOMER = "000002"


def order(order_id: str, state: str, filled: int = 0, left: int = 100) -> dict[str, Any]:
    fields = {"orderId": order_id, "customerId": CUSTOMER, "direction": "Buy", "ticker": "COIN", "price": "100.00"}
    return fields | {"state": state, "quantity": 100, "cumulativeQuantity": filled, "leavesQuantity": left}


class Answers:
    """An API that answers each order's states in their turn, the last one from then on. An exception is raised."""

    def __init__(self, **states: list[dict[str, Any] | BaseException]) -> None:
        self._states = states
        self.asked: Counter[str] = Counter()

    def order(self, customer_id: str, order_id: str) -> dict[str, Any]:
        assert customer_id == CUSTOMER
        states = self._states[order_id]
        self.asked[order_id] += 1
        state = states.pop(0) if len(states) > 1 else states[0]
        if isinstance(state, BaseException):
            raise state
        return state


def following(api: Answers, *order_ids: str) -> Following:
    return Following(cast("Api", api), [Accepted(CUSTOMER, order_id, 100) for order_id in order_ids])


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
        "a  customer 000002  Buy 100 COIN: PartiallyFilled, 40 shares; 60 shares at 100.00 rest in the book",
    ]
    assert (found.open_ids, found.is_short) == (["a"], False)


def test_one_share_is_one_share() -> None:
    api = Answers(a=[order("a", "PartiallyFilled", 1, 1)], b=[order("b", "Filled", 1, 0)])
    found = following(api, "a", "b")
    found.show()
    assert list(found.lines()) == [
        "b  customer 000002  Buy 100 COIN: Filled, 1 share",
        "a  customer 000002  Buy 100 COIN: PartiallyFilled, 1 share; 1 share at 100.00 rests in the book",
    ]


def test_an_order_that_has_ended_is_not_asked_for_again() -> None:
    api = Answers(a=[order("a", "Canceled", 0, 0)], b=[*[order("b", "PendingNew")] * 5, order("b", "Filled", 100, 0)])
    found = following(api, "a", "b")
    found.show()
    assert (api.asked, found.open_ids, found.is_short) == ({"a": 1, "b": 6}, [], True)


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), Failure("the API does not answer")])
def test_what_is_known_is_there_whatever_ends_the_following(stopped: BaseException) -> None:
    api = Answers(a=[order("a", "Filled", 100, 0)], b=[order("b", "PendingNew"), stopped], c=[stopped])
    found = following(api, "a", "b", "c")
    with pytest.raises(type(stopped)):
        found.show()
    assert "a  customer 000002  Buy 100 COIN: Filled, 100 shares" in found.lines()
    assert "c  customer 000002: accepted, not seen since" in found.lines()
    assert found.open_ids == ["b", "c"]


def test_the_shares_of_all_orders_are_counted_from_the_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    api = Answers(a=[order("a", "Filled", 100, 0)], b=[order("b", "PendingNew"), order("b", "Filled", 100, 0)])
    found = following(api, "a", "b", *(f"c{number}" for number in range(orders.MAX_CALLS)))
    api._states |= {f"c{number}": [order(f"c{number}", "Filled", 100, 0)] for number in range(orders.MAX_CALLS)}
    found.show()
    shares = [line.split(": ")[1].split(" shares")[0] for line in capsys.readouterr().out.splitlines()]
    assert {each.split(" of ")[1] for each in shares} == {"1,000"}
    assert shares[0] != shares[-1] == "1,000 of 1,000"


def test_an_order_that_no_engine_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "STALL_SECONDS", 0.0)
    found = following(Answers(a=[order("a", "PendingNew")]), "a")
    with pytest.raises(Failure, match=r"^No engine has answered for 0 s\. Orders that wait: a\. "):
        found.show()
    assert list(found.lines()) == [
        "a  customer 000002  Buy 100 COIN: PendingNew, 0 shares; 100 shares at 100.00 wait for an engine"
    ]

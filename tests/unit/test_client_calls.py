"""How the client makes calls: when it sends them again, how long it pauses, what it raises."""

import random
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from trading_client import (
    AccountChanged,
    Client,
    Forbidden,
    Malformed,
    NewOrder,
    NoAnswer,
    Refused,
    Retry,
    TooManyRequests,
    TradingError,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
    known_answers,
)

ORDER: NewOrder = {
    "customerId": "000002",
    "direction": "Buy",
    "ticker": "COIN",
    "type": "Limit",
    "quantity": 1,
    "price": Decimal("161.90"),
}
NAMED: NewOrder = {**ORDER, "clientOrderId": "a-1"}
PENDING = {"state": "PendingNew", "orderId": "o"}
UNKNOWN = {"state": "Unknown", "problem": {"status": 503, "code": "unavailable", "detail": "Again."}}
Answer = httpx.Response | type[httpx.TransportError]


class Api:
    """Answers each request with the next of these, the last one from then on."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, type):
            raise answer("it broke", request=request)
        return answer

    def client(self, **settings: Any) -> Client:
        return Client("http://api/v1", "key", "secret", transport=httpx.MockTransport(self), **settings)


def ok(**fields: object) -> httpx.Response:
    return httpx.Response(200, json=fields)


def problem(status: int, code: str, **fields: object) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "detail": "So it is.", **fields})


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made, each as long as it may be, without any time going by."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    monkeypatch.setattr(random, "uniform", lambda _, longest: longest)
    return made


REPEATABLE: list[Callable[[Client], object]] = [
    lambda client: client.accounts.get("000002"),
    lambda client: list(client.orders.list("000002")),
    lambda client: client.orders.cancel("000002", "o"),
    lambda client: client.orders.cancel_all("000002"),
    lambda client: client.accounts.suspend("000002"),
    lambda client: client.accounts.set_limits("000002"),
    lambda client: client.accounts.deposit("000002", "1.00", "wire-1"),
    lambda client: client.accounts.open("000002"),
    lambda client: client.accounts.deposit_shares("000002", "COIN", 1, "161.90", "transfer-1"),
    lambda client: client.accounts.withdraw_shares("000002", "COIN", 1, "transfer-2"),
    lambda client: client.credentials.revoke("a-key"),
    lambda client: client.orders.replace("000002", "o", quantity=1, client_order_id="c"),
    lambda client: client.orders.enter(NAMED),
    lambda client: client.orders.enter_many([NAMED, NAMED]),
]
NOT_REPEATABLE: list[Callable[[Client], object]] = [
    lambda client: client.credentials.issue_broker(),
    lambda client: client.credentials.issue_customer("000002"),
    lambda client: client.orders.enter(ORDER),
    lambda client: client.orders.enter_many([NAMED, ORDER]),
    lambda client: client.orders.replace("000002", "o", quantity=1),
    lambda client: client.request("POST", "/orders", content="{}"),
]
FAILURES: list[tuple[Answer, type[TradingError]]] = [
    (httpx.ReadTimeout, NoAnswer),
    (httpx.RemoteProtocolError, NoAnswer),
    (problem(503, "unavailable"), Unavailable),
    (httpx.Response(502, json={"message": "Internal server error"}), Unavailable),
    (httpx.Response(504, text="<html>"), Unavailable),
]
NOTHING_DONE: list[tuple[Answer, type[TradingError]]] = [
    (httpx.ConnectError, NoAnswer),
    (httpx.ConnectTimeout, NoAnswer),
    (problem(429, "too-many-requests"), TooManyRequests),
    (httpx.Response(429, json={"message": "Too Many Requests"}), TooManyRequests),
]


@pytest.mark.parametrize("call", REPEATABLE)
@pytest.mark.parametrize(("failure", "raised"), FAILURES + NOTHING_DONE)
def test_what_may_be_sent_twice_is_sent_four_times_with_pauses_that_double(
    call: Callable[[Client], object], failure: Answer, raised: type[TradingError], pauses: list[float]
) -> None:
    api = Api(failure)
    with pytest.raises(raised):
        call(api.client())
    assert (len(api.requests), pauses) == (4, [0.2, 0.4, 0.8])
    assert len({(each.method, each.url, each.content) for each in api.requests}) == 1


@pytest.mark.parametrize("call", NOT_REPEATABLE)
@pytest.mark.parametrize(("failure", "raised"), FAILURES)
def test_what_would_be_done_twice_is_sent_once(
    call: Callable[[Client], object], failure: Answer, raised: type[TradingError], pauses: list[float]
) -> None:
    api = Api(failure)
    with pytest.raises(raised):
        call(api.client())
    assert (len(api.requests), pauses) == (1, [])


@pytest.mark.parametrize("call", NOT_REPEATABLE)
@pytest.mark.parametrize(("failure", "raised"), NOTHING_DONE)
def test_what_has_not_reached_the_api_is_sent_again_whatever_it_is(
    call: Callable[[Client], object], failure: Answer, raised: type[TradingError]
) -> None:
    api = Api(failure)
    with pytest.raises(raised):
        call(api.client())
    assert len(api.requests) == 4


def test_the_first_success_ends_it(pauses: list[float]) -> None:
    api = Api(httpx.ReadError, problem(503, "unavailable"), ok(customerId="000002"))
    assert api.client().accounts.get("000002")["customerId"] == "000002"
    assert (len(api.requests), pauses) == (3, [0.2, 0.4])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_a_refusal_is_not_asked_for_again(status: int) -> None:
    api = Api(problem(status, "some-code"))
    with pytest.raises(TradingError):
        api.client().accounts.get("000002")
    assert len(api.requests) == 1


def test_attempts_and_pauses_are_bounded_as_one_likes(pauses: list[float]) -> None:
    api = Api(httpx.ReadError)
    with pytest.raises(NoAnswer):
        api.client(retry=Retry(attempts=6, first_pause=1.0, longest_pause=3.0)).market.session()
    assert (len(api.requests), pauses) == (6, [1.0, 2.0, 3.0, 3.0, 3.0])
    with pytest.raises(NoAnswer):
        api.client(retry=Retry(attempts=1)).market.session()
    assert len(api.requests) == 7


def test_a_pause_is_a_random_part_of_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    pauses = [Retry().pause(2) for _ in range(100)]
    assert all(0 <= pause <= 0.8 for pause in pauses)
    assert len(set(pauses)) > 50


def test_every_wait_has_a_time_out() -> None:
    api = Api(ok())
    api.client().market.session()
    api.client(timeout=1.5).market.session()
    timeouts = [set(request.extensions["timeout"].values()) for request in api.requests]
    assert timeouts == [{35.0}, {1.5}]


def test_orders_of_which_nothing_is_known_are_told_one_by_one_in_the_end() -> None:
    api = Api(httpx.Response(503, json={"orders": [UNKNOWN, UNKNOWN]}))
    assert api.client().orders.enter_many([NAMED, NAMED]) == [UNKNOWN, UNKNOWN]
    assert len(api.requests) == 4
    api = Api(httpx.Response(503, json={"orders": [UNKNOWN]}), httpx.Response(202, json={"orders": [PENDING]}))
    assert api.client().orders.enter_many([NAMED]) == [PENDING]


def test_money_is_sent_as_text_and_without_an_exponent() -> None:
    api = Api(httpx.Response(202, json={"orders": [PENDING]}))
    client = api.client()
    client.orders.enter({**ORDER, "price": Decimal("1E+2")})
    assert b'"price": "100"' in api.requests[0].content
    with pytest.raises(TypeError, match="cannot be sent"):
        client.orders.enter({**ORDER, "price": object()})  # type: ignore[typeddict-item]
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("answer", "raised", "words"),
    [
        (problem(422, "a-rule-to-come"), Refused, "422 a-rule-to-come: So it is."),
        (
            problem(400, "x", errors=[{"pointer": "", "code": "y", "detail": "So."}]),
            Malformed,
            "400 x: So it is.\n  /: So.",
        ),
        (httpx.Response(401, json={"message": "Unauthorized"}), Unauthorized, "401 unauthorized: Unauthorized"),
        (httpx.Response(403, json={"message": "Denied"}), Forbidden, "403 forbidden: Denied"),
        (httpx.Response(404, text="nginx"), UnexpectedAnswer, "The answer is 404, and not one of this API: nginx"),
        (httpx.Response(403, text="proxy"), UnexpectedAnswer, "The answer is 403, and not one of this API: proxy"),
        (httpx.Response(301), UnexpectedAnswer, "The answer is 301, and not one of this API: "),
        (httpx.Response(200, text="<html>"), UnexpectedAnswer, "The answer is 200, and not JSON: <html>"),
    ],
)
def test_what_is_answered_instead_has_a_class_and_words(
    answer: httpx.Response, raised: type[TradingError], words: str
) -> None:
    with pytest.raises(raised) as error:
        Api(answer).client().market.session()
    assert (type(error.value), str(error.value)) == (raised, words)


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_not_sent(part: str) -> None:
    api = Api(ok())
    for call in (api.client().orders.cancel_all, api.client().accounts.get, api.client().market.book):
        with pytest.raises(ValueError, match="is not an id"):
            call(part)
    assert api.requests == []


def test_an_id_is_one_part_of_the_path_whatever_it_is() -> None:
    api = Api(ok())
    api.client().accounts.get("../x?y=1#z")
    assert api.requests[0].url.raw_path == b"/v1/customers/..%2Fx%3Fy%3D1%23z"


def test_what_is_known_is_not_sent_again_and_is_the_same() -> None:
    api = Api(httpx.Response(200, json={"cash": "1.00"}, headers={"ETag": '"a"'}), httpx.Response(304))
    client = api.client()
    first = client.accounts.get("000002")
    first["cash"] = "changed by whoever got it"
    assert [client.accounts.get("000002")["cash"] for _ in range(2)] == ["1.00", "1.00"]
    assert [each.headers.get("If-None-Match") for each in api.requests] == [None, '"a"', '"a"']


def test_a_new_answer_takes_the_place_of_the_one_that_is_known() -> None:
    tagged = [httpx.Response(200, json={"cash": tag}, headers={"ETag": tag}) for tag in ('"a"', '"b"')]
    api = Api(*tagged, httpx.Response(304))
    client = api.client()
    assert [client.accounts.get("000002")["cash"] for _ in range(3)] == ['"a"', '"b"', '"b"']


def test_what_is_known_is_bounded_in_number_and_size() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        size = known_answers.LARGEST_KEPT if request.url.path.endswith("large") else 1
        return httpx.Response(200, json={"text": "x" * size}, headers={"ETag": '"a"'})

    asked: list[httpx.Request] = []
    client = Client("http://api", "key", "secret", transport=httpx.MockTransport(answer))
    for name in ("large", "large", *map(str, range(known_answers.KEPT + 1)), "0", f"{known_answers.KEPT}"):
        client.accounts.get(name)
    named = [each.url.path.rpartition("/")[2] for each in asked if "If-None-Match" in each.headers]
    assert named == [f"{known_answers.KEPT}"]


def test_a_statement_whose_pages_do_not_fit_is_none() -> None:
    page: dict[str, Any] = {"closing": {"cash": "1.00"}, "lines": [{"id": "a"}], "trades": []}
    fitting = Api(ok(**page, nextToken="t"), ok(**page))
    assert len(fitting.client().accounts.statement("000002", "2026-11-22")["lines"]) == 2
    with pytest.raises(AccountChanged):
        Api(ok(**page, nextToken="t"), ok(**page | {"closing": {"cash": "2.00"}})).client().accounts.statement(
            "000002", "2026-11-22"
        )

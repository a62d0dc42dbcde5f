"""Which requests the local cloud takes, by what a browser says of the page that asks."""

from contextlib import suppress
from typing import Any

import pytest

from local.origins import API, guarded, is_welcome

PORT = 4566
OWN = f"http://127.0.0.1:{PORT}"
RESET = "/_ministack/reset"
ORDERS = f"{API}16a7a35d/v1/orders"


def scope(path: str = RESET, method: str = "POST", kind: str = "http", **headers: str) -> dict[str, Any]:
    """A request that is sent to 127.0.0.1, unless its `host` says something else."""
    fields = {"host": f"127.0.0.1:{PORT}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = [(name.title().encode(), value.encode()) for name, value in fields.items()]
    return {"type": kind, "scheme": "http", "method": method, "path": path, "headers": pairs}


@pytest.mark.parametrize("path", [RESET, ORDERS, "/"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "localhost:4566"},
        {"host": "[::1]:4566"},
        {"host": "10.88.0.1:32768"},
        {"host": "host.docker.internal:32768"},
        {"host": "host.containers.internal:32768"},
        {"host": "16a7a35d.execute-api.localhost:4566"},
        {"origin": OWN, "sec_fetch_site": "same-origin"},
        {"host": "localhost:4566", "origin": "http://localhost:4566"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none", "sec_fetch_mode": "navigate"},
    ],
    ids=str,
)
def test_what_no_page_asks_or_a_page_that_is_served_here_is_welcome(path: str, headers: dict[str, str]) -> None:
    assert is_welcome(scope(path, **headers))


@pytest.mark.parametrize("path", [RESET, ORDERS, "/"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://example.com"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": f"https://127.0.0.1:{PORT}"},
        {"origin": "http://localhost:4566"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"},
        {"host": "example.com:4566"},
        {"host": "example.com:4566", "origin": "http://example.com:4566", "sec_fetch_site": "same-origin"},
        {"host": "127.0.0.1.example.com"},
        {"host": "localhost.example.com"},
        {"host": "[::1"},
        {"host": ""},
    ],
    ids=str,
)
def test_a_page_of_another_origin_is_not(path: str, method: str, headers: dict[str, str]) -> None:
    assert not is_welcome(scope(path, method, **headers))


def test_a_link_may_lead_to_the_api_and_to_nothing_else() -> None:
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert is_welcome(scope(f"{API}16a7a35d/v1/ui", "GET", **link))
    assert not is_welcome(scope(ORDERS, "POST", **link))
    assert not is_welcome(scope("/", "GET", **link))


def test_of_two_hosts_or_origins_none_may_be_foreign() -> None:
    request = scope(origin=OWN)
    for name, value in (("host", "example.com"), ("origin", "https://example.com")):
        assert not is_welcome({**request, "headers": [*request["headers"], (name.encode(), value.encode())]})


def answers(request: dict[str, Any]) -> list[dict[str, Any]]:
    """What is sent for a request; the application itself sends that it was called."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "called"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with suppress(StopIteration):
        guarded(app)(request, receive, send).__await__().send(None)  # nothing of it waits
    return sent


def test_what_is_refused_never_reaches_the_application() -> None:
    assert answers({"type": "lifespan"}) == answers(scope()) == answers(scope(kind="websocket")) == [{"type": "called"}]
    start, body = answers(scope(origin="https://example.com"))
    assert (start["type"], start["status"]) == ("http.response.start", 403)
    assert body["body"] == b'{"message":"The local cloud answers no page of another origin."}\n'
    assert answers(scope(kind="websocket", origin="https://example.com")) == [{"type": "websocket.close", "code": 1008}]

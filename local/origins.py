"""Who may call the local cloud from a browser: pages that it serves itself, and no other.

MiniStack answers every page that a developer has open, and lets any of them read the answer. A page could delete all
state with one `POST`, or create a function, which runs on this machine. Browsers say who asks: in `Origin` (RFC 6454)
and in `Sec-Fetch-Site` (W3C Fetch Metadata). A page whose own host name has been pointed at this machine (DNS
rebinding) has the same origin for the browser, but `Host` has its name.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "/_aws/execute-api/"
LOCAL_NAMES = frozenset({"localhost", "host.docker.internal", "host.containers.internal"})
REFUSED = b'{"message":"The local cloud answers no page of another origin."}\n'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(REFUSED)).encode())]
SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


def guarded(app: App) -> App:
    """The same application, for those alone who may call it."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or is_welcome(scope):
            await app(scope, receive, send)
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 403, "headers": HEADERS})
            await send({"type": "http.response.body", "body": REFUSED})
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    return guard


def is_welcome(scope: Scope) -> bool:
    """Whether a request comes from no page, or from one that is served here. A link to the API may be followed."""
    fields = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    hosts = [value for name, value in fields if name == "host"]
    origins = [value for name, value in fields if name == "origin"]
    headers = dict(fields)
    if not all(map(_is_local, hosts)):
        return False
    if origins:
        own = {f"{SCHEMES[scope['scheme']]}://{host}".lower() for host in hosts}
        return {origin.lower() for origin in origins} <= own
    return headers.get("sec-fetch-site", "none") in {"none", "same-origin"} or _follows_link(scope, headers)


def _is_local(host: str) -> bool:
    """Whether nobody else can point this name at this machine: it is an address, `localhost`, or what containers call
    their host.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _follows_link(scope: Scope, headers: Mapping[str, str]) -> bool:
    navigates = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return navigates and scope.get("method") == "GET" and str(scope["path"]).startswith(API)

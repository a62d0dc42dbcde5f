"""A world's API for a client: each request is an event for the function of its route, without a network."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx

from tests.support import events
from tests.support.cloud import FUNCTION, of_type, stage_of
from tests.support.world import World
from trading_client import Client

URL = "http://world/v1"
PARAMETER = re.compile(r"\{(\w+)\}")
ROUTES = [
    (route["Properties"]["Method"], route["Properties"]["Path"], stage_of(name))
    for name, function in of_type(FUNCTION)
    for route in function.get("Events", {}).values()
    if route["Type"] == "Api"
]
"""Method, path and stage of each call, as the template has them."""


class Gateway(httpx.BaseTransport):
    """Answers as API Gateway does for somebody whom it has let in. `calls` are those that it got, by route."""

    def __init__(self, world: World, caller: Mapping[str, str] = events.BROKER) -> None:
        self.calls: list[tuple[str, str]] = []
        self._world = world
        self._caller = caller

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode().removeprefix("/v1").partition("?")
        for method, resource, stage in ROUTES:
            match = re.fullmatch(PARAMETER.sub(r"(?P<\1>[^/]+)", resource), path)
            if match and method == request.method:
                self.calls.append((method, resource))
                parameters = {name: unquote(text) for name, text in match.groupdict().items()}
                event = events.get(resource, parameters, dict(parse_qsl(query)) or None, self._caller)
                return _response(self._world.stage(stage)(event | _sent(request)))
        return httpx.Response(403, json={"message": "Missing Authentication Token"})


def client(world: World, caller: Mapping[str, str] = events.BROKER) -> Client:
    """Somebody's client of the world."""
    return Client(URL, "key", "secret", transport=Gateway(world, caller))


def _sent(request: httpx.Request) -> dict[str, Any]:
    """What of an event is the request's, beside its address."""
    return {
        "httpMethod": request.method,
        "body": request.read().decode() or None,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
    }


def _response(answer: Mapping[str, Any]) -> httpx.Response:
    return httpx.Response(answer["statusCode"], headers=answer["headers"], content=answer["body"].encode())

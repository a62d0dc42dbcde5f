"""A world's API for those who call it by `requests`: each call is an event for its function, without a network."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter

from local.api import Api
from tests.support import events
from tests.support.world import World

STATEMENT = "/customers/{customerId}/statements/{date}"
URL = "http://world"


class Gateway(BaseAdapter):
    """Answers the question about a statement."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        url = urlsplit(str(request.url))
        parts = [unquote(part) for part in url.path.split("/")]
        parameters = {"customerId": parts[2], "date": parts[4]}
        event = events.get(STATEMENT, parameters, dict(parse_qsl(url.query)) or None)
        return _response(request, self._world.stage("data_extractor")(event))

    def close(self) -> None:
        """Nothing is open."""


def api(world: World) -> Api:
    """A broker's calls to the world."""
    made = Api(URL, "broker", "secret")
    made.session.mount(URL, Gateway(world))
    return made


def _response(request: requests.PreparedRequest, answer: Mapping[str, Any]) -> requests.Response:
    response = requests.Response()
    response.request, response.url = request, str(request.url)
    response.status_code = answer["statusCode"]
    response.headers.update(answer["headers"])
    # requests has no other way to fill one
    response._content = answer["body"].encode()
    return response

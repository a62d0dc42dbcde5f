"""How calls are made: credentials, time-outs, repetition, answers that are known, and refusals as exceptions."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx

from trading_client.known_answers import KnownAnswers
from trading_client.problems import NoAnswer, UnexpectedAnswer, error_of

IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})
TOO_MANY_REQUESTS = 429
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Nothing has reached the API: any request may be repeated."""
AGAIN = frozenset({500, 502, 503, 504})
"""The request may have been carried out: it is repeated if that is the same as once."""

Query = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a request is sent at most, and the pauses in between, seconds: a random part of a longest one, which
    doubles each time, so that clients that failed together do not come back together.
    """

    attempts: int = 4
    first_pause: float = 0.2
    longest_pause: float = 2.0

    def pause(self, number: int) -> float:
        """After the attempt of this number, the first being 0."""
        longest = min(self.longest_pause, self.first_pause * 2.0**number)
        return random.uniform(0, longest)  # noqa: S311 # nobody gains by guessing it


class Connection:
    """Calls to one API with one credential. Threads may share it."""

    def __init__(self, http: httpx.Client, retry: Retry) -> None:
        self._http = http
        self._url = str(http.base_url).rstrip("/")
        self._retry = retry
        self._known = KnownAnswers()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        content: bytes | str | None = None,
        repeatable: bool | None = None,
    ) -> httpx.Response:
        """The answer, if it is a success or says what came of each order. Raises TradingError for all else.

        `repeatable` says whether sending it twice is the same as sending it once; without it, the method says so.
        """
        if repeatable is None:
            repeatable = method in IDEMPOTENT
        for number in count():
            last = number + 1 >= self._retry.attempts
            try:
                answer = self._sent(method, path, query, content)
            except httpx.RequestError as error:
                if last or not (repeatable or isinstance(error, NOT_SENT)):
                    raise NoAnswer(f"{method} {self._url}{path} has no answer: {error!r}") from error
            else:
                if last or not _is_to_be_repeated(answer.status_code, repeatable=repeatable):
                    return _required(answer)
            time.sleep(self._retry.pause(number))
        raise AssertionError  # count() has no end

    def call(
        self, method: str, path: str, body: Any = None, *, query: Query | None = None, repeatable: bool | None = None
    ) -> Any:
        """The answer's JSON. Raises TradingError."""
        content = None if body is None else json.dumps(body, default=_text)
        return json_of(self.request(method, path, query=query, content=content, repeatable=repeatable))

    def get(self, path: str, query: Query | None = None) -> Any:
        """What is answered to a question, JSON. Raises TradingError."""
        return self.call("GET", path, query=query)

    def pages(self, path: str, query: Query | None = None) -> Iterator[Any]:
        """The pages of an answer. Each is asked for when it is needed. Raises TradingError."""
        wanted = dict(query or {})
        while True:
            page = self.get(path, wanted)
            yield page
            if "nextToken" not in page:
                return
            wanted["nextToken"] = page["nextToken"]

    def _sent(self, method: str, path: str, query: Query | None, content: bytes | str | None) -> httpx.Response:
        headers = {} if content is None else {"Content-Type": "application/json"}
        given = {name: value for name, value in (query or {}).items() if value is not None}
        # An empty mapping would take away what stands in the path.
        request = self._http.build_request(method, path, params=given or None, content=content, headers=headers)
        known = self._known.to(request)
        answer = self._http.send(request)
        if known is not None and answer.status_code == httpx.codes.NOT_MODIFIED:
            return known
        self._known.keep(request, answer)
        return answer


def path_of(*parts: str) -> str:
    """A path of these parts. Raises ValueError for a part that would lead elsewhere."""
    for part in parts:
        if part in {"", ".", ".."}:
            raise ValueError(f"{part!r} is not an id")
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def json_of(answer: httpx.Response) -> Any:
    """The answer's JSON. Raises UnexpectedAnswer."""
    try:
        return answer.json()
    except ValueError as error:
        raise UnexpectedAnswer(f"The answer is {answer.status_code}, and not JSON: {answer.text[:500]}") from error


def _is_to_be_repeated(status: int, *, repeatable: bool) -> bool:
    return status == TOO_MANY_REQUESTS or (repeatable and status in AGAIN)


def _required(answer: httpx.Response) -> httpx.Response:
    """The answer itself, if it is no refusal. Raises TradingError."""
    if answer.is_success:
        return answer
    try:
        document = answer.json()
    except ValueError:
        document = None
    if isinstance(document, dict) and "orders" in document:  # each order of an array has its own problem
        return answer
    raise error_of(answer.status_code, document, answer.text)


def _text(value: object) -> str:
    """A value that JSON has no form for. Amounts and prices are text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{value!r} cannot be sent")

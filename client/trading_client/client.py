"""The client: one API, one credential, all calls."""

from types import TracebackType
from typing import Any, Self

import httpx

from trading_client.accounts import Accounts
from trading_client.connection import Connection, Query, Retry
from trading_client.credentials import Credentials
from trading_client.market import Market
from trading_client.operations import Operations
from trading_client.orders import Orders
from trading_client.stream import Stream

TIMEOUT_SECONDS = 35.0
"""A little more than API Gateway waits for a function."""


class Client:
    """The calls of one credential to the API at `url`, as `https://….amazonaws.com/v1`. Threads may share it.

    `timeout` is in seconds, for connecting, for sending and for each wait for an answer. Requests are repeated as
    `retry` says, if sending them twice is the same as sending them once. `transport` replaces the network.

    Calls raise TradingError: see `trading_client.problems`.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        secret: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retry: Retry | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url
        headers = {"User-Agent": "trading-client"}
        self._credential = (key_id, secret)
        self._http = httpx.Client(
            base_url=url, auth=self._credential, timeout=timeout, headers=headers, transport=transport
        )
        self._connection = Connection(self._http, retry or Retry())
        self.orders = Orders(self._connection)
        self.accounts = Accounts(self._connection)
        self.credentials = Credentials(self._connection)
        self.market = Market(self._connection)
        self.operations = Operations(self._connection)

    def contract(self) -> dict[str, Any]:
        """The API's contract, OpenAPI 3.1."""
        contract: dict[str, Any] = self._connection.get("/openapi.json")
        return contract

    def request(
        self, method: str, path: str, *, query: Query | None = None, content: bytes | str | None = None
    ) -> httpx.Response:
        """Any call, with any body, for what has no method of its own. `GET`, `PUT` and `DELETE` are repeated."""
        return self._connection.request(method, path, query=query, content=content)

    def stream(self) -> Stream:
        """The live updates, with the same credential. Close it as you close the client."""
        return Stream(self.market.session()["streamUrl"], *self._credential)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

"""The system's API, as a broker calls it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urljoin

import requests

from ops.console import Failure

SECONDS = 35.0
"""A little more than API Gateway waits for a function."""


class Api:
    """One broker's calls. They raise Failure if the API does not answer, or not as it should."""

    def __init__(self, url: str, key_id: str, secret: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.auth = (key_id, secret)

    def post(self, path: str, body: bytes | str) -> tuple[int, Any]:
        """Sends this as the body of a `POST`, whatever it is; returns status and JSON, also of refusals."""
        headers = {"Content-Type": "application/json"}
        answer = self._call("POST", path, data=body, headers=headers)
        return answer.status_code, _json(answer)

    def order(self, customer_id: str, order_id: str) -> dict[str, Any]:
        """An order as it is now."""
        return self._read(f"/customers/{customer_id}/orders/{order_id}")

    def orders(self, customer_id: str, limit: int, token: str | None = None) -> dict[str, Any]:
        """A page of a customer's orders as they are now, the newest first."""
        query = {"limit": f"{limit}"} | ({"nextToken": token} if token else {})
        return self._read(f"/customers/{customer_id}/orders", query)

    def customer(self, customer_id: str) -> dict[str, Any]:
        return self._read(f"/customers/{customer_id}")

    def trades(self, customer_id: str, order_id: str) -> Iterator[dict[str, Any]]:
        """The booked trades of an order, as the API gives them, page by page."""
        query: dict[str, str] = {}
        while True:
            page = self._read(f"/trades/{customer_id}", query)
            yield from (trade for trade in page["trades"] if trade["orderId"] == order_id)
            if "nextToken" not in page:
                return
            query = {"nextToken": page["nextToken"]}

    def statement(self, customer_id: str, date: str) -> Iterator[dict[str, Any]]:
        """The pages of a customer's statement of a day."""
        path = _statement(customer_id, date)
        query: dict[str, str] = {}
        while True:
            page = self._read(path, query)
            yield page
            if "nextToken" not in page:
                return
            query = {"nextToken": page["nextToken"]}

    def statement_csv(self, customer_id: str, date: str) -> Iterator[str]:
        """The pages of a customer's statement of a day as CSV: one after the other they are the whole."""
        path = _statement(customer_id, date) + "?format=csv"
        while True:
            answer = self._answered(path)
            yield answer.text
            if "next" not in answer.links:
                return
            path = urljoin(path, answer.links["next"]["url"])

    def _read(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        body: dict[str, Any] = _json(self._answered(path, query))
        return body

    def _answered(self, path: str, query: Mapping[str, str] | None = None) -> requests.Response:
        answer = self._call("GET", path, params=query)
        if not answer.ok:
            raise Failure(f"GET {path} was answered {answer.status_code}: {_words(answer)}")
        return answer

    def _call(self, method: str, path: str, **more: Any) -> requests.Response:
        try:
            return self.session.request(method, self.url + path, timeout=SECONDS, **more)
        except requests.RequestException as error:
            raise Failure(f"{self.url} does not answer: {error}. See `make status` and `make logs`.") from error


def _statement(customer_id: str, date: str) -> str:
    return f"/customers/{quote(customer_id, safe='')}/statements/{quote(date, safe='')}"


def _words(answer: requests.Response) -> str:
    """What an answer that refuses says, without its document if it is problem details."""
    try:
        problem = json.loads(answer.text)
        return "\n".join([problem["detail"], *(fault["detail"] for fault in problem.get("errors", []))])
    except (ValueError, TypeError, KeyError):
        return answer.text[:500]


def _json(answer: requests.Response) -> Any:
    try:
        return json.loads(answer.text)
    except ValueError as error:
        raise Failure(f"The API answered {answer.status_code} and no JSON: {answer.text[:500]}") from error

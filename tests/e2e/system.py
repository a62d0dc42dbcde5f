"""The deployed system as its users see it: the API, and the tables, queues and bucket behind it."""

import base64
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

import boto3
from boto3.dynamodb.types import TypeDeserializer

from tests.support import order_states
from trading.aws.store import accounts, dynamodb, keys
from trading.domain.credentials import digest
from trading.domain.times import iso

T = TypeVar("T")
DEADLINE_SECONDS = 120.0
"""Long enough for a machine on which other tests run, too. How long an answer may take is said where it is tested."""
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, SHARE = 0.02, 1.0, 0.05
"""Between two looks, and this share of what has been waited: a look takes time from the system that it waits for."""
CALL_SECONDS = 90.0
"""For one call: workers of functions that start at the same time wait for one another, on a busy machine for long."""

_numbers = count(100_000)


def eventually(
    look: Callable[[], T | None],
    what: object,
    seconds: float = DEADLINE_SECONDS,
    longest_pause: float = LONGEST_PAUSE_SECONDS,
) -> T:
    """What `look` finds, soon after it could. Fails, naming what was waited for, after the deadline."""
    begun = time.monotonic()
    while (found := look()) is None:
        waited = time.monotonic() - begun
        assert waited < seconds, f"waited {seconds} s for {what}"
        time.sleep(min(max(PAUSE_SECONDS, waited * SHARE), longest_pause))
    return found


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass(frozen=True)
class Caller:
    """Somebody with credentials (or without) who calls the API."""

    url: str
    credentials: tuple[str, str] | None
    scheme: str = "Basic"

    def get(self, path: str) -> Answer:
        return self._call("GET", path, None)

    def post(self, orders: object) -> Answer:
        return self._call("POST", "/orders", json.dumps(orders).encode())

    def change(self, method: str, path: str, body: object = None) -> Answer:
        """`DELETE` or `PATCH` of an order."""
        return self._call(method, path, None if body is None else json.dumps(body).encode())

    def _call(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Content-Type": "application/json"}
        if self.credentials:
            token = base64.b64encode(":".join(self.credentials).encode()).decode()
            headers["Authorization"] = f"{self.scheme} {token}"
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as response:
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as error:
            return Answer(error.code, json.load(error))


@dataclass(frozen=True)
class Customer:
    """A customer of its own for every test, so that tests do not see each other's trades."""

    id: str
    caller: Caller
    system: "System" = field(repr=False)

    def order(self, **fields: object) -> dict[str, Any]:
        """An order of this customer: the seed's, with what is different."""
        seed = {"direction": "Buy", "ticker": "COIN", "type": "Limit", "quantity": 8614, "price": "161.90"}
        return {"customerId": self.id} | {name: value for name, value in (seed | fields).items() if value is not None}

    def accepted(self, **fields: object) -> str:
        """Posts an order that is accepted and gives its id."""
        answer = self.caller.post(self.order(**fields))
        assert answer.status == 202, answer
        return str(answer.body["orders"][0]["orderId"])

    def account(self) -> dict[str, Decimal]:
        body = self.caller.get(f"/customers/{self.id}").body
        return {name: Decimal(value) for name, value in body.items() if type(value) is str and name != "customerId"}

    def state(self, order_id: str) -> dict[str, Any]:
        """The order as it is shown. A booking between the reads of one answer shows in a part of it alone: what is
        wrong must be gone with the next answer.
        """
        path = f"/customers/{self.id}/orders/{order_id}"
        shown = dict(self.caller.get(path).body)
        if order_states.misshown(shown):
            shown = eventually(lambda: self._well_shown(path), f"order {order_id} to be shown in one state")
        return shown

    def _well_shown(self, path: str) -> dict[str, Any] | None:
        shown = dict(self.caller.get(path).body)
        return None if order_states.misshown(shown) else shown

    def settled(self, order_id: str) -> list[dict[str, Any]]:
        """The order's trades, once it is filled."""
        eventually(lambda: self.state(order_id)["state"] == "Filled" or None, f"order {order_id} to fill")
        return [trade for trade in self.trades() if trade["orderId"] == order_id]

    def trades(self) -> Iterator[dict[str, Any]]:
        page = self.caller.get(f"/trades/{self.id}").body
        yield from page["trades"]
        while "nextToken" in page:
            page = self.caller.get(f"/trades/{self.id}?nextToken={page['nextToken']}").body
            yield from page["trades"]


@dataclass(frozen=True)
class System:
    """The system under test: where it is, its broker, and AWS behind it."""

    url: str
    broker: Caller
    resources: Mapping[str, str]
    session: boto3.Session
    endpoint: str
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def aws(self, service: str) -> Any:
        """A client of this service. It is made once: that takes long."""
        if service not in self._clients:
            client: Any = self.session.client
            self._clients[service] = client(service, endpoint_url=self.endpoint)
        return self._clients[service]

    def nobody(self) -> Caller:
        return Caller(self.url, None)

    def customer(self, cash: str = "100000000.00", **shares: int) -> Customer:
        """A new customer with this much cash, these shares by ticker, at 10.00 each, and credentials of its own."""
        customer_id = str(next(_numbers))
        key_id, secret = f"customer-{customer_id}", secrets.token_urlsafe(32)
        held = [(ticker, quantity, Decimal("10.00") * quantity) for ticker, quantity in shares.items()]
        entries = accounts.brought_in(customer_id, iso(datetime.now(UTC)), Decimal(cash), held)
        writes = list(accounts.opened(self.resources["TRADES_STORE_NAME"], customer_id, entries))
        credential = {"role": "customer", "customerId": customer_id, "secretDigest": digest(secret)}
        self.aws("dynamodb").transact_write_items(TransactItems=writes)
        self.put({**keys.credential(key_id), **credential})
        return Customer(customer_id, Caller(self.url, (key_id, secret)), self)

    def put(self, values: Mapping[str, Any]) -> None:
        self.aws("dynamodb").put_item(TableName=self.resources["TRADES_STORE_NAME"], Item=dynamodb.to_item(values))

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        pages = self.aws("dynamodb").get_paginator("scan").paginate(TableName=self.resources[table])
        read = TypeDeserializer().deserialize
        return [{name: read(value) for name, value in item.items()} for page in pages for item in page["Items"]]

    def archived(self) -> dict[str, bytes]:
        """Every object of archived trades, by key."""
        s3, bucket = self.aws("s3"), self.resources["ARCHIVE_NAME"]
        found = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="trades/")
        names = [each["Key"] for page in found for each in page.get("Contents", [])]
        return {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}

    def waiting(self, queue: str) -> int:
        """How many messages nobody has taken from a queue of the stack."""
        name = "ApproximateNumberOfMessages"
        answer = self.aws("sqs").get_queue_attributes(QueueUrl=self.queue(queue), AttributeNames=[name])
        return int(answer["Attributes"][name])

    def queue(self, name: str) -> str:
        """The address of a queue of the stack, by the end of its name."""
        return str(self.aws("sqs").get_queue_url(QueueName=f"trading-{name}.fifo")["QueueUrl"])

"""What a client may ask for in a frame, and what is done then."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from missed_updates import MissedUpdates

from trading.aws import clock
from trading.aws.messaging.sockets import Sockets, update_frames
from trading.aws.store import credentials, customer_items, dynamodb, keys, subscriptions
from trading.aws.store.accounts import account_of
from trading.aws.store.subscriptions import Connection
from trading.aws.time_limit import TIME_LIMIT
from trading.domain.errors import Refusal
from trading.domain.orders import CUSTOMER_ID, TICKER
from trading.domain.times import iso

RESERVED_SECONDS = 5.0
"""The part of the time limit that is kept for the answer."""

AUTHENTICATE = "authenticate"

Fields = Mapping[str, Any]
Answer = dict[str, Any]


def action_in(text: str) -> tuple[str, Fields]:
    """The action that a frame names, and its other fields. Raises Refusal for an invalid frame."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed-json", "The frame is not JSON.") from error
    action = fields.get("action") if isinstance(fields, dict) else None
    if action not in (AUTHENTICATE, *ACTIONS):
        these = ", ".join((AUTHENTICATE, *ACTIONS))
        raise Refusal("invalid-request", f"A frame is an object whose action is one of: {these}.")
    return action, fields


class Actions:
    """The actions on one TradesStore and one table of connections. Each raises Refusal for what it does not do."""

    def __init__(self, trades_store: str, connections: str, sockets: Sockets) -> None:
        self._store = trades_store
        self._connections = connections
        self._sockets = sockets
        self._missed = MissedUpdates(trades_store)

    def take(self, connection_id: str, action: str, fields: Fields) -> Answer:
        """Does what a frame asks for, and returns the frame that answers it."""
        if action == AUTHENTICATE:
            return self._authenticate(connection_id, fields)
        connection = subscriptions.connection(self._connections, connection_id, _now())
        if connection is None:
            raise Refusal("unauthorized", "Authenticate first: send the action authenticate, with keyId and secretKey.")
        return ACTIONS[action](self, connection, fields)

    def _authenticate(self, connection_id: str, fields: Fields) -> Answer:
        key_id, secret = _text(fields, "keyId"), _text(fields, "secretKey")
        credential = credentials.holder(self._store, key_id, secret)
        if credential is None:
            raise Refusal("unauthorized", "These credentials are not known.")
        subscriptions.admit(self._connections, connection_id, key_id, credential.caller, _now())
        return {"type": "authenticated", **credential.caller.shown}

    def subscribe(self, connection: Connection, fields: Fields) -> Answer:
        """The number is read after the subscription is stored: what has a higher one is sent."""
        channel, named = self._channel(connection, fields)
        subscriptions.subscribe(self._connections, connection.connection_id, channel, _now(), _deadline())
        return {"type": "subscribed", **named, **self._numbers(named), **_time()}

    def unsubscribe(self, connection: Connection, fields: Fields) -> Answer:
        channel, named = self._channel(connection, fields)
        subscriptions.unsubscribe(self._connections, connection.connection_id, channel, _deadline())
        return {"type": "unsubscribed", **named}

    def resume(self, connection: Connection, fields: Fields) -> Answer:
        """Subscribes, and sends what has a higher number than `after` and is not sent otherwise. If the client's
        account lacks changes that are not bookings, it needs a snapshot: they are not sent again.
        """
        channel, named = self._channel(connection, fields)
        if "customerId" not in named:
            raise Refusal("invalid-request", "Only a customer's updates have numbers to resume from.")
        after, since = _number(fields, "after"), _text(fields, "since")
        subscriptions.subscribe(self._connections, connection.connection_id, channel, _now(), _deadline())
        numbers = self._numbers(named)
        account = _number(fields, "account") if "account" in fields else numbers["accountSequence"]
        missed = self._missed.between(named["customerId"], after, numbers["customerSequence"], since)
        if missed is None or account != numbers["accountSequence"]:
            return {"type": "snapshotRequired", **named, **numbers, **_time()}
        for frame in update_frames(missed):
            if not self._sockets.send(connection.connection_id, frame):
                raise Refusal("unavailable", "The connection did not take what was missed.")
        return {"type": "resumed", **named, **numbers}

    def ping(self, connection: Connection, _: Fields) -> Answer:
        """Keeps the connection and what it listens to, if its credential is still what it was. Answers the numbers of
        each customer that it listens to.
        """
        credential = credentials.current(self._store, connection.key_id)
        if credential is None or credential.caller != connection.caller:
            subscriptions.forget(self._connections, connection.connection_id)
            raise Refusal("unauthorized", "These credentials were revoked.")
        subscriptions.renew(self._connections, connection, _now(), _deadline())
        wanted = [keys.customer(each) for each in connection.customers]
        found = dynamodb.get_many(self._store, wanted, consistent=True)
        items = {item["PK"].removeprefix(subscriptions.CUSTOMER): item for item in found}
        numbers = {
            "customers": {its_id: customer_items.sequence_of(item) for its_id, item in items.items()},
            "accounts": {its_id: customer_items.account_sequence_of(item) for its_id, item in items.items()},
        }
        return {"type": "pong", **numbers, **_time()}

    def _channel(self, connection: Connection, fields: Fields) -> tuple[str, dict[str, str]]:
        """The channel that a frame names, and the field that names it."""
        match (fields.get("customerId"), fields.get("ticker")):
            case (str(customer_id), None) if CUSTOMER_ID.fullmatch(customer_id):
                connection.caller.require(customer_id)
                return subscriptions.customer_channel(customer_id), {"customerId": customer_id}
            case (None, str(ticker)) if TICKER.fullmatch(ticker):
                if dynamodb.get(self._store, keys.listed(ticker)) is None:
                    raise Refusal("not-found", f"{ticker} is not traded here.")
                return subscriptions.ticker_channel(ticker), {"ticker": ticker}
        raise Refusal("invalid-request", "A frame names a customerId of six digits or a ticker, not both.")

    def _numbers(self, named: Mapping[str, str]) -> dict[str, int]:
        """A customer's present numbers: of its last booking, and of the last other change of its account."""
        if "customerId" not in named:
            return {}
        item = account_of(self._store, named["customerId"])
        return {
            customer_items.SEQUENCE: customer_items.sequence_of(item),
            customer_items.ACCOUNT_SEQUENCE: customer_items.account_sequence_of(item),
        }


ACTIONS: dict[str, Callable[[Actions, Connection, Fields], Answer]] = {
    "subscribe": Actions.subscribe,
    "unsubscribe": Actions.unsubscribe,
    "resume": Actions.resume,
    "ping": Actions.ping,
}
"""What a client may do that has said who it is."""


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise Refusal("invalid-request", f"{name} is a text, and must be given.")
    return value


def _number(fields: Fields, name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refusal("invalid-request", f"{name} is a whole number from 0, and must be given.")
    return value


def _now() -> int:
    return int(clock.now().timestamp())


def _time() -> dict[str, str]:
    return {"time": iso(clock.now())}


def _deadline() -> float:
    return TIME_LIMIT.deadline(RESERVED_SECONDS)

"""Who listens to what: WebSocket connections and their subscriptions, in the table Listeners.

A connection and its subscriptions expire. Each ping moves the expiry on, so what nobody pings any more is gone by
itself, and a revoked credential hears nothing more once its time is over. DynamoDB deletes expired items later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trading.aws.store import dynamodb, keys, transactions
from trading.domain.credentials import Caller
from trading.domain.errors import Refusal

LAPSE_SECONDS = 150
"""How long a connection is told of anything after its last ping. Clients ping every minute."""
MAX_CHANNELS = 50
"""The most channels of a connection: with the connection itself they are renewed in one transaction."""

CUSTOMER, TICKER = "CUST#", keys.TICKER


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection whose client has said who it is, and the channels that it listens to."""

    connection_id: str
    key_id: str
    caller: Caller
    channels: frozenset[str]

    @property
    def customers(self) -> list[str]:
        """The customers that it listens to."""
        return sorted(each.removeprefix(CUSTOMER) for each in self.channels if each.startswith(CUSTOMER))


def customer_channel(customer_id: str) -> str:
    return f"{CUSTOMER}{customer_id}"


def ticker_channel(ticker: str) -> str:
    return f"{TICKER}{ticker}"


def admit(table: str, connection_id: str, key_id: str, caller: Caller, now: int) -> None:
    """Stores who is at the other end of a connection; what it listened to before as somebody else is forgotten."""
    forget(table, connection_id)
    fields = {"keyId": key_id, "role": caller.role, "customerId": caller.customer_id, "expiresAt": now + LAPSE_SECONDS}
    transactions.write([transactions.put_new(table, {**keys.connection(connection_id), **fields})], deadline=0)


def connection(table: str, connection_id: str, now: int) -> Connection | None:
    """The connection, None if nobody has said who is there, or its time is over."""
    item = dynamodb.get(table, keys.connection(connection_id))
    return _connection(connection_id, item) if item and item["expiresAt"] > now else None


def subscribe(table: str, connection_id: str, channel: str, now: int, deadline: float) -> None:
    """Adds a channel to the connection's. Raises the refusal `too-many-subscriptions` if it has as many as it may."""
    add = transactions.update(
        table,
        keys.connection(connection_id),
        "ADD channels :channel",
        "attribute_exists(PK) AND (attribute_not_exists(channels) OR size(channels) < :most"
        " OR contains(channels, :name))",
        {":channel": {channel}, ":most": MAX_CHANNELS, ":name": channel},
    )
    try:
        transactions.write([add, _listening(table, channel, connection_id, now)], deadline)
    except transactions.TransactionCanceled as canceled:
        raise Refusal("too-many-subscriptions", f"A connection may have {MAX_CHANNELS} at the most.") from canceled


def unsubscribe(table: str, connection_id: str, channel: str, deadline: float) -> None:
    remove = transactions.update(
        table, keys.connection(connection_id), "DELETE channels :channel", None, {":channel": {channel}}
    )
    transactions.write([remove, transactions.delete(table, keys.subscription(channel, connection_id))], deadline)


def renew(table: str, connection: Connection, now: int, deadline: float) -> None:
    """Moves the expiry of a connection, and of all that it listens to, on."""
    moved = transactions.update(
        table,
        keys.connection(connection.connection_id),
        "SET expiresAt = :expires",
        "attribute_exists(PK)",
        {":expires": now + LAPSE_SECONDS},
    )
    listening = [_listening(table, channel, connection.connection_id, now) for channel in connection.channels]
    transactions.write([moved, *listening], deadline)


def forget(table: str, connection_id: str) -> None:
    """Deletes a connection with its subscriptions, if it is there."""
    item = dynamodb.get(table, keys.connection(connection_id))
    if item is None:
        return
    channels = _connection(connection_id, item).channels
    gone = [transactions.delete(table, keys.subscription(channel, connection_id)) for channel in channels]
    transactions.write([transactions.delete(table, keys.connection(connection_id)), *gone], deadline=0)


def listeners(table: str, channel: str, now: int) -> Iterator[str]:
    """The ids of the connections that listen to a channel."""
    values = {":channel": channel, ":now": now}
    query = {
        "TableName": table,
        "KeyConditionExpression": "PK = :channel",
        "FilterExpression": "expiresAt > :now",
        "ExpressionAttributeValues": dynamodb.to_item(values),
        "ConsistentRead": True,
    }
    return (str(item["SK"]) for item in dynamodb.query(query))


def _listening(table: str, channel: str, connection_id: str, now: int) -> dict[str, Any]:
    return transactions.put(table, {**keys.subscription(channel, connection_id), "expiresAt": now + LAPSE_SECONDS})


def _connection(connection_id: str, item: Mapping[str, Any]) -> Connection:
    caller = Caller(item["role"], item.get("customerId"))
    return Connection(connection_id, item["keyId"], caller, frozenset(item.get("channels", ())))

"""What the sample events need to lead to something, in the tables of any stack, loaded by AWS's own API."""

from local import reference
from local.waiting import deadline
from tests.support import samples
from trading.aws import clients, dynamodb, keys, store
from trading.domain.credentials import digest
from trading.domain.orders import Order, Side

SECONDS = 30.0


def load(table: str) -> None:
    """The reference data, the samples' credential, and their orders as if they had been accepted."""
    reference.load(table)
    credential = keys.credential(samples.KEY_ID) | {"role": "broker", "secretDigest": digest(samples.SECRET)}
    clients.dynamodb().put_item(TableName=table, Item=dynamodb.to_item(credential))
    for order in (samples.SEED, samples.DARK, samples.SALE):
        accept(table, order)


def accept(table: str, order: Order) -> None:
    """Stores an order with what it reserves, without a look at what the customer has."""
    needed = order.reservation(order.quantity)
    writes = [
        dynamodb.put_new(table, store.order_item(order)),
        dynamodb.update(
            table,
            keys.customer(order.customer_id),
            "ADD cash :taken, reserved :needed, openOrders :one",
            None,
            {":taken": -needed, ":needed": needed, ":one": 1},
        ),
    ]
    if order.side is Side.SELL:
        position = keys.position(order.customer_id, order.ticker)
        shares = {":taken": -order.quantity, ":sold": order.quantity}
        writes.append(dynamodb.update(table, position, "ADD available :taken, reserved :sold", None, shares))
    dynamodb.transact(writes, deadline(SECONDS))

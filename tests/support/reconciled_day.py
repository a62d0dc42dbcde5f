"""A day's trading of every kind, its reconciliation, and stores that say something else."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from reconciliation.comparison import Report, reconcile
from reconciliation.rules.breaks import Break
from tests.support import archived_trades
from tests.support.orders import enter_day, entered
from tests.support.world import World
from trading.aws.store import dynamodb, items, keys
from trading.aws.store.archived_bookings import ArchivedBooking, object_of

DATE = "2026-11-22"
TODAY = "2026-11-23"
CUSTOMER = "000003"
CUSTOMERS = ("000001", "000002", "000003")
PK = f"CUST#{CUSTOMER}"


def trade(world: World) -> dict[str, str]:
    """Both sides and pools, orders that fill, rest, are replaced, canceled and refused. Gives names and ids of those of
    CUSTOMER, and of their last bookings.
    """
    enter_day(world)
    world.settle()
    world.put_customer(CUSTOMER, "1000000.00", COIN=500, AMD=100)

    def post(**fields: Any) -> str:
        status, answer = world.post(entered(**{"customerId": CUSTOMER} | fields))
        assert status == 202
        world.settle()
        order_id: str = answer["orders"][0]["orderId"]
        return order_id

    def change(method: str, order_id: str, **fields: Any) -> None:
        assert world.change(method, order_id, fields or None, of=CUSTOMER)[0] == 202
        world.settle()

    ids = {
        "bought": post(quantity=200),
        "sold": post(direction="Sell", quantity=300, price="161.88"),
        "resting": post(quantity=50, price="150.00", timeInForce="GTC"),
        "selling": post(direction="Sell", quantity=100, price="170.00", timeInForce="GTC"),
        "replaced": post(quantity=50, price="149.00", timeInForce="GTC"),
        "canceled": post(quantity=100, price="140.00"),
        "immediate": post(quantity=10, price="100.00", timeInForce="IOC"),
        "hidden": post(ticker="AMD", quantity=333, price="114.25", poolOnly=True, timeInForce="GTC"),
        "dark": post(direction="Sell", ticker="AMD", quantity=100, price="114.00"),
    }
    assert (
        world.post(entered(customerId=CUSTOMER, quantity=1_000_000, price="150.00"))[1]["code"] == "insufficient-funds"
    )
    change("PATCH", ids["replaced"], quantity=60, price="151.00")
    change("PATCH", ids["replaced"], quantity=40)
    change("DELETE", ids["canceled"])
    bookings = [item for item in world.items(pk=f"CUST#{CUSTOMER}") if "bookingId" in item]
    return ids | {
        f"{name} booking": item["bookingId"]
        for name, its_id in ids.items()
        for item in bookings
        if its_id in (each.order.order_id for each in items.reports_of(item).orders)
    }


def reconciled(world: World, date: str = DATE) -> Report:
    return reconcile(world.stores, date)


def said(breaks: tuple[Break, ...], names: Mapping[str, str]) -> list[str]:
    """Breaks in a line each, with ids by their names, ordered."""
    text = "\n".join(sorted(map(str, breaks)))
    for name, its_id in names.items():
        text = text.replace(its_id, name)
    return sorted(text.splitlines())


@contextmanager
def other(world: World, item: Mapping[str, Any], table: str = "TradesStore", /, **fields: Any) -> Iterator[None]:
    """Meanwhile the item has these fields; one that is None is gone."""
    client = world.client("dynamodb")
    client.put_item(TableName=world.table(table), Item=dynamodb.to_item({**item, **fields}))
    try:
        yield
    finally:
        client.put_item(TableName=world.table(table), Item=dynamodb.to_item(item))


@contextmanager
def gone(world: World, item: Mapping[str, Any], table: str = "TradesStore") -> Iterator[None]:
    """Meanwhile the item is not there."""
    client = world.client("dynamodb")
    key = {name: item[name] for name in ("PK", "SK")}
    client.delete_item(TableName=world.table(table), Key=dynamodb.to_item(key))
    try:
        yield
    finally:
        client.put_item(TableName=world.table(table), Item=dynamodb.to_item(item))


@contextmanager
def archived(world: World, name: str, content: str | bytes | None) -> Iterator[None]:
    """Meanwhile the archive has this under the name; None if it has nothing."""
    client, bucket = world.client("s3"), world.cloud.resolve({"Ref": "Archive"})

    def put(body: bytes | None) -> None:
        if body is None:
            client.delete_object(Bucket=bucket, Key=name)
        else:
            client.put_object(Bucket=bucket, Key=name, Body=body)

    before = world.objects(name).get(name)
    put(content.encode() if isinstance(content, str) else content)
    try:
        yield
    finally:
        put(before)


@contextmanager
def rearchived(world: World, change: Callable[[ArchivedBooking], ArchivedBooking | None]) -> Iterator[None]:
    """Meanwhile the archive has of each booking what `change` makes of it."""
    client, bucket = world.client("s3"), world.cloud.resolve({"Ref": "Archive"})
    before = world.objects("trades/")

    def clear() -> None:
        for name in world.objects("trades/"):
            client.delete_object(Bucket=bucket, Key=name)

    changed = object_of(filter(None, map(change, archived_trades.bookings(before))))
    clear()
    client.put_object(Bucket=bucket, Key=f"trades/dt={DATE}/{changed.name}", Body=changed.body)
    try:
        yield
    finally:
        clear()
        for name, body in before.items():
            client.put_object(Bucket=bucket, Key=name, Body=body)


def only(world: World, pk: str, sk: str, table: str = "TradesStore", **fields: Any) -> dict[str, Any]:
    """The one item of a customer or ticker whose sort key begins so and which has these fields."""
    items = [each for each in world.items(table, pk=pk, sk=sk) if fields.items() <= each.items()]
    [item] = items
    return item


def kept(world: World) -> list[dict[str, Any]]:
    """The reports in the bucket, the oldest first."""
    return [json.loads(body) for _, body in sorted(world.objects("reconciliation/").items())]


def closed(world: World, customer_id: str = CUSTOMER) -> list[str]:
    """The days that a customer has closings of."""
    return [item["date"] for item in world.items(pk=f"CUST#{customer_id}", sk="CLOSING#")]


def post(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**{"customerId": CUSTOMER} | fields))
    assert status == 202
    order_id: str = answer["orders"][0]["orderId"]
    return order_id


@contextmanager
def interrupted(world: World, times: int) -> Iterator[list[str]]:
    """Something changes the customer's account whenever its bookings are read, so many times."""
    happened: list[str] = []

    def change(params: dict[str, Any], **_: Any) -> None:
        values = params["ExpressionAttributeValues"]
        first = values.get(":lowest", {}).get("S", "")
        if values[":pk"]["S"] == PK and first.startswith(keys.TRADE) and len(happened) < times:
            happened.append(first)
            world.client("dynamodb").update_item(
                TableName=world.table("TradesStore"),
                Key=dynamodb.to_item(keys.customer(CUSTOMER)),
                UpdateExpression="ADD changes :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    hooks = world.client("dynamodb").meta.events
    hooks.register("provide-client-params.dynamodb.Query", change)
    yield happened
    hooks.unregister("provide-client-params.dynamodb.Query", change)

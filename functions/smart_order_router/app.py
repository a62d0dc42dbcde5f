"""Routes accepted orders, and requests to change or end them: picks the pool, publishes to the Orders topic.

In: TradesStore's stream, orders and requests inserted. Commit: the route, on the order; none for a mass cancel, which
goes everywhere. Out: Orders topic, group = ticker.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import dynamodb, keys, store
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.aws.streams import ParkingBucket, new_items
from trading.aws.topics import Topics
from trading.domain.commands import ORDERS, Change, Command, NewOrder, orders_messages
from trading.domain.errors import Unprocessable
from trading.domain.orders import Order, PoolType
from trading.domain.routing import Route, cancels_of, command_of, route_of

STAGE = "smart_order_router"


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    orders_topic: str
    archive_bucket: str
    market_parameter: str


settings = from_environment(Settings)
parameters = Parameters(settings.market_parameter)
topics = Topics({ORDERS: settings.orders_topic})
parking = ParkingBucket(settings.archive_bucket, STAGE)
logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> None:
    commands: dict[PoolType, list[Command]] = {PoolType.DARK: [], PoolType.LIT: []}
    for pool, command in chain.from_iterable(new_items(event, routed, parking)):
        commands[pool].append(command)
        order = {"order_id": command.order.order_id} if isinstance(command, NewOrder | Change) else {}
        logger.info("command routed", extra={"command_id": command.command_id, **order, "pool": pool.value})
    for pool, its_commands in commands.items():
        topics.publish(orders_messages(STAGE, pool, its_commands))


def routed(item: dict[str, Any]) -> list[tuple[PoolType, Command]]:
    """The commands that an item becomes, and where each goes. An order goes by the route that is committed on it, and
    so does a change of it; a mass cancel goes to every engine. Raises Unprocessable for what is none of these.
    """
    if item["SK"].startswith(keys.HALT):
        return [*cancels_of(store.halt_of(item), store.tickers(settings.trades_store))]
    command = store.change_of(item) if item["SK"].startswith(keys.CHANGE) else command_of(store.order_of(item))
    return [(committed(command.order, route_of(command.order, parameters.market())).pool, command)]


def committed(order: Order, route: Route) -> Route:
    """The order's route: this one, unless it has one already. Raises Unprocessable if there is no such order."""
    there = dynamodb.update_if(
        settings.trades_store,
        keys.order(order.customer_id, order.order_id),
        "SET #route = :route",
        "attribute_exists(PK) AND attribute_not_exists(#route)",
        {":route": store.route_fields(route)},
        {"#route": "route"},
    )
    if there is None:
        return route
    if not there:
        raise Unprocessable("an order that is not in the table", {"order_id": order.order_id})
    return store.route_from(there["route"])

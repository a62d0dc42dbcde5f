"""Routes accepted orders: picks the pool, splits into slices, publishes to the Orders topic.

In: TradesStore's stream, orders inserted. Commit: the route, on the order. Out: Orders topic, group = ticker.
"""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from trading.aws import clients, dynamodb, keys, store
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.aws.streams import ParkingBucket, new_items
from trading.aws.topics import Topics
from trading.domain.commands import ORDERS, NewOrder, orders_messages
from trading.domain.errors import Unprocessable
from trading.domain.orders import Order, PoolType
from trading.domain.routing import Route, commands_of, route_of

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
    commands: dict[PoolType, list[NewOrder]] = {PoolType.DARK: [], PoolType.LIT: []}
    for order, route in new_items(event, routed, parking):
        commands[route.pool] += commands_of(order, route)
        logger.info("order routed", order_id=order.order_id, pool=route.pool.value, slices=order.slices)
    for pool, its_commands in commands.items():
        topics.publish(orders_messages(STAGE, pool, its_commands))


def routed(item: dict[str, Any]) -> tuple[Order, Route]:
    """The order and the route that is committed on it. Raises Unprocessable for what is not an order of the table."""
    order = store.order_of(item)
    return order, committed(order, route_of(order, parameters.market()))


def committed(order: Order, route: Route) -> Route:
    """The order's route: this one, unless it has one already. Raises Unprocessable if there is no such order."""
    try:
        clients.dynamodb().update_item(
            TableName=settings.trades_store,
            Key=dynamodb.to_item(keys.order(order.customer_id, order.order_id)),
            UpdateExpression="SET #route = :route",
            ConditionExpression="attribute_exists(PK) AND attribute_not_exists(#route)",
            ExpressionAttributeNames={"#route": "route"},
            ExpressionAttributeValues=dynamodb.to_item({":route": store.route_fields(route)}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        item = error.response.get("Item")
        if not item:
            raise Unprocessable("an order that is not in the table", {"order_id": order.order_id}) from error
        return store.route_from(dynamodb.from_item(item)["route"])  # type: ignore[arg-type]
    return route

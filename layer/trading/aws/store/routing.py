"""Routes orders. The route is stored with the order: so an order that is routed again gives the same command, whatever
has changed since.
"""

from collections.abc import Callable
from typing import Any

from trading.aws.store import directory, dynamodb, items, keys
from trading.domain.errors import Unprocessable
from trading.domain.market import Market
from trading.domain.messages.commands import Command
from trading.domain.orders import Order, PoolType
from trading.domain.routing import Route, cancels_of, command_of, route_of


class Router:
    """Routes the orders of a TradesStore. `market` gives the configuration."""

    def __init__(self, table: str, market: Callable[[], Market]) -> None:
        self._table = table
        self._market = market

    def routed(self, item: dict[str, Any]) -> list[tuple[PoolType, Command]]:
        """The commands of an item, each with its pool type. An order goes by the route that is stored with it, and so
        does a change of it; a mass cancel goes to every engine. Raises Unprocessable for any other item.

        An order that was accepted before orders had a route gets it here.
        """
        if item["SK"].startswith(keys.SUSPENSION):
            return [*cancels_of(items.suspension_of(item), directory.tickers(self._table))]
        if item["SK"].startswith(keys.MASS_CANCEL):
            asked = items.mass_cancel_of(item)
            return [*cancels_of(asked, [asked.ticker] if asked.ticker else directory.tickers(self._table))]
        command = items.change_of(item) if item["SK"].startswith(keys.CHANGE) else command_of(items.order_of(item))
        if "route" in item:
            return [(items.route_of(item).pool, command)]
        return [(self._committed(command.order, route_of(command.order, self._market())).pool, command)]

    def _committed(self, order: Order, route: Route) -> Route:
        """Commits this route on the order, unless it has one already, and returns the order's route. Raises
        Unprocessable if there is no such order.
        """
        there = dynamodb.update_if(
            self._table,
            keys.order(order.customer_id, order.order_id),
            "SET #route = :route",
            "attribute_exists(PK) AND attribute_not_exists(#route)",
            {":route": items.route_fields(route)},
            {"#route": "route"},
        )
        if there is None:
            return route
        if not there:
            raise Unprocessable("an order that is not in the table", {"order_id": order.order_id})
        return items.route_of(there)

"""What an item of TradesStore asks of the engines. An order's route was stored with it when it was accepted: so an
order that is routed again gives the same command, whatever has changed since.
"""

from typing import Any

from trading.aws.store import directory, items, keys
from trading.domain.messages.commands import Command
from trading.domain.orders import PoolType
from trading.domain.routing import cancels_of, command_of


def routed(table: str, item: dict[str, Any]) -> list[tuple[PoolType, Command]]:
    """The commands of an item, each with its pool type. An order goes by the route that is stored with it, and so does
    a change of it; a mass cancel goes to every engine. Raises Unprocessable for any other item.
    """
    if item["SK"].startswith(keys.SUSPENSION):
        return [*cancels_of(items.suspension_of(item), directory.tickers(table))]
    if item["SK"].startswith(keys.MASS_CANCEL):
        asked = items.mass_cancel_of(item)
        return [*cancels_of(asked, [asked.ticker] if asked.ticker else directory.tickers(table))]
    command = items.change_of(item) if item["SK"].startswith(keys.CHANGE) else command_of(items.order_of(item))
    return [(items.route_of(item).pool, command)]

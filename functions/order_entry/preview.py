"""What would come of an order if it were entered now: what it would reserve, what it could cost, what forbids it.

The code that accepts orders computes it, from the same configuration, quotes and limits. Nothing is stored, and nothing
is promised: the quote may change in the next moment.
"""

from decimal import Decimal
from typing import Any

from order_factory import checked
from pre_trade_checks import Account
from request_bodies import entered

from trading.aws import clock
from trading.aws.api import http
from trading.aws.parameters import Parameters
from trading.aws.store import customer_items, dynamodb, keys
from trading.aws.store.quotes import Quotes
from trading.domain import money
from trading.domain.accounts.limits import CustomerLimits, collared, value_of
from trading.domain.credentials import Caller
from trading.domain.errors import Refusal
from trading.domain.orders import Order, Side
from trading.domain.quotes import MarketQuote, Quote


class Previews:
    """Previews for orders of one TradesStore."""

    def __init__(self, table: str, parameters: Parameters, quotes: Quotes[MarketQuote]) -> None:
        self._table = table
        self._parameters = parameters
        self._quotes = quotes

    def of(self, value: object, caller: Caller) -> dict[str, Any]:
        """Raises Refusal for an order that is not well-formed, or is somebody else's."""
        wanted = entered(value)
        caller.require(wanted.customer_id)
        item = dynamodb.get(self._table, keys.customer(wanted.customer_id), consistent=False)
        if item is None:
            return _refused(Refusal("not-found", f"There is no customer {wanted.customer_id}."))
        now = clock.now()
        quotes = self._quotes.of([wanted.ticker])
        try:
            order = checked(wanted, clock.new_order_id(now), now, quotes, self._parameters.market())
        except Refusal as refusal:
            return _refused(refusal)
        position = dynamodb.get(self._table, keys.position(order.customer_id, order.ticker), consistent=False)
        account = Account(
            customer_items.limits_of(item), shares={order.ticker: int((position or {}).get("available", 0))}
        )
        account.see(item, account.limits)
        quote = quotes[order.ticker].reference
        forbidden = account.refusal_of(order, quote)
        shown = _shown(order, quote, account.limits, item["cash"], account.shares[order.ticker])
        return shown | (_refused(forbidden) if forbidden else {})


def _shown(order: Order, quote: Quote, limits: CustomerLimits, cash: Decimal, available: int) -> dict[str, Any]:
    reserves: dict[str, Any] = {"cash": money.text(order.reservation(order.quantity))}
    if order.side is Side.SELL:
        reserves = {"shares": order.quantity}
    shown: dict[str, Any] = {
        "reserves": reserves,
        "value": money.text(value_of(order, quote)),
        "highestFees": money.text(order.highest_fees(order.quantity)),
        "protectionPrice": money.text(order.protection_price),
        "buyingPower": money.text(cash),
        "available": available,
    }
    if limits.collar is not None and order.price is not None:
        furthest = collared(order.side, order.stop_price or quote.reference(order.side), limits.collar)
        shown["furthestLimit"] = money.text(furthest)
    return shown


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"problem": http.problem(refusal)}

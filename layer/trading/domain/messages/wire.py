"""The wire: how messages are packed and read, and the order as every message carries it.

Readers are strict: anything that a stage of this system does not write raises KeyError, TypeError or ValueError, which
the reader of the whole message turns into Unprocessable. `bounds` says what each value may be; the JSON Schemas of the
messages are in `events/schemas`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from trading.domain import money
from trading.domain.errors import FromLaterRelease, shown
from trading.domain.messages.bounds import (
    client_order_of,
    count_of,
    customer_of,
    id_of,
    object_of,
    price_of,
    rate_of,
    require_slices,
    ticker_of,
)
from trading.domain.orders import Order, OrdType, Peg, SelfTrade, Side, TimeInForce
from trading.domain.times import checked_date, checked_instant

VERSION = 1
ENCODER = json.JSONEncoder(separators=(",", ":"))
UNREADABLE = (KeyError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What reading an invalid message raises."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a FIFO topic. Subscriptions filter by `attributes`; messages of one `group` keep their order.

    SNS deduplicates by `id` for five minutes: an economy, never a guarantee.
    """

    topic: str
    attributes: Mapping[str, str]
    group: str
    id: str
    body: str


ArrivalFields = list[str | None]
"""The best bid and ask, in this order, that were displayed when an order arrived. A side that was empty is None."""


class OrderFields(TypedDict):
    """An order on the wire: the original document's fields, then what was fixed when it was accepted."""

    customerId: str
    direction: str
    ticker: str
    type: str
    price: NotRequired[str]
    orderId: str
    orderDate: str
    initialQuantity: int
    sessionDate: str
    protectionPrice: str
    highestFee: str
    highestRate: str
    sliceSize: int
    clientOrderId: NotRequired[str]
    timeInForce: NotRequired[str]
    stopPrice: NotRequired[str]
    minimumQuantity: NotRequired[int]
    postOnly: NotRequired[bool]
    poolOnly: NotRequired[bool]
    selfTradePrevention: NotRequired[str]
    pegToMidpoint: NotRequired[bool]
    pegToPrimary: NotRequired[bool]
    pegOffset: NotRequired[str]
    arrival: NotRequired[ArrivalFields]


def compact(value: object) -> str:
    return ENCODER.encode(value)


def order_fields(order: Order) -> OrderFields:
    fields: OrderFields = {
        "customerId": order.customer_id,
        "direction": order.side.value,
        "ticker": order.ticker,
        "type": order.type.value,
        "orderId": order.order_id,
        "orderDate": order.order_date,
        "initialQuantity": order.quantity,
        "sessionDate": order.session_date,
        "protectionPrice": money.text(order.protection_price),
        "highestFee": money.text(order.highest_fee),
        "highestRate": str(order.highest_rate),
        "sliceSize": order.slice_size,
    }
    if order.price is not None:
        fields["price"] = money.text(order.price)
    if order.client_order_id is not None:
        fields["clientOrderId"] = order.client_order_id
    if order.time_in_force is not TimeInForce.DAY:
        fields["timeInForce"] = order.time_in_force.value
    if order.stop_price is not None:
        fields["stopPrice"] = money.text(order.stop_price)
    if order.minimum_quantity:
        fields["minimumQuantity"] = order.minimum_quantity
    _add_instructions(fields, order)
    if order.arrival_bid is not None or order.arrival_ask is not None:
        fields["arrival"] = [_text(order.arrival_bid), _text(order.arrival_ask)]
    return fields


def _add_instructions(fields: OrderFields, order: Order) -> None:
    """Adds how an order is to be handled (FIX 18, ExecInst), as far as that was said."""
    if order.post_only:
        fields["postOnly"] = True
    if order.pool_only:
        fields["poolOnly"] = True
    if order.self_trade is not SelfTrade.CANCEL_NEWEST:
        fields["selfTradePrevention"] = order.self_trade.value
    if order.peg is Peg.MIDPOINT:
        fields["pegToMidpoint"] = True
    if order.peg is Peg.PRIMARY:
        fields["pegToPrimary"] = True
    if order.peg_offset:
        fields["pegOffset"] = money.text(order.peg_offset)


def _text(price: Decimal | None) -> str | None:
    return None if price is None else money.text(price)


def peg_of(fields: Mapping[str, Any]) -> Peg | None:
    """What an order is pegged to, None if it is not."""
    return next((peg for peg in Peg if fields.get(peg) is True), None)


def order_from(fields: Mapping[str, Any]) -> Order:
    """The order in these fields. Raises KeyError, TypeError or ValueError if they are not an order's."""
    optional = ("price", "stopPrice", "minimumQuantity", "clientOrderId")
    price, stop, minimum, client_order_id = (object_of(fields).get(name) for name in optional)
    bid, ask = fields.get("arrival", (None, None))
    order = Order(
        order_id=id_of(fields["orderId"]),
        customer_id=customer_of(fields["customerId"]),
        side=Side(fields["direction"]),
        ticker=ticker_of(fields["ticker"]),
        type=OrdType(fields["type"]),
        quantity=count_of(fields["initialQuantity"]),
        price=None if price is None else price_of(price),
        order_date=checked_instant(fields["orderDate"]),
        session_date=checked_date(fields["sessionDate"]),
        protection_price=price_of(fields["protectionPrice"]),
        highest_fee=money.amount(fields["highestFee"]),
        highest_rate=rate_of(fields["highestRate"]),
        slice_size=count_of(fields["sliceSize"]),
        client_order_id=None if client_order_id is None else client_order_of(client_order_id),
        time_in_force=TimeInForce(fields.get("timeInForce", TimeInForce.DAY)),
        stop_price=None if stop is None else price_of(stop),
        minimum_quantity=0 if minimum is None else count_of(minimum),
        post_only=fields.get("postOnly") is True,
        pool_only=fields.get("poolOnly") is True,
        self_trade=SelfTrade(fields.get("selfTradePrevention", SelfTrade.CANCEL_NEWEST)),
        peg=peg_of(fields),
        peg_offset=price_of(fields["pegOffset"]) if "pegOffset" in fields else money.ZERO,
        arrival_bid=None if bid is None else price_of(bid),
        arrival_ask=None if ask is None else price_of(ask),
    )
    require_slices(order.quantity, order.slice_size)
    if (order.type in {OrdType.LIMIT, OrdType.STOP_LIMIT}) != (order.price is not None):
        raise ValueError("a limit order has a price, a market order has none")
    if (order.type in {OrdType.STOP, OrdType.STOP_LIMIT}) != (order.stop_price is not None):
        raise ValueError("a stop order has a stop price, no other has one")
    return order


def parsed(body: str, *kinds: str) -> Mapping[str, Any]:
    """A message of one of these kinds and of this version. Raises ValueError (or RecursionError, if nested too deep)
    for all else, but FromLaterRelease for a later version, of whatever kind.
    """
    message = object_of(parsed_value(body))
    version = message.get("version")
    if message.get("type") in kinds and version == VERSION:
        return message
    words = f"{shown(message.get('type'))} of version {shown(version)}"
    if isinstance(version, int) and version > VERSION:
        raise FromLaterRelease(f"{words}, which this release cannot read")
    raise ValueError(words)


def parsed_value(text: str) -> Any:
    """JSON without fractions: amounts are strings here, never JSON numbers. Raises ValueError or RecursionError."""
    return json.loads(text, parse_float=_no_number, parse_constant=_no_number)


def _no_number(text: str) -> Decimal:
    raise ValueError(f"{text:.20} is not a number of this protocol: amounts are strings")

"""Reads orders and changes from the body of a request. An invalid one is refused with every fault and its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from trading.aws.api.requests import Form, schema_of
from trading.domain import money
from trading.domain.errors import Fault, Refusal
from trading.domain.messages.wire import peg_of
from trading.domain.orders import AT_AUCTION, OrdType, Peg, SelfTrade, Side, TimeInForce

ORDERS_PER_REQUEST = 500
WORDS = {
    "customerId": "six digits",
    "ticker": "1 to 10 capital letters or dots",
    "price": "a price above zero as text, at most 999999.99, with at most two decimals",
    "stopPrice": "a price above zero as text, at most 999999.99, with at most two decimals",
    "pegOffset": "a price above zero as text, at most 999999.99, with at most two decimals",
    "clientOrderId": "1 to 36 letters, digits, dots, colons, hyphens or underscores",
}
FOLDER = Path(__file__).parent
ORDER = Form(schema_of(FOLDER / "order.schema.json"), "order", "invalid-order", WORDS)
CHANGE = Form(schema_of(FOLDER / "change.schema.json"), "order", "invalid-order", WORDS)


@dataclass(frozen=True, slots=True)
class Entered:
    """An order as its customer entered it: well-formed, but not yet checked against limits or the account."""

    customer_id: str
    side: Side
    ticker: str
    type: OrdType
    quantity: int
    price: Decimal | None
    client_order_id: str | None
    time_in_force: TimeInForce
    stop_price: Decimal | None
    minimum_quantity: int
    post_only: bool
    pool_only: bool
    self_trade: SelfTrade
    peg: Peg | None
    peg_offset: Decimal


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a customer wants of an open order: another total quantity, another limit, or both."""

    quantity: int | None
    price: Decimal | None
    client_order_id: str | None


def values_of(body: object) -> list[Any]:
    """The orders of a request, a single one or an array's. Raises Refusal for an array that is empty or too long."""
    if not isinstance(body, list):
        return [body]
    if not body:
        raise Refusal("empty-request", "The array is empty: send at least one order.")
    if len(body) > ORDERS_PER_REQUEST:
        raise Refusal("too-many-orders", f"An array may have {ORDERS_PER_REQUEST} orders, this one has {len(body)}.")
    return body


def entered(value: object, pointer: str = "") -> Entered:
    """One order. Raises the refusal `invalid-order` with all its faults; `pointer` is where it stands in the body."""
    ORDER.check(value, pointer)
    ORDER.require_none(list(_contradictions(value, pointer)))
    fields: Any = value
    return Entered(
        customer_id=fields["customerId"],
        side=Side(fields["direction"]),
        ticker=fields["ticker"],
        type=OrdType(fields["type"]),
        quantity=fields["quantity"],
        price=Decimal(fields["price"]) if "price" in fields else None,
        client_order_id=fields.get("clientOrderId"),
        time_in_force=TimeInForce(fields.get("timeInForce", TimeInForce.DAY)),
        stop_price=Decimal(fields["stopPrice"]) if "stopPrice" in fields else None,
        minimum_quantity=fields.get("minimumQuantity", 0),
        post_only=fields.get("postOnly", False),
        pool_only=fields.get("poolOnly", False),
        self_trade=SelfTrade(fields.get("selfTradePrevention", SelfTrade.CANCEL_NEWEST)),
        peg=peg_of(fields),
        peg_offset=Decimal(fields["pegOffset"]) if "pegOffset" in fields else money.ZERO,
    )


def amendment(value: object) -> Amendment:
    """A change. Raises the refusal `invalid-order` with all its faults."""
    CHANGE.check(value)
    fields: Any = value
    if not fields.keys() & {"quantity", "price"}:
        CHANGE.require_none([Fault("", "missing", "A change has a quantity, a price, or both.")])
    price = fields.get("price")
    return Amendment(fields.get("quantity"), Decimal(price) if price else None, fields.get("clientOrderId"))


def _contradictions(fields: Any, pointer: str) -> Iterator[Fault]:
    """The faults of a well-formed order whose terms do not go together."""
    rests = fields.get("timeInForce", TimeInForce.DAY) in {TimeInForce.DAY, TimeInForce.GTC}
    auction = fields.get("timeInForce") in AT_AUCTION
    minimum, pool_only = fields.get("minimumQuantity", 0), fields.get("poolOnly", False)
    if minimum > fields["quantity"]:
        yield Fault(f"{pointer}/minimumQuantity", "too-large", "minimumQuantity is at most the quantity.")
    if fields.get("postOnly") and not (fields["type"] == OrdType.LIMIT and rests and not pool_only):
        detail = "postOnly is for limit orders that rest in the lit pools: Day or GTC, without poolOnly."
        yield Fault(f"{pointer}/postOnly", "not-allowed", detail)
    waits = fields["type"] in {OrdType.LIMIT, OrdType.STOP_LIMIT} and rests and not pool_only
    if minimum and (waits or auction):
        detail = "minimumQuantity is for orders that are executed at once, or with poolOnly."
        yield Fault(f"{pointer}/minimumQuantity", "not-allowed", detail)
    yield from _misplaced_pegs(fields, pointer, rests=rests)
    if pool_only and "stopPrice" in fields:
        yield Fault(f"{pointer}/poolOnly", "not-allowed", "A stop order waits in the lit pools: it cannot be poolOnly.")
    elif pool_only and auction:
        yield Fault(
            f"{pointer}/poolOnly", "not-allowed", "Auctions are in the lit pools: OPG and CLS cannot be poolOnly."
        )
    if auction and "stopPrice" in fields:
        yield Fault(f"{pointer}/timeInForce", "not-allowed", "A stop order cannot be for an auction: OPG or CLS.")


def _misplaced_pegs(fields: Any, pointer: str, *, rests: bool) -> Iterator[Fault]:
    """The faults of a well-formed order's fields about pegs."""
    pegs = [peg for peg in Peg if fields.get(peg)]
    pool_only = fields.get("poolOnly", False)
    fits = fields["type"] == OrdType.LIMIT and rests and not fields.get("postOnly")
    for number, peg in enumerate(pegs):
        if number:
            yield Fault(f"{pointer}/{peg}", "not-allowed", "An order is pegged to one price.")
        elif not fits:
            yield Fault(f"{pointer}/{peg}", "not-allowed", f"{peg} is for limit orders, Day or GTC, without postOnly.")
        elif peg is Peg.PRIMARY and pool_only:
            yield Fault(f"{pointer}/{peg}", "not-allowed", "The dark pools trade at the midpoint.")
    if "pegOffset" in fields and (not pegs or pool_only):
        detail = "pegOffset is for pegged orders in the lit pools: the dark pools trade at the midpoint."
        yield Fault(f"{pointer}/pegOffset", "not-allowed", detail)

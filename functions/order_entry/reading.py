"""From the body of a request to orders as entered: what is not one is refused with every fault and where it is."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from trading.domain.errors import Fault, Refusal
from trading.domain.orders import OrdType, SelfTrade, Side, TimeInForce

BODY_BYTES = 1_000_000
ORDERS_PER_REQUEST = 500
FAULTS_PER_ORDER = 50
"""Listed at the most, so that an answer stays within the 6 MB that Lambda lets through."""
ORDER: dict[str, Any] = json.loads((Path(__file__).parent / "order.schema.json").read_text())
BEYOND = "a number beyond any range"
SCHEMA = Draft202012Validator(ORDER)
CHANGE = Draft202012Validator(json.loads((Path(__file__).parent / "change.schema.json").read_text()))
FORMS = {
    "customerId": "six digits",
    "ticker": "1 to 10 capital letters or dots",
    "price": "a price above zero as text, at most 999999.99, with at most two decimals",
    "stopPrice": "a price above zero as text, at most 999999.99, with at most two decimals",
    "clientOrderId": "1 to 36 letters, digits, dots, colons, hyphens or underscores",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """An order as its customer entered it, well-formed but not yet checked against anything."""

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


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a customer wants of an open order: another total quantity, another limit, or both."""

    quantity: int | None
    price: Decimal | None
    client_order_id: str | None


def body_of(event: Mapping[str, Any]) -> object:
    """The request's JSON. Raises Refusal."""
    body = event.get("body") or ""
    try:
        content = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        if len(content) > BODY_BYTES:
            raise Refusal("body-too-large", f"A request may have {BODY_BYTES} bytes at the most.")
        text = content.decode()
        if not text.strip():
            raise Refusal("empty-request", "The request has no body: send an order or an array of orders.")
        return json.loads(
            text,
            parse_float=_fraction,
            parse_int=_whole_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise Refusal("malformed-json", "The body is nested too deeply.") from error
    except (binascii.Error, UnicodeError) as error:
        raise Refusal("malformed-json", "The body is not UTF-8 text.") from error
    except ValueError as error:
        raise Refusal("malformed-json", f"The body is not JSON: {str(error)[:200]}") from error


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
    faults = _faults_of(value, SCHEMA, pointer)
    _require_none(faults or list(_contradictions(value, pointer)))
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
    )


def amendment(value: object) -> Amendment:
    """A change. Raises the refusal `invalid-order` with all its faults."""
    _require_none(_faults_of(value, CHANGE, ""))
    fields: Any = value
    if not fields.keys() & {"quantity", "price"}:
        _require_none([Fault("", "missing", "A change has a quantity, a price, or both.")])
    price = fields.get("price")
    return Amendment(fields.get("quantity"), Decimal(price) if price else None, fields.get("clientOrderId"))


def _faults_of(value: object, schema: Draft202012Validator, pointer: str) -> list[Fault]:
    try:
        return [fault for error in schema.iter_errors(value) for fault in _faults(error, pointer)]
    except RecursionError as error:  # a little below the depth that cannot be read, it cannot be checked
        raise Refusal("malformed-json", "The order is nested too deeply.") from error


def _require_none(faults: list[Fault]) -> None:
    if faults:
        listed = sorted(faults, key=lambda fault: fault.pointer)[:FAULTS_PER_ORDER]
        rest = f" These are {len(listed)} of its {len(faults)} faults." if len(listed) < len(faults) else ""
        raise Refusal("invalid-order", f"The order is not well-formed.{rest}", listed)


def _contradictions(fields: Any, pointer: str) -> Iterator[Fault]:
    """What a well-formed order asks for that does not go together."""
    rests = fields.get("timeInForce", TimeInForce.DAY) in {TimeInForce.DAY, TimeInForce.GTC}
    minimum, pool_only = fields.get("minimumQuantity", 0), fields.get("poolOnly", False)
    if minimum > fields["quantity"]:
        yield Fault(f"{pointer}/minimumQuantity", "too-large", "minimumQuantity is at most the quantity.")
    if fields.get("postOnly") and not (fields["type"] == OrdType.LIMIT and rests and not pool_only):
        detail = "postOnly is for limit orders that rest in the lit pools: Day or GTC, without poolOnly."
        yield Fault(f"{pointer}/postOnly", "not-allowed", detail)
    if pool_only and "stopPrice" in fields:
        yield Fault(f"{pointer}/poolOnly", "not-allowed", "A stop order waits in the lit pools: it cannot be poolOnly.")


def _faults(error: ValidationError, pointer: str) -> Iterator[Fault]:
    """What one error of the schema means to a person, by the schema's keyword and the field it is about."""
    path = [str(part) for part in error.absolute_path]
    at = "/".join([pointer, *path])
    field = path[-1] if path else ""
    rule: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "required":
            missing = next(name for name in rule if error.message.startswith(repr(name)))
            yield Fault(f"{at}/{missing}", "missing", f"{missing} is missing.")
        case "additionalProperties":
            schema: Any = error.schema
            for name in sorted(set(instance) - set(schema["properties"])):
                yield Fault(f"{at}/{_escaped(name)}", "unknown-field", "An order has no such field.")
        case "enum":
            yield Fault(at, "unknown-value", f"{field} is one of: {', '.join(rule)}.")
        case "minimum":
            yield Fault(at, "not-positive", f"{field} is a whole number of at least 1.")
        case "type" if rule == "boolean":
            yield Fault(at, "wrong-type", f"{field} is true or false.")
        case "pattern":
            yield Fault(at, "invalid-format", f"{field} is {FORMS[field]}.")
        case "type" if rule == "integer":
            yield Fault(at, "not-a-whole-number", f"{field} is a whole number, not in quotes and without decimals.")
        case "type":
            expected = (
                f"{field} is a text: {FORMS[field]}." if field in FORMS else "This is no order: it is no JSON object."
            )
            yield Fault(at, "wrong-type", expected)
        case _:
            [excess] = rule["required"]
            yield Fault(f"{at}/{excess}", "not-allowed", f"An order of this type has no {excess}.")


def _escaped(name: str) -> str:
    return name[:40].replace("~", "~0").replace("/", "~1")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice in one object")
    return fields


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError(BEYOND) from error


def _fraction(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(BEYOND) from error


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")

"""Commands as they are written in messages of the Orders topic and in journals, and read from there."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from trading.domain import money
from trading.domain.errors import shown
from trading.domain.messages.bounds import (
    count_of,
    customer_of,
    id_of,
    number_of,
    object_of,
    price_of,
    require_slices,
    trade_price_of,
)
from trading.domain.messages.commands import (
    CancelOrder,
    Command,
    ExpireOrders,
    MassCancel,
    NewOrder,
    OpenSession,
    QuoteChanged,
    ReplaceOrder,
    WatchQuote,
)
from trading.domain.messages.wire import OrderFields, order_fields, order_from
from trading.domain.quotes import Quote
from trading.domain.times import checked_date, checked_instant, session_date, session_end


class CommandFields(TypedDict):
    """One command to an engine; which fields it has follows from `command`."""

    command: str
    commandId: str
    changeId: NotRequired[str]
    requestId: NotRequired[str]
    customerId: NotRequired[str]
    time: NotRequired[str]
    sessionDate: NotRequired[str]
    order: NotRequired[OrderFields]
    quantity: NotRequired[int]
    price: NotRequired[str]
    reserved: NotRequired[str]
    bid: NotRequired[str]
    ask: NotRequired[str]
    number: NotRequired[int]
    watched: NotRequired[bool]
    midpoint: NotRequired[str]
    notMatchedInDarkPool: NotRequired[bool]
    forwarded: NotRequired[bool]
    tradesOn: NotRequired[bool]


def command_fields(command: Command) -> CommandFields:
    match command:
        case NewOrder():
            return _new_order_fields(command)
        case ExpireOrders(command_id, _, its_session, time) | OpenSession(command_id, _, its_session, time):
            name = "openSession" if isinstance(command, OpenSession) else "expireOrders"
            return {"command": name, "commandId": command_id, "sessionDate": its_session, "time": time}
        case MassCancel():
            return _mass_cancel_fields(command)
        case QuoteChanged(command_id, _, quote):
            prices: CommandFields = {"command": "quoteChanged", "commandId": command_id, "time": quote.time}
            return prices | {"bid": money.text(quote.bid), "ask": money.text(quote.ask)}
        case WatchQuote():
            return _watch_quote_fields(command)
    fields: CommandFields = {
        "command": "cancelOrder",
        "commandId": command.command_id,
        "changeId": command.change_id,
        "sessionDate": command.session_date,
        "order": order_fields(command.order),
    }
    if isinstance(command, ReplaceOrder):
        fields["command"] = "replaceOrder"
        fields["quantity"] = command.quantity
        fields["price"] = money.text(command.price)
        fields["reserved"] = money.text(command.reserved)
    if command.forwarded:
        fields["forwarded"] = True
    return fields


def _new_order_fields(command: NewOrder) -> CommandFields:
    fields: CommandFields = {
        "command": "newOrder",
        "commandId": command.command_id,
        "order": order_fields(command.order),
        "quantity": command.quantity,
    }
    if command.not_matched_in_dark_pool:
        fields["notMatchedInDarkPool"] = True
    return fields


def _mass_cancel_fields(command: MassCancel) -> CommandFields:
    fields: CommandFields = {
        "command": "cancelOrders",
        "commandId": command.command_id,
        "requestId": command.request_id,
        "customerId": command.customer_id,
        "time": command.time,
    }
    if command.forwarded:
        fields["forwarded"] = True
    if command.trades_on:
        fields["tradesOn"] = True
    return fields


def _watch_quote_fields(command: WatchQuote) -> CommandFields:
    fields: CommandFields = {
        "command": "watchQuote",
        "commandId": command.command_id,
        "sessionDate": command.session_date,
        "number": command.number,
        "watched": command.on,
    }
    if command.midpoint is not None:
        fields["midpoint"] = money.price_text(command.midpoint)
    return fields


def command_from(fields: Mapping[str, Any], ticker: str) -> Command:
    """Raises KeyError, TypeError or ValueError where the fields are not those of a command in this ticker."""
    name = object_of(fields)["command"]
    if not isinstance(name, str) or name not in READERS:
        raise ValueError(f"unknown command {shown(name)}")
    return READERS[name](fields, ticker)


def _mass_cancel_from(fields: Mapping[str, Any], ticker: str) -> MassCancel:
    return MassCancel(
        command_id=id_of(fields["commandId"]),
        request_id=id_of(fields["requestId"]),
        ticker=ticker,
        customer_id=customer_of(fields["customerId"]),
        time=checked_instant(fields["time"]),
        forwarded=fields.get("forwarded") is True,
        trades_on=fields.get("tradesOn") is True,
    )


def _replace_order_from(fields: Mapping[str, Any]) -> ReplaceOrder:
    change = ReplaceOrder(
        **_change_from(fields),
        quantity=count_of(fields["quantity"]),
        price=price_of(fields["price"]),
        reserved=money.not_negative(fields["reserved"]),
    )
    require_slices(change.quantity, change.order.slice_size)
    return change


def _expire_from(fields: Mapping[str, Any], ticker: str) -> ExpireOrders:
    """Reads a command to expire orders. Its time must not be after the session's end, or it would end orders of the
    next one.
    """
    closed = checked_date(fields["sessionDate"])
    time = checked_instant(fields.get("time", session_end(closed)))
    if time > session_end(closed):
        raise ValueError(f"the session {closed} is closed at {time}, after its end")
    return ExpireOrders(id_of(fields["commandId"]), ticker, closed, time)


def _open_from(fields: Mapping[str, Any], ticker: str) -> OpenSession:
    """Reads a command to open a session, at a time that lies in it."""
    opened, time = checked_date(fields["sessionDate"]), checked_instant(fields["time"])
    if session_date(datetime.fromisoformat(time)) != opened:
        raise ValueError(f"the session {opened} is opened at {time}, on another day")
    return OpenSession(id_of(fields["commandId"]), ticker, opened, time)


def _quote_changed_from(fields: Mapping[str, Any], ticker: str) -> QuoteChanged:
    quote = Quote(price_of(fields["bid"]), price_of(fields["ask"]), checked_instant(fields["time"]))
    if quote.bid >= quote.ask:
        raise ValueError(f"a quote of {quote.bid} to {quote.ask} is crossed")
    return QuoteChanged(id_of(fields["commandId"]), ticker, quote)


def _watch_quote_from(fields: Mapping[str, Any], ticker: str) -> WatchQuote:
    if not isinstance(on := fields["watched"], bool):
        raise TypeError(f"watched is {shown(on)}")
    return WatchQuote(
        command_id=id_of(fields["commandId"]),
        ticker=ticker,
        session_date=checked_date(fields["sessionDate"]),
        number=number_of(fields["number"]),
        on=on,
        midpoint=trade_price_of(fields["midpoint"]) if "midpoint" in fields else None,
    )


def _change_from(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that all changes have."""
    return {
        "command_id": id_of(fields["commandId"]),
        "change_id": id_of(fields["changeId"]),
        "order": order_from(fields["order"]),
        "session_date": checked_date(fields["sessionDate"]),
        "forwarded": fields.get("forwarded") is True,
    }


def new_order_from(fields: Mapping[str, Any]) -> NewOrder:
    """As `command_from`, of a new order."""
    order = order_from(fields["order"])
    quantity = count_of(fields["quantity"])
    if quantity > order.quantity:
        raise ValueError(f"{quantity} shares of an order of {order.quantity}")
    return NewOrder(id_of(fields["commandId"]), order, quantity, fields.get("notMatchedInDarkPool") is True)


READERS: Mapping[str, Callable[[Mapping[str, Any], str], Command]] = {
    "newOrder": lambda fields, _: new_order_from(fields),
    "cancelOrder": lambda fields, _: CancelOrder(**_change_from(fields)),
    "replaceOrder": lambda fields, _: _replace_order_from(fields),
    "cancelOrders": _mass_cancel_from,
    "expireOrders": _expire_from,
    "openSession": _open_from,
    "quoteChanged": _quote_changed_from,
    "watchQuote": _watch_quote_from,
}
"""The reader of each command. It is given the message's ticker, too."""

"""Commands as messages of the Orders topic: from the router to an engine, and between the engines."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from trading.domain import money
from trading.domain.errors import Unprocessable, shown, why
from trading.domain.ids import derived
from trading.domain.messages.bounds import (
    count_of,
    customer_of,
    id_of,
    number_of,
    object_of,
    price_of,
    require_slices,
    ticker_of,
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
from trading.domain.messages.wire import (
    UNREADABLE,
    VERSION,
    Message,
    OrderFields,
    compact,
    order_fields,
    order_from,
    parsed,
)
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote
from trading.domain.times import checked_date, checked_instant, session_date, session_end

ORDERS = "orders"
ROUTED = "ordersRouted"
MESSAGE_BYTES = 100_000
"""A message is closed when it has reached this size; SNS and SQS take 262,144 bytes."""


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


def commands_from(body: str, pool: PoolType) -> list[Command]:
    """The commands of an Orders message to the engine of this pool type. Raises Unprocessable, with the reason, for
    anything else.
    """
    try:
        message = parsed(body, ROUTED)
        if PoolType(message["poolType"]) is not pool:
            raise ValueError(f"for the other engine than that of pool type {pool}")
        ticker = ticker_of(message["ticker"])
        commands = [command_from(fields, ticker) for fields in message["commands"]]
        if any(command.ticker != ticker for command in commands):
            raise ValueError(f"an order of another ticker in a message for {shown(ticker)}")
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of the Orders topic: {why(error)}") from error
    return commands


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


def orders_messages(stage: str, pool: PoolType, commands: Iterable[Command]) -> Iterator[Message]:
    """Packs commands into messages for the Orders topic: a ticker's commands together and in order."""
    by_ticker: dict[str, list[Command]] = {}
    for command in commands:
        by_ticker.setdefault(command.ticker, []).append(command)
    for ticker, its_commands in by_ticker.items():
        for packed in _packed([(command.command_id, command_fields(command)) for command in its_commands]):
            yield Message(
                topic=ORDERS,
                attributes={"poolType": pool.value},
                group=ticker,
                id=derived(",".join(command_id for command_id, _ in packed), stage),
                body=compact(
                    {
                        "version": VERSION,
                        "type": ROUTED,
                        "poolType": pool.value,
                        "ticker": ticker,
                        "commands": [fields for _, fields in packed],
                    }
                ),
            )


def _packed(items: Sequence[tuple[str, CommandFields]]) -> Iterator[list[tuple[str, CommandFields]]]:
    packed: list[tuple[str, CommandFields]] = []
    size = 0
    for item in items:
        packed.append(item)
        size += len(compact(item[1]))
        if size >= MESSAGE_BYTES:
            yield packed
            packed, size = [], 0
    if packed:
        yield packed

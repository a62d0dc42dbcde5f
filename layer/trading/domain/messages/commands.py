"""What an engine is asked to do, and the ids of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from trading.domain.ids import derived
from trading.domain.orders import Order
from trading.domain.quotes import Quote
from trading.domain.times import session_date


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Execute `quantity` shares of an order (FIX D, NewOrderSingle): all, or what the dark pools left of it.

    `command_id` makes sure that it happens once.
    """

    command_id: str
    order: Order
    quantity: int
    not_matched_in_dark_pool: bool = False

    @property
    def ticker(self) -> str:
        return self.order.ticker

    @property
    def session_date(self) -> str:
        """The session that it belongs to."""
        return self.order.session_date


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """End the open part of an order (FIX F, OrderCancelRequest). `order` is as it stood when this was requested, in the
    session `session_date`. `change_id` names the request all the way, `command_id` only this message to one engine.
    """

    command_id: str
    change_id: str
    order: Order
    session_date: str
    forwarded: bool = False

    @property
    def ticker(self) -> str:
        return self.order.ticker


@dataclass(frozen=True, slots=True)
class ReplaceOrder:
    """Give an order a new total quantity and limit (FIX G, OrderCancelReplaceRequest). The other fields are as in a
    cancel.

    `reserved` is the cash that the request reserved in addition to the order's own, USD. For a sell it reserved `more`
    shares.
    """

    command_id: str
    change_id: str
    order: Order
    session_date: str
    quantity: int
    price: Decimal
    reserved: Decimal
    forwarded: bool = False

    @property
    def ticker(self) -> str:
        return self.order.ticker

    @property
    def more(self) -> int:
        """The shares asked for in addition."""
        return max(self.quantity - self.order.quantity, 0)


@dataclass(frozen=True, slots=True)
class MassCancel:
    """End all open orders of a customer in a ticker (FIX q, OrderMassCancelRequest). At `time` (FIX 60) the customer
    was suspended, or asked for this and `trades_on`. `request_id` names the request all the way, `command_id` only this
    message to one engine.

    It ends what is in the pool, and what comes later of what was accepted until `time`. There are two exceptions. A
    mass cancel that the dark engine forwarded ends, of what is in the lit pools, only what came from the dark ones: by
    then the customer may trade again. If the customer trades on, nothing ends that was accepted after `time`: it may
    have overtaken the request.
    """

    command_id: str
    request_id: str
    ticker: str
    customer_id: str
    time: str
    forwarded: bool = False
    trades_on: bool = False

    @property
    def reason(self) -> str:
        """Why the orders end."""
        return "mass-cancel" if self.trades_on else "halted"

    @property
    def session_date(self) -> str:
        """The session in which it was requested."""
        return session_date(datetime.fromisoformat(self.time))


@dataclass(frozen=True, slots=True)
class ExpireOrders:
    """Close the session `session_date` at `time`: end all orders that were entered until then and last no longer than
    their session (FIX 150=C), also those that come to the pool later. Executed again, it finds nothing to end.
    """

    command_id: str
    ticker: str
    session_date: str
    time: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open the session `session_date` at `time`: execute what has collected in an auction, and begin to trade. It does
    nothing if the ticker trades already, or was closed since.
    """

    command_id: str
    ticker: str
    session_date: str
    time: str


@dataclass(frozen=True, slots=True)
class QuoteChanged:
    """In the lit pools: take a new reference quote; market makers requote around it. One that is not newer than the
    last changes nothing. In the dark pools: this is displayed since its time. What rests follows what is displayed now.
    """

    command_id: str
    ticker: str
    quote: Quote

    @property
    def session_date(self) -> str:
        """The session of the quote's time."""
        return session_date(datetime.fromisoformat(self.quote.time))


@dataclass(frozen=True, slots=True)
class WatchQuote:
    """Tell the dark engine when the displayed quote moves, because orders rest with it; or, if not `on`, stop that. The
    dark engine numbers these requests of a ticker. One that comes after a later one changes nothing. `midpoint` is that
    of the quote which the dark engine has seen, USD, None if there was none.
    """

    command_id: str
    ticker: str
    session_date: str
    number: int
    on: bool
    midpoint: Decimal | None


Change = CancelOrder | ReplaceOrder
Command = NewOrder | Change | MassCancel | ExpireOrders | OpenSession | QuoteChanged | WatchQuote


def superseded(command: Command, following: Sequence[Command]) -> bool:
    """Whether a command brings a quote, and the next one, with nothing between them, a later quote of the same ticker:
    only the later one is executed.
    """
    match command, following:
        case QuoteChanged(), [QuoteChanged() as later, *_]:
            return later.quote.time > command.quote.time
    return False


def new_order_id(order_id: str) -> str:
    """The id of the command that brings an order to its first pool."""
    return derived(order_id, "new")


def lit_id(command_id: str) -> str:
    """The id of the command that the dark engine sends on to the lit pools: a request, or the rest of an order."""
    return derived(command_id, "lit")


def cancel_id(order_id: str) -> str:
    """The id of an order's cancel: an order is canceled once, however often that is asked for."""
    return derived(order_id, "cancel")

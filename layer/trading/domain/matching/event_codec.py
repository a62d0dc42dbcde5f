"""Events of a pool as the journal stores them: JSON lists, each of which begins with the event's name.

An order is written in full where it comes into the book (Rested, Waiting). Everywhere else its id is enough, because
the book that folds the events has the order. The readers trust what they read, which is this system's own journal. The
classes' names are part of the stored form.
"""

from collections.abc import Callable, Iterable
from typing import Any

from trading.domain.matching.pool import (
    Closed,
    Event,
    Followed,
    Forwarded,
    Halted,
    MassCanceled,
    Overtaken,
    Passed,
    Quoted,
    Told,
    Watched,
)
from trading.domain.matching.working_order import (
    Called,
    Canceled,
    Elected,
    Moved,
    Opened,
    Ranked,
    Rejected,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.messages.command_codec import command_fields, new_order_from


def event_values(event: Event) -> list[Any]:
    kind = type(event)
    return [kind.__name__, *_WRITERS[kind](event)]


def events_from(values: Iterable[list[Any]]) -> list[Event]:
    return [_READERS[name](*rest) for name, *rest in values]


def terms_values(terms: Any) -> Any:
    """A working order's terms as JSON: the command that brought a customer's order; nothing for the house's."""
    return None if terms is None else command_fields(terms)


def terms_from(values: Any) -> Any:
    return None if values is None else new_order_from(values)


def _named(order_id: str) -> WorkingOrder:
    """A stand-in for an order, because the event has only its id."""
    return WorkingOrder(order_id, "", buys=True, quantity=0, price=None)


_WRITERS: dict[type, Callable[[Any], list[Any]]] = {
    Traded: lambda e: [e.maker.id, e.taker.id, *(e[2:] if e.auction else e[2:-1])],
    Rested: lambda e: [e.order.packed(terms_values), e.leaves],
    Waiting: lambda e: [e.order.packed(terms_values)],
    Elected: lambda e: [e.order.id],
    Canceled: lambda e: [e.order.id, *e[1:]],
    Replaced: lambda e: [e.order.id, e.quantity, e.price, e.leaves, e.kept, terms_values(e.terms)],
    Moved: lambda e: [e.order.id, e.price],
    Passed: lambda e: [e.order.id, e.quantity],
    Forwarded: list,
    Overtaken: list,
    Halted: list,
    MassCanceled: list,
    Closed: list,
    Rejected: list,
    Ranked: list,
    Called: list,
    Opened: list,
    Quoted: list,
    Followed: list,
    Watched: list,
    Told: list,
}

_READERS: dict[str, Callable[..., Event]] = {
    "Traded": lambda maker, taker, *rest: Traded(_named(maker), _named(taker), *rest),
    "Rested": lambda order, leaves: Rested(WorkingOrder.unpacked(order, terms_from), leaves),
    "Waiting": lambda order: Waiting(WorkingOrder.unpacked(order, terms_from)),
    "Elected": lambda order_id: Elected(_named(order_id)),
    "Canceled": lambda order_id, *rest: Canceled(_named(order_id), *rest),
    "Replaced": lambda order_id, quantity, price, leaves, kept, terms: Replaced(
        _named(order_id), quantity, price, leaves, kept, terms_from(terms)
    ),
    "Moved": lambda order_id, price: Moved(_named(order_id), price),
    "Passed": lambda order_id, quantity: Passed(_named(order_id), quantity),
    "Forwarded": Forwarded,
    "Overtaken": Overtaken,
    "Halted": Halted,
    "MassCanceled": MassCanceled,
    "Closed": Closed,
    "Rejected": Rejected,
    "Ranked": Ranked,
    "Called": Called,
    "Opened": Opened,
    "Quoted": Quoted,
    "Followed": Followed,
    "Watched": Watched,
    "Told": Told,
}

"""The state of an order (FIX 39, OrdStatus): which states there are, and which of them follows which.

`TRANSITIONS` is the rule. `state_of` computes a state by it, anew from the order's quantities and from the requests
that wait for an answer. So a decided request leaves no trace in the state, and the table has no way back from
PendingCancel or PendingReplace.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import reduce

from trading.domain.errors import IllegalTransition


class OrdStatus(StrEnum):
    """FIX 39; `state` on the wire."""

    PENDING_NEW = "PendingNew"
    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    FILLED = "Filled"
    PENDING_CANCEL = "PendingCancel"
    CANCELED = "Canceled"
    PENDING_REPLACE = "PendingReplace"
    REJECTED = "Rejected"
    EXPIRED = "Expired"


class OrderEvent(StrEnum):
    """What moves an order from one state to the next: a report of an engine (FIX 150, ExecType), or a request (FIX 35,
    MsgType).
    """

    ACKNOWLEDGED = "Acknowledged"
    """An engine has the order (150=0)."""
    TRADED = "Traded"
    """A part of it is filled, a part is still open (150=F)."""
    FILLED = "Filled"
    """All of it is filled (150=F)."""
    CANCELED = "Canceled"
    """The open part was canceled (150=4)."""
    EXPIRED = "Expired"
    """The open part ended with the session (150=C)."""
    REJECTED = "Rejected"
    """A rule forbids it (150=8)."""
    CANCEL_REQUESTED = "CancelRequested"
    """Its customer asked to cancel it (35=F), and no engine has decided yet."""
    REPLACE_REQUESTED = "ReplaceRequested"
    """Its customer asked to replace it (35=G), and no engine has decided yet."""


FIX_CODES: Mapping[OrdStatus, str] = {
    OrdStatus.PENDING_NEW: "A",
    OrdStatus.NEW: "0",
    OrdStatus.PARTIALLY_FILLED: "1",
    OrdStatus.FILLED: "2",
    OrdStatus.CANCELED: "4",
    OrdStatus.PENDING_CANCEL: "6",
    OrdStatus.REJECTED: "8",
    OrdStatus.EXPIRED: "C",
    OrdStatus.PENDING_REPLACE: "E",
}
"""FIX's code of each state (39)."""

TRANSITIONS: Mapping[tuple[OrdStatus, OrderEvent], OrdStatus] = {
    (OrdStatus.PENDING_NEW, OrderEvent.ACKNOWLEDGED): OrdStatus.NEW,
    (OrdStatus.PENDING_NEW, OrderEvent.TRADED): OrdStatus.PARTIALLY_FILLED,
    (OrdStatus.PENDING_NEW, OrderEvent.FILLED): OrdStatus.FILLED,
    (OrdStatus.PENDING_NEW, OrderEvent.CANCELED): OrdStatus.CANCELED,
    (OrdStatus.PENDING_NEW, OrderEvent.EXPIRED): OrdStatus.EXPIRED,
    (OrdStatus.PENDING_NEW, OrderEvent.REJECTED): OrdStatus.REJECTED,
    (OrdStatus.PENDING_NEW, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
    (OrdStatus.PENDING_NEW, OrderEvent.REPLACE_REQUESTED): OrdStatus.PENDING_REPLACE,
    (OrdStatus.NEW, OrderEvent.ACKNOWLEDGED): OrdStatus.NEW,  # by the next engine on its way
    (OrdStatus.NEW, OrderEvent.TRADED): OrdStatus.PARTIALLY_FILLED,
    (OrdStatus.NEW, OrderEvent.FILLED): OrdStatus.FILLED,
    (OrdStatus.NEW, OrderEvent.CANCELED): OrdStatus.CANCELED,
    (OrdStatus.NEW, OrderEvent.EXPIRED): OrdStatus.EXPIRED,
    (OrdStatus.NEW, OrderEvent.REJECTED): OrdStatus.REJECTED,
    (OrdStatus.NEW, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
    (OrdStatus.NEW, OrderEvent.REPLACE_REQUESTED): OrdStatus.PENDING_REPLACE,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.ACKNOWLEDGED): OrdStatus.PARTIALLY_FILLED,  # what is left of it rests
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.TRADED): OrdStatus.PARTIALLY_FILLED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.FILLED): OrdStatus.FILLED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.CANCELED): OrdStatus.CANCELED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.EXPIRED): OrdStatus.EXPIRED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.REJECTED): OrdStatus.REJECTED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.REPLACE_REQUESTED): OrdStatus.PENDING_REPLACE,
    (OrdStatus.PENDING_REPLACE, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
}
"""The state after an event. A pair that is not here is forbidden. Nothing happens to an order that has ended. While a
request waits for its answer no other may follow, except a cancel after a replacement.

A waiting request is shown instead of the state that the order's quantities make. Once it is decided, the order is in
that state again: with its new terms after a replacement (FIX 150=5, Replaced); as it was if the request was refused
(FIX 35=9, OrderCancelReject); ended if it was filled or canceled meanwhile.
"""

ENDED = frozenset({OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED})
"""The states in which an order has ended: nothing follows."""


def next_state(state: OrdStatus, event: OrderEvent) -> OrdStatus:
    """The state after the event. Raises IllegalTransition where the table has none."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"an order that is {state} cannot become {event}") from None


def state_of(
    cumulative: int,
    leaves: int,
    ending: OrdStatus | str | None = None,
    *,
    answered: bool = True,
    requests: Iterable[OrderEvent] = (),
) -> OrdStatus:
    """An order's state (FIX 39) from its quantities, in whatever sequence its reports were booked.

    `leaves` is what may still be open. `ending` is how it ended, None if nothing of it ended unfilled. `answered` says
    that an engine has it. `requests` are those that wait for an answer, the oldest first.
    """
    events = [OrderEvent.ACKNOWLEDGED] if answered else []
    if leaves:
        events += [OrderEvent.TRADED] if cumulative else []
        events += requests
    else:
        events.append(OrderEvent.FILLED if ending is None else OrderEvent(ending))
    return reduce(next_state, events, OrdStatus.PENDING_NEW)

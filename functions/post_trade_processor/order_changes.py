"""What bookings change of an order: the write, and the order afterwards, from one description of the change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from trading.aws.store import items, keys, order_bookings, transactions
from trading.aws.store.customer_items import SEQUENCE
from trading.domain.errors import Unprocessable
from trading.domain.executions import OrderReport
from trading.domain.orders import Order, Side

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What is set, added and removed. `raised` are amounts that are added to an attribute or, if the order lacks it, to
    the value of another one. `order` has the terms that it must have, `prices` are those that it traded at. `earlier`
    are the bookings that the booking is to name, because the order no longer does.
    """

    order: Order
    set: Mapping[str, Any]
    raised: Mapping[str, tuple[str, int]]
    added: Mapping[str, Any]
    removed: frozenset[str]
    prices: tuple[Decimal, ...]
    earlier: bytes | None

    @property
    def expression(self) -> str:
        """As an update expression; the values are those of `values`."""
        sets = [f"{name} = if_not_exists({name}, {other}) + :{name}" for name, (other, _) in self.raised.items()]
        sets += [f"{name} = :{name}" for name in self.set]
        adds = [f"{name} :{name}" for name in self.added]
        removes = f" REMOVE {', '.join(sorted(self.removed))}" if self.removed else ""
        return f"SET {', '.join(sets)} ADD {', '.join(adds)}{removes}"

    @property
    def values(self) -> dict[str, Any]:
        named = {**self.set, **self.added, **{name: amount for name, (_, amount) in self.raised.items()}}
        return {f":{name}": value for name, value in named.items()}

    @property
    def closing(self) -> int:
        """How many shares it closes, of those that the order may still close."""
        return -self.raised["openQuantity"][1]

    @property
    def taken(self) -> int:
        """How many of its open shares it takes."""
        return -int(self.added["leavesQuantity"])

    @property
    def released(self) -> Decimal:
        """How much of the order's reservation it releases, USD."""
        released: Decimal = -self.added["reserved"]
        return released

    def then(self, later: "OrderChange") -> "OrderChange":
        """Both changes as one. Raises Unprocessable if they are of orders with other terms."""
        if _terms(self.order) != _terms(later.order):
            raise Unprocessable("an order is reported on with other terms", {"order_id": self.order.order_id})
        raised = {
            name: (other, amount + self.raised.get(name, (other, 0))[1])
            for name, (other, amount) in {**self.raised, **later.raised}.items()
            if name in later.raised
        }
        return replace(
            later,
            set={**{name: value for name, value in self.set.items() if name not in later.removed}, **later.set},
            raised={**self.raised, **raised},
            added={name: amount + later.added[name] for name, amount in self.added.items()},
            removed=self.removed - later.set.keys() | later.removed,
            prices=self.prices + later.prices,
        )

    def of(self, item: Item) -> dict[str, Any]:
        """The order's item after the change."""
        raised = {name: item.get(name, item[other]) + amount for name, (other, amount) in self.raised.items()}
        added = {name: item[name] + amount for name, amount in self.added.items()}
        kept = {name: value for name, value in item.items() if name not in self.removed}
        return {**kept, **self.set, **raised, **added}


def change_of(each: OrderReport, before: Item | None, sequence: int, booking: str) -> OrderChange:
    """The change by a report in a booking, by its sort key. `before` is the order before it, if it is there. The last
    report sets how the order ended, the first one that an engine has the order.

    A trade may be booked before the replacement that made room for it. So `openQuantity` is what the order may still
    close, where that differs from its open quantity; the request has already added what it asked for.
    """
    ending = items.ending_fields(each)
    named, earlier = order_bookings.with_booking(before, booking)
    set_ = dict(_outcomes(each)) | {SEQUENCE: sequence, order_bookings.NAMED: named}
    raised = {"openQuantity": ("leavesQuantity", -_closing(each))}
    if any(change.quantity for change in each.changes):
        raised["orderQuantity"] = ("initialQuantity", each.by)
    if not each.refused:
        set_["answered"] = True
    if ending:
        set_["ending"] = ending
    removed = {f"pending{change.kind}" for change in each.changes}
    if before and not leaves_of(before) and each.taken:  # it ended, and is open again
        set_[keys.OPEN_ORDER] = each.order.order_id
    elif each.taken and leaves_of(before) == each.taken:
        removed.add(keys.OPEN_ORDER)
    added = {
        "cumulativeQuantity": each.filled,
        "canceledQuantity": each.ended,
        "leavesQuantity": -each.taken,
        "executedNotional": each.turnover,
        "fees": each.fees,
        "reserved": -each.released,
    }
    prices = tuple(execution.price for execution in each.executions)
    return OrderChange(each.order, set_, raised, added, frozenset(removed), prices, earlier)


def write(table: str, change: OrderChange, before: Item | None) -> dict[str, Any]:
    """The write of the change, if the order is as it was `before`, and what is reported fits it."""
    seen, order = before or {}, change.order
    return transactions.update(
        table,
        keys.order(order.customer_id, order.order_id),
        change.expression,
        "(openQuantity >= :closing OR attribute_not_exists(openQuantity) AND leavesQuantity >= :closing) "
        "AND reserved >= :release AND ticker = :ticker AND direction = :direction AND orderDate = :entered "
        f"AND leavesQuantity = :leaves AND {_as_numbered(seen)}" + _within_limit(change),
        {
            **change.values,
            ":closing": change.closing,
            ":release": change.released,
            ":ticker": order.ticker,
            ":direction": order.side.value,
            ":entered": order.order_date,
            ":leaves": leaves_of(before),
            ":seen": seen.get(SEQUENCE),
            ":worst": _worst(change),
        },
    )


def is_same(before: Item | None, there: Item | None) -> bool:
    """Whether no booking changed an order between these two."""
    if before is None or there is None:
        return before is there
    return all(before.get(name) == there.get(name) for name in (SEQUENCE, "leavesQuantity"))


def leaves_of(item: Item | None) -> int:
    """What is open of an order, nothing if it is not there."""
    return int(item["leavesQuantity"]) if item else 0


def _terms(order: Order) -> tuple[str, Side, str]:
    """What no change of an order changes."""
    return order.ticker, order.side, order.order_date


def _as_numbered(seen: Item) -> str:
    return f"{SEQUENCE} = :seen" if SEQUENCE in seen else f"attribute_not_exists({SEQUENCE})"


def _closing(each: OrderReport) -> int:
    """How many shares a report closes, of those that the order may still close."""
    return each.filled + each.ended + each.returned


def _outcomes(each: OrderReport) -> Iterator[tuple[str, Any]]:
    """What requests to change the order set: its new limit, or why it was not changed."""
    for change in each.changes:
        if change.reason is not None:
            yield f"refused{change.kind}", {"changeId": change.change_id, "reason": change.reason}
        elif change.price is not None:
            yield "price", change.price
            yield "protectionPrice", change.price


def _worst(change: OrderChange) -> Decimal | None:
    """The worst price that the order traded at."""
    return (max if change.order.side is Side.BUY else min)(change.prices, default=None)


def _within_limit(change: OrderChange) -> str:
    """The condition that the trades keep to the widest limit that the order ever had or asked for: a booking may come
    late.
    """
    if not change.prices:
        return ""
    within = ">=" if change.order.side is Side.BUY else "<="
    asked = f"widestLimit {within} :worst"
    return f" AND ({asked} OR attribute_not_exists(widestLimit) AND protectionPrice {within} :worst)"

"""What a booking changes of an order: the write, and the order afterwards, from one description of the change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.aws.store import dynamodb, items, keys
from trading.domain.executions import OrderReport
from trading.domain.orders import Side

Item = Mapping[str, Any]

SEQUENCE = "customerSequence"


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What is set, added and removed. `raised` are amounts that are added to an attribute or, if the order lacks it, to
    the value of another one.
    """

    set: Mapping[str, Any]
    raised: Mapping[str, tuple[str, int]]
    added: Mapping[str, Any]
    removed: tuple[str, ...]

    @property
    def expression(self) -> str:
        """As an update expression; the values are those of `values`."""
        sets = [f"{name} = if_not_exists({name}, {other}) + :{name}" for name, (other, _) in self.raised.items()]
        sets += [f"{name} = :{name}" for name in self.set]
        adds = [f"{name} :{name}" for name in self.added]
        removes = f" REMOVE {', '.join(self.removed)}" if self.removed else ""
        return f"SET {', '.join(sets)} ADD {', '.join(adds)}{removes}"

    @property
    def values(self) -> dict[str, Any]:
        named = {**self.set, **self.added, **{name: amount for name, (_, amount) in self.raised.items()}}
        return {f":{name}": value for name, value in named.items()}

    def of(self, item: Item) -> dict[str, Any]:
        """The order's item after the change."""
        raised = {name: item.get(name, item[other]) + amount for name, (other, amount) in self.raised.items()}
        added = {name: item[name] + amount for name, amount in self.added.items()}
        kept = {name: value for name, value in item.items() if name not in self.removed}
        return {**kept, **self.set, **raised, **added}


def change_of(each: OrderReport, leaves: int, sequence: int) -> OrderChange:
    """The change by a report. `leaves` is what is open of the order before it. The last report sets how the order
    ended, the first that an engine has it.

    A trade may be booked before the replacement that made room for it. So `openQuantity` is what the order may still
    close, where that differs from its open quantity; the request has already added what it asked for.
    """
    ending = items.ending_fields(each)
    set_ = dict(_outcomes(each)) | {SEQUENCE: sequence}
    raised = {"openQuantity": ("leavesQuantity", -_closing(each))}
    if any(change.quantity for change in each.changes):
        raised["orderQuantity"] = ("initialQuantity", each.by)
    if not each.refused:
        set_["answered"] = True
    if ending:
        set_["ending"] = ending
    removed = sorted({f"pending{change.kind}" for change in each.changes})
    if each.taken and leaves != each.taken:
        set_[keys.OPEN_ORDER] = each.order.order_id
    elif each.taken:
        removed.append(keys.OPEN_ORDER)
    added = {
        "cumulativeQuantity": each.filled,
        "canceledQuantity": each.ended,
        "leavesQuantity": -each.taken,
        "executedNotional": each.turnover,
        "fees": each.fees,
        "reserved": -each.released,
    }
    return OrderChange(set_, raised, added, tuple(removed))


def write(table: str, each: OrderReport, change: OrderChange, before: Item | None) -> dict[str, Any]:
    """The write of the change, if the order is as it was `before`, and what is reported fits it."""
    seen = before or {}
    return dynamodb.update(
        table,
        keys.order(each.order.customer_id, each.order.order_id),
        change.expression,
        "(openQuantity >= :closing OR attribute_not_exists(openQuantity) AND leavesQuantity >= :closing) "
        "AND reserved >= :release AND ticker = :ticker AND direction = :direction AND orderDate = :entered "
        f"AND leavesQuantity = :leaves AND {_as_numbered(seen)}" + _within_limit(each),
        {
            **change.values,
            ":closing": _closing(each),
            ":release": each.released,
            ":ticker": each.order.ticker,
            ":direction": each.order.side.value,
            ":entered": each.order.order_date,
            ":leaves": seen.get("leavesQuantity", 0),
            ":seen": seen.get(SEQUENCE),
            ":worst": _worst(each),
        },
    )


def is_same(before: Item | None, there: Item | None) -> bool:
    """Whether no booking changed an order between these two."""
    if before is None or there is None:
        return before is there
    return all(before.get(name) == there.get(name) for name in (SEQUENCE, "leavesQuantity"))


def _as_numbered(seen: Item) -> str:
    return f"{SEQUENCE} = :seen" if SEQUENCE in seen else f"attribute_not_exists({SEQUENCE})"


def _closing(each: OrderReport) -> int:
    """How many of the shares that the order may close it closes."""
    return each.filled + each.ended + each.returned


def _outcomes(each: OrderReport) -> Iterator[tuple[str, Any]]:
    """What requests to change the order set: its new limit, or why it was not changed."""
    for change in each.changes:
        if change.reason is not None:
            yield f"refused{change.kind}", {"changeId": change.change_id, "reason": change.reason}
        elif change.price is not None:
            yield "price", change.price
            yield "protectionPrice", change.price


def _worst(each: OrderReport) -> Decimal | None:
    """The worst price that the order traded at."""
    if not each.executions:
        return None
    return (max if each.order.side is Side.BUY else min)(execution.price for execution in each.executions)


def _within_limit(each: OrderReport) -> str:
    """The condition that the trades keep to the widest limit that the order ever had or asked for: a booking may come
    late.
    """
    if not each.executions:
        return ""
    within = ">=" if each.order.side is Side.BUY else "<="
    asked = f"widestLimit {within} :worst"
    return f" AND ({asked} OR attribute_not_exists(widestLimit) AND protectionPrice {within} :worst)"

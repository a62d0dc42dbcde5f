"""Positions in TradesStore: read, and changed on condition that their cost has not changed meanwhile.

Shares are added and subtracted, so orders and bookings commute. Average cost does not commute: each change of a holding
has a number, and is made only to the holding that it was computed from. What is due is stored with the position, by
value date. The first amount due on a date lists the position under that date.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trading.aws.store import dynamodb, keys, transactions
from trading.domain import money
from trading.domain.accounts.ledger import Shares
from trading.domain.accounts.positions import Holding, PositionState
from trading.domain.errors import Unprocessable, why
from trading.domain.executions import Due
from trading.domain.messages.wire import UNREADABLE

DUE = "due:"
"""The start of the names of attributes that say what is due: `due:2026-11-24:cash`, `due:2026-11-24:shares`."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position as it was read: its holding, how often it was changed, and what is due, by value date."""

    holding: Holding = field(default_factory=Holding)
    sequence: int = 0
    due: Mapping[str, Due] = field(default_factory=dict)

    def after(self, holding: Holding, due: Mapping[str, Due]) -> "Position":
        """The position after one more change, with more that is due."""
        together = {date: self.due.get(date, Due()) + due.get(date, Due()) for date in {**self.due, **due}}
        return replace(self, holding=holding, sequence=self.sequence + 1, due=together)

    def settled(self, date: str) -> "Position":
        """The position after what is due on the date has settled."""
        others = {other: due for other, due in self.due.items() if other != date}
        return replace(self, sequence=self.sequence + 1, due=others)


def position_of(item: Mapping[str, Any] | None) -> Position:
    """The position in an item, an empty one if there is no item. Raises Unprocessable if it is not a position's."""
    if item is None:
        return Position()
    try:
        quantity = int(item["available"] + item["reserved"])
        holding = Holding(quantity, item.get("cost", money.ZERO), item.get("realised", money.ZERO))
        dates = {name.split(":")[1] for name in item if name.startswith(DUE)}
        due = {date: Due(item[f"{DUE}{date}:cash"], int(item[f"{DUE}{date}:shares"])) for date in dates}
        return Position(holding, int(item.get("sequence", 0)), due)
    except UNREADABLE as error:
        raise Unprocessable(f"not a position: {why(error)}", {"key": str(item.get("SK"))}) from error


def state_of(item: Mapping[str, Any]) -> PositionState:
    """Everything that a position's item, or its copy in a closing, says."""
    position = position_of(item)
    shares = Shares(**{name: int(item.get(name, 0)) for name in Shares.__slots__})
    return PositionState(shares, position.holding, item.get("fees", money.ZERO), position.sequence, position.due)


def state_fields(state: PositionState) -> dict[str, Any]:
    """The attributes of a position's item, without its key."""
    due = dict(_due_fields(Position(), Position(due=state.due)))
    shares = {name: getattr(state.shares, name) for name in Shares.__slots__}
    holding = {"cost": state.holding.cost, "realised": state.holding.realised}
    return {**shares, **holding, "fees": state.fees, "sequence": state.sequence, **due}


def read(table: str, customer_id: str, ticker: str) -> Position:
    return position_of(dynamodb.get(table, keys.position(customer_id, ticker)))


def change(
    table: str,
    key: keys.Key,
    before: Position,
    after: Position,
    shares: Shares,
    more: Mapping[str, Any],
    least: int | None = None,
) -> dict[str, Any]:
    """The write that makes a position what it is `after` changes, if it is still as it was `before`. Shares that are
    taken out of `reserved` must be there, and `least` shares must be available. `more` is added to further
    attributes.
    """
    names = {"#sequence": "sequence"}
    values: dict[str, Any] = {
        ":cost": after.holding.cost,
        ":realised": after.holding.realised,
        ":more": after.sequence - before.sequence,
        ":before": before.sequence or None,
    }
    added = {**{name: getattr(shares, name) for name in Shares.__slots__}, **more, **dict(_due_fields(before, after))}
    terms = ["#sequence :more"]
    for number, (name, value) in enumerate(added.items()):
        names[f"#n{number}"], values[f":v{number}"] = name, value
        terms.append(f"#n{number} :v{number}")
    gone = [f"{DUE}{date}:{part}" for date in before.due if date not in after.due for part in Due.__slots__]
    names |= {f"#g{number}": name for number, name in enumerate(gone)}
    removed = f" REMOVE {', '.join(f'#g{number}' for number in range(len(gone)))}" if gone else ""
    condition = "#sequence = :before" if before.sequence else "attribute_not_exists(#sequence)"
    if shares.reserved < 0:
        condition += " AND reserved >= :taken"
        values[":taken"] = -shares.reserved
    if least is not None:
        condition += " AND available >= :least"
        values[":least"] = least
    expression = f"SET cost = :cost, realised = :realised ADD {', '.join(terms)}{removed}"
    return transactions.update(table, key, expression, condition, values, names)


def nothing_due(table: str, key: keys.Key, date: str) -> dict[str, Any]:
    """A part of a transaction that fails if something of the position is due on the date."""
    return {
        "ConditionCheck": {
            "TableName": table,
            "Key": dynamodb.to_item(key),
            "ConditionExpression": "attribute_not_exists(#due)",
            "ExpressionAttributeNames": {"#due": f"{DUE}{date}:cash"},
        }
    }


def _due_fields(before: Position, after: Position) -> Iterator[tuple[str, Any]]:
    """The increase of what is due, by attribute."""
    for date, due in after.due.items():
        was = before.due.get(date, Due())
        if due != was or date not in before.due:
            yield f"{DUE}{date}:cash", due.cash - was.cash
            yield f"{DUE}{date}:shares", due.shares - was.shares

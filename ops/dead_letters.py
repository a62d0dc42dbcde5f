"""Dead letters as an operator sees them: since when and why, and what they are about."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ops.shown_text import plain

MAX_ID_LETTERS, MAX_KEY_LETTERS = 60, 120
"""An order id has 36, a key of two of them 81. What a stranger wrote may have more, and is cut."""
NAMES = {
    "customerId": "customer",
    "orderId": "order",
    "changeId": "change",
    "bookingId": "booking",
    "ticker": "ticker",
    "time": "time",
}
"""The members that tell what something is about, and what they are called."""
MAX_VALUES = 3


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter: since when and why it is there, its FIFO group, its id, and what it is about, fit to be shown."""

    since: datetime
    reason: str
    group: str | None
    id: str
    about: str


def about_record(record: dict[str, Any]) -> str:
    change = record["dynamodb"]
    texts = {name: value["S"] for name, value in change.get("NewImage", {}).items() if "S" in value}
    its_keys = " ".join(plain(str(*part.values()), MAX_KEY_LETTERS) for part in change["Keys"].values())
    return f"{its_keys} {about(texts)}".strip()


def about(value: Any) -> str:
    """The business ids in a message, like `customer 000002 order 01a2..., 01a3... and 7 more`."""
    found: dict[str, dict[str, None]] = {}
    for name, text in _members(value):
        if name in NAMES:
            found.setdefault(NAMES[name], {})[text] = None
    return " ".join(f"{name} {_some(list(texts))}" for name, texts in found.items())


def _members(value: Any) -> Iterator[tuple[str, str]]:
    """Every member of the JSON value, at any depth, that is text."""
    open_ones = deque([value])
    while open_ones:
        each = open_ones.popleft()
        if isinstance(each, dict):
            yield from ((name, part) for name, part in each.items() if isinstance(part, str))
        if isinstance(each, dict | list):
            parts: Iterable[Any] = each.values() if isinstance(each, dict) else each
            open_ones += [part for part in parts if isinstance(part, dict | list)]


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - MAX_VALUES
    return ", ".join(plain(text, MAX_ID_LETTERS) for text in texts[:MAX_VALUES]) + (
        f" and {more} more" if more > 0 else ""
    )

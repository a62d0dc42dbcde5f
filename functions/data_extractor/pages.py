"""Pages of a long answer, and the token that says where the next one starts. That may be inside a booking."""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from trading.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class PageStart:
    """Where a page starts: the sort key of an item, and how many of its entries come before."""

    key: str
    offset: int = 0


class Entries(Protocol):
    """What an item adds to a page: a sequence of which a part can be taken."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> Sequence[Any]: ...


@dataclass(slots=True)
class Page:
    """Collects up to `limit` entries; `rest` is where the next page starts, if there is one."""

    limit: int
    entries: list[Any] = field(default_factory=list)
    rest: PageStart | None = None

    @property
    def full(self) -> bool:
        return len(self.entries) >= self.limit

    def add(self, key: str, entries: Entries, skipped: int = 0) -> bool:
        """Adds an item's entries, from `skipped` on. False if the page is full and the item has more."""
        taken = entries[skipped : skipped + self.limit - len(self.entries)]
        self.entries += taken
        if skipped + len(taken) < len(entries):
            self.rest = PageStart(key, skipped + len(taken))
        return self.rest is None


def next_token(rest: PageStart | None) -> dict[str, str]:
    """The member `nextToken` of an answer, where there is a next page."""
    if rest is None:
        return {}
    return {"nextToken": _token(rest)}


def _token(position: PageStart) -> str:
    return base64.urlsafe_b64encode(json.dumps([position.key, position.offset]).encode()).decode()


def position_in(token: str | None, prefix: str, form: re.Pattern[str]) -> PageStart:
    """Where a page starts: at the prefix or, with a token, at the key in it, which must have this `form`. Raises
    Refusal for a token of another question. The token does not decide whose items are read.
    """
    if token is None:
        return PageStart(prefix)
    try:
        key, offset = json.loads(base64.b64decode(token.encode(), altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError) as error:
        raise Refusal("invalid-next-token", "nextToken is not one that was given out.") from error
    fits = isinstance(key, str) and key.startswith(prefix) and form.fullmatch(key)
    if not fits or type(offset) is not int or offset < 0 or _token(PageStart(key, offset)) != token:
        raise Refusal("invalid-next-token", "nextToken is not one for this question.")
    return PageStart(key, offset)

"""The parameters of a question, checked."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trading.domain.credentials import Caller
from trading.domain.errors import Refusal
from trading.domain.orders import CUSTOMER_ID, ORDER_ID, TICKER
from trading.domain.times import checked_date

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LIMIT = re.compile(r"[1-9][0-9]{0,9}")
FORMS = {"customerId": CUSTOMER_ID, "orderId": ORDER_ID, "ticker": TICKER, "date": DATE}


@dataclass(frozen=True, slots=True)
class Request:
    """A GET: the parameters of the path and of the query, and who asks."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    caller: Caller

    def check(self, known: Collection[str]) -> None:
        """Raises Refusal if the path names what cannot exist, or the query has a parameter that is not `known`."""
        for name, text in self.path.items():
            if not FORMS[name].fullmatch(text):
                raise Refusal("not-found", f"There is no such {name}: {text[:40]}")
        for name in self.query:
            if name not in known:
                these = f"those of this question are {', '.join(known)}" if known else "this question has none"
                raise Refusal("invalid-parameter", f"{name[:40]} is not a parameter: {these}.")

    def date(self, name: str) -> str | None:
        """A date of the query. Raises Refusal for what is not one, or is not of these centuries."""
        text = self.query.get(name)
        try:
            return None if text is None else checked_date(text)
        except ValueError as error:
            raise Refusal("invalid-parameter", f"{name} is a date from 2000 to 2999, like 2026-11-22.") from error

    def day(self, name: str) -> str:
        """A date of the path. Raises Refusal for one that is in no calendar."""
        text = self.path[name]
        try:
            return checked_date(text)
        except ValueError as error:
            raise Refusal("not-found", f"There is no such {name}: {text}") from error

    def date_between(self, name: str, first: str, last: str) -> str | None:
        """A date of the query, from `first` to `last`. Raises Refusal for any other, and for what is not one."""
        date = self.date(name)
        if date and not first <= date <= last:
            raise Refusal("invalid-parameter", f"{name} is a day from {first} to {last}.")
        return date

    def word(self, name: str, form: re.Pattern[str], words: str) -> str | None:
        """A text of the query. Raises Refusal if it does not have this form; `words` describe the form."""
        text = self.query.get(name)
        if text is not None and not form.fullmatch(text):
            raise Refusal("invalid-parameter", f"{name} is {words}.")
        return text

    def one_of(self, name: str, choices: Collection[str], default: str) -> str:
        """A word of the query. Raises Refusal for any but the choices."""
        text = self.query.get(name, default)
        if text not in choices:
            raise Refusal("invalid-parameter", f"{name} is {' or '.join(choices)}.")
        return text

    def limit(self, highest: int) -> int:
        """How many entries a page is to have. Raises Refusal for what is not a number from 1 to `highest`."""
        text = self.query.get("limit", str(highest))
        if LIMIT.fullmatch(text) and int(text) <= highest:
            return int(text)
        raise Refusal("invalid-parameter", f"limit is a number from 1 to {highest}.")

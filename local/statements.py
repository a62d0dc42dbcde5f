"""A customer's statement of a day, whole: the API gives it a page at a time."""

from typing import Any

from local.api import Api
from ops.console import Failure

LISTS = ("lines", "trades")
"""What a page has a part of. All else stands on every page."""


def document(api: Api, customer_id: str, date: str) -> dict[str, Any]:
    """The statement as one JSON document. Raises Failure if the account changed while it was read."""
    pages = list(api.statement(customer_id, date))
    heads = [{name: value for name, value in page.items() if name not in {*LISTS, "nextToken"}} for page in pages]
    if any(head != heads[0] for head in heads):
        raise Failure("Something was booked while the statement was read: ask for it again.")
    return heads[0] | {name: [each for page in pages for each in page[name]] for name in LISTS}

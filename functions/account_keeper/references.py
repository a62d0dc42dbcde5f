"""Movements under a broker's reference: each happens once, however often it is requested.

The answer is always what is stored. Everything is read first. If the movement is not there yet, it is written, on
condition that the account has not become worse since, and everything is read again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trading.aws.store import dynamodb, keys, transactions
from trading.domain.errors import Refusal, Unavailable

Found = Mapping[str, dict[str, Any]]
"""Items by their sort keys."""


def move_once(
    table: str,
    customer_id: str,
    reference: str,
    more: Sequence[keys.Key],
    decide: Callable[[Found], list[dict[str, Any]]],
    deadline: float,
) -> tuple[dict[str, Any], Found]:
    """Moves what `decide` decides, once. Returns what was first stored under the reference, and the items as they are
    now: the customer's and those of `more`.

    `decide` gets the items that were read. It returns the writes of one transaction, or raises Refusal. Raises Refusal,
    and what `transactions.write` raises except for conditions that fail.
    """
    customer_key, reference_key = keys.customer(customer_id), keys.reference(customer_id, reference)
    while True:
        wanted = [customer_key, reference_key, *more]
        found = {item["SK"]: item for item in dynamodb.get_many(table, wanted, consistent=True)}
        if customer_key["SK"] not in found:
            raise Refusal("not-found", f"There is no customer {customer_id}.")
        if first := found.pop(reference_key["SK"], None):
            return first, found
        if time.monotonic() > deadline:
            raise Unavailable("The account changes too fast, send the same again.")
        try:
            writes = decide(found)
        except Refusal:
            if any(dynamodb.get_many(table, [reference_key], consistent=True)):
                continue  # it was booked meanwhile, by an equal request
            raise
        try:
            transactions.write(writes, deadline)
        except transactions.TransactionCanceled:
            continue


def reused(reference: str) -> Refusal:
    return Refusal("reference-reused", f"Something else was entered as {reference}.")

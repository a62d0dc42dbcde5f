"""What a broker moves under a reference: once, however often it is asked for.

What is answered is what is stored: everything is read, and if it is not there yet, decided, written on condition that
what it rests on has not got worse, and read again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trading.aws.store import dynamodb, keys
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
    """What was stored first under the reference, and what else is there by now: the customer, and the items of `more`.

    `decide` gives the writes of one transaction, by what was read, or raises Refusal. Raises Refusal, and what
    `dynamodb.transact` raises but for conditions that fail.
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
                continue  # made meanwhile, and the account is as it was after it
            raise
        try:
            dynamodb.transact(writes, deadline)
        except dynamodb.TransactionCanceled:
            continue


def reused(reference: str) -> Refusal:
    return Refusal("reference-reused", f"Something else was entered as {reference}.")

"""A transaction that is sent again, because the answer to it was lost or late, is answered as it was.

MiniStack (1.5.33) keeps the request of a transaction, to compare a later one of the same token with it, and writes the
numbers of the items in it as it stores them: 0.00 becomes 0. So it takes the same request for another one, and refuses
it (IdempotentParameterMismatchException). Botocore sends a transaction again after 3 s without an answer.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any


def replacements(dynamodb: ModuleType) -> dict[str, Callable[..., Any]]:
    """What to put in the place of functions of MiniStack's module of DynamoDB, by their names."""
    names = vars(dynamodb)
    transact: Callable[[dict[str, Any]], Any] = names["_transact_write_items"]
    earlier: Callable[[str], Any] = names["_txn_token_lookup"]
    write_numbers: Callable[[Any], Any] = names["_validate_item"]

    def transact_once(request: dict[str, Any]) -> Any:
        token = request.get("ClientRequestToken")
        if token and earlier(token):
            for each in request["TransactItems"]:
                if "Put" in each:
                    write_numbers(each["Put"]["Item"])
        return transact(request)

    return {"_transact_write_items": transact_once}

"""Opens accounts: a customer, who has nothing yet."""

from typing import Any

from trading.aws.store import accounts, dynamodb


def open_account(table: str, customer_id: str, deadline: float) -> tuple[int, dict[str, Any]]:
    """Status and answer: 201 if the customer is new, 200 if it was there; then it stays as it is."""
    answer = {"customerId": customer_id}
    try:
        dynamodb.transact(list(accounts.opened(table, customer_id, ())), deadline)
    except dynamodb.TransactionCanceled:
        return 200, answer
    return 201, answer

"""Opens accounts for new customers."""

from typing import Any

from trading.aws.store import accounts, transactions


def open_account(table: str, customer_id: str, deadline: float) -> tuple[int, dict[str, Any]]:
    """Opens an account with nothing in it. Returns status and answer: 201 if the customer is new; 200 if the customer
    exists, who then stays unchanged.
    """
    answer = {"customerId": customer_id}
    try:
        transactions.write(list(accounts.opened(table, customer_id, ())), deadline)
    except transactions.TransactionCanceled:
        return 200, answer
    return 201, answer

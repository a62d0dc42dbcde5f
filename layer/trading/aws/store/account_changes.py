"""Changes of an account that are not bookings, as TradesStore has them: entries of the ledger and controls.

Both have the attribute `accountChange`, by which the table's stream knows what is to be told to who listens.
"""

from collections.abc import Mapping
from typing import Any

from trading.aws.store import customer_items, keys, ledger
from trading.domain.accounts.ledger import LedgerEntry
from trading.domain.errors import Unprocessable, why
from trading.domain.messages.account_updates import AccountChange, AccountChangeKind, change_from
from trading.domain.messages.wire import UNREADABLE

KIND = "accountChange"
"""An entry that opens an account lacks it: nobody can listen yet. So does one that reserves more for an order, because
the booking of the order tells.
"""
SEQUENCE = customer_items.ACCOUNT_SEQUENCE


def entry_item(entry: LedgerEntry, number: int) -> dict[str, Any]:
    """An entry of the ledger that is told to who listens, as the account's change of this number."""
    return {**ledger.entry_item(entry), KIND: AccountChangeKind(entry.kind.value).value, SEQUENCE: number}


def control_item(change: AccountChange) -> dict[str, Any]:
    """What a broker set of a customer, and when. What it set is in the customer's item."""
    return {
        **keys.control(change.customer_id, change.time[:10], change.change_id),
        "changeId": change.change_id,
        "customerId": change.customer_id,
        KIND: change.kind.value,
        SEQUENCE: change.sequence,
        "time": change.time,
    }


def change_of(item: Mapping[str, Any]) -> AccountChange:
    """Raises Unprocessable for what is not a change of an account."""
    try:
        told = {"kind": item[KIND], "changeId": item.get("entryId") or item["changeId"], SEQUENCE: int(item[SEQUENCE])}
        return change_from({**item, **told})
    except UNREADABLE as error:
        raise Unprocessable(f"not a change of an account: {why(error)}", {"key": str(item.get("SK"))}) from error

"""The event that tells whoever listens that an account changed by what is not a booking: cash, transfers of shares,
settlement, limits, suspension.

It says that there was a change, of what kind, and which number it has among the account's. It does not say what the
account was then: the account as it is shows all changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trading.domain.ids import derived
from trading.domain.messages.bounds import customer_of, id_of, number_of, ticker_of
from trading.domain.messages.events import TRADES
from trading.domain.messages.wire import VERSION, Message, compact
from trading.domain.times import checked_instant

ACCOUNT_UPDATED = "accountUpdated"


class AccountChangeKind(StrEnum):
    """What changed an account. The first four are the kinds of the ledger's entries."""

    DEPOSIT = "Deposit"
    WITHDRAWAL = "Withdrawal"
    TRANSFER = "Transfer"
    SETTLEMENT = "Settlement"
    LIMITS = "Limits"
    HALT = "Halt"
    RESUME = "Resume"


@dataclass(frozen=True, slots=True)
class AccountChange:
    """A change of a customer's account at this time; of its position in a ticker, too, if one is named. `sequence` is
    its number among the account's changes that are not bookings: 1, 2, 3 and so on, without gaps.
    """

    change_id: str
    customer_id: str
    sequence: int
    kind: AccountChangeKind
    time: str
    ticker: str | None = None


def account_updated_message(change: AccountChange) -> Message:
    """The message that says that an account changed."""
    fields = {
        "version": VERSION,
        "type": ACCOUNT_UPDATED,
        "changeId": change.change_id,
        "customerId": change.customer_id,
        "accountSequence": change.sequence,
        "kind": change.kind.value,
        "time": change.time,
    }
    return Message(
        topic=TRADES,
        attributes={"eventType": ACCOUNT_UPDATED},
        group=change.customer_id,
        id=derived(change.change_id, ACCOUNT_UPDATED),
        body=compact(fields | ({"ticker": change.ticker} if change.ticker else {})),
    )


def change_from(fields: Mapping[str, Any]) -> AccountChange:
    """A change from the fields of its message or item. Raises one of wire.UNREADABLE for what is not one."""
    return AccountChange(
        change_id=id_of(fields["changeId"]),
        customer_id=customer_of(fields["customerId"]),
        sequence=number_of(fields["accountSequence"]),
        kind=AccountChangeKind(fields["kind"]),
        time=checked_instant(fields["time"]),
        ticker=ticker_of(fields["ticker"]) if "ticker" in fields else None,
    )

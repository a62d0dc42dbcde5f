"""Reads from the body of a request what a broker asks of an account. An invalid body is refused with all its faults."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from trading.aws.api.requests import Form, schema_of
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, Posting, deposited
from trading.domain.accounts.limits import CustomerLimits

AMOUNT = "an amount above zero in USD as text, at most 999999999999.99, with at most two decimals"
WORDS = {
    "ticker": "1 to 10 capital letters or dots",
    "cost": "an amount in USD as text, at most 999999999999.99, with at most two decimals",
    "amount": AMOUNT,
    "reference": "1 to 36 letters, digits, dots, colons, hyphens or underscores",
    "highestOrderValue": AMOUNT,
    "collar": "a fraction below 1 as text, like 0.05, with at most six decimals",
}
FOLDER = Path(__file__).parent
CASH = Form(schema_of(FOLDER / "cash.schema.json"), "request", "invalid-request", WORDS)
SHARES = Form(schema_of(FOLDER / "shares.schema.json"), "request", "invalid-request", WORDS)
LIMITS = Form(schema_of(FOLDER / "limits.schema.json"), "request", "invalid-request", WORDS)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Cash that a customer brings in or takes out, USD, and the name that the requester gave it."""

    kind: EntryKind
    amount: Decimal
    reference: str

    @property
    def posting(self) -> Posting:
        return deposited(self.amount if self.kind is EntryKind.DEPOSIT else -self.amount)


@dataclass(frozen=True, slots=True)
class ShareTransfer:
    """Shares that a customer transfers in (`Deposit`), with what they had cost, USD, or out (`Withdrawal`)."""

    type: str
    ticker: str
    quantity: int
    cost: Decimal | None
    reference: str


def transfer(value: object) -> Transfer:
    """A deposit or a withdrawal. Raises the refusal `invalid-request` with all its faults."""
    CASH.check(value)
    fields: Any = value
    return Transfer(EntryKind(fields["type"]), money.amount(fields["amount"]), fields["reference"])


def share_transfer(value: object) -> ShareTransfer:
    """A transfer of shares. Raises the refusal `invalid-request` with all its faults."""
    SHARES.check(value)
    fields: Any = value
    cost = money.amount(fields["cost"]) if "cost" in fields else None
    return ShareTransfer(fields["type"], fields["ticker"], fields["quantity"], cost, fields["reference"])


def limits(value: object) -> CustomerLimits:
    """All limits of a customer. Raises the refusal `invalid-request` with all its faults."""
    LIMITS.check(value)
    fields: Any = value
    return CustomerLimits(
        highest_order_value=money.amount(fields["highestOrderValue"]) if "highestOrderValue" in fields else None,
        highest_open_orders=fields.get("highestOpenOrders"),
        collar=Decimal(fields["collar"]) if "collar" in fields else None,
        highest_short=fields.get("highestShort", 0),
    )

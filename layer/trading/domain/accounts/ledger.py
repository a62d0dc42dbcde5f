"""The ledger of a customer. Money moves by double-entry postings, shares from one state to another.

A posting is stored in the item that causes it: the order that reserves, the booking, the deposit, the settlement. A
balance is the sum of its postings, so every cent of it can be explained. Amounts are exact to the cent. The only
rounding, of a trade's value (`money.notional`), happens before anything is posted.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from trading.domain import money


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement between the accounts of one customer, USD. What one account gains the others lose: a posting that does
    not sum to zero raises ValueError.

    `cash` can be traded with. `reserved` is set aside for open orders. `fees` are what trades have cost. `clearing` is
    what purchases cost less what sales brought in, as far as it has not settled. `house` is the house's bank account as
    this customer sees it: what has settled, less what the customer has paid in.
    """

    cash: Decimal = money.ZERO
    reserved: Decimal = money.ZERO
    fees: Decimal = money.ZERO
    clearing: Decimal = money.ZERO
    house: Decimal = money.ZERO

    def __post_init__(self) -> None:
        if self.cash + self.reserved + self.fees + self.clearing + self.house:
            raise ValueError(f"a posting that does not sum to zero: {self}")

    def __add__(self, other: "Posting") -> "Posting":
        return Posting(*(getattr(self, account) + getattr(other, account) for account in ACCOUNTS))

    def __bool__(self) -> bool:
        """Whether anything moves."""
        return any(getattr(self, account) for account in ACCOUNTS)


ACCOUNTS = tuple(field.name for field in fields(Posting))


@dataclass(frozen=True, slots=True)
class Shares:
    """A movement of one ticker's shares. `available` shares can be sold, `reserved` ones are set aside for open sell
    orders; `settled` is how many of both together have been delivered.
    """

    available: int = 0
    reserved: int = 0
    settled: int = 0

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(self.available + other.available, self.reserved + other.reserved, self.settled + other.settled)

    def __bool__(self) -> bool:
        """Whether anything moves."""
        return bool(self.available or self.reserved or self.settled)


class EntryKind(StrEnum):
    """Why a ledger entry exists. Orders and bookings are in the ledger themselves and need no entry."""

    DEPOSIT = "Deposit"
    WITHDRAWAL = "Withdrawal"
    TRANSFER = "Transfer"
    HOLD = "Hold"
    SETTLEMENT = "Settlement"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A movement that no order or booking records: money or shares paid in or out, an extra reservation for a request
    to replace an order, a settlement.

    `entry_id` makes sure that it happens once. `reference` is the name that the requester gave it. `cost` is what
    shares that are transferred in had cost elsewhere, USD; for shares that are transferred out it is below zero.
    `sequence` is the number of the position's change that a transfer made, None if it has no number.
    """

    entry_id: str
    customer_id: str
    kind: EntryKind
    time: str
    reference: str
    posting: Posting = Posting()
    ticker: str | None = None
    shares: Shares = Shares()
    cost: Decimal = money.ZERO
    sequence: int | None = None

    @property
    def date(self) -> str:
        return self.time[:10]


ORDER, BOOKING = "Order", "Booking"
"""The kinds of ledger lines that are not entries."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a customer's ledger: what moved, when, and why. `kind` is ORDER, BOOKING or an entry's kind, and
    `its_id` the id of that order, booking or entry. `reference` is the name that the requester gave it.
    """

    key: str
    time: str
    kind: str
    its_id: str
    ticker: str | None
    posting: Posting
    shares: Shares
    reference: str | None = None

    @property
    def moves(self) -> bool:
        """Whether any money or shares moved."""
        return bool(self.posting or self.shares)


def held(cash: Decimal) -> Posting:
    """The posting that reserves cash for an order or for its replacement, USD."""
    return Posting(cash=-cash, reserved=cash)


def deposited(amount: Decimal) -> Posting:
    """The posting of a deposit, USD; a negative amount is a withdrawal."""
    return Posting(cash=amount, house=-amount)


def settled(net: Decimal) -> Posting:
    """The posting of a settlement. `net` is what the house pays the clearing house for the customer's purchases, less
    what it receives for sales, USD.
    """
    return Posting(clearing=-net, house=net)


def withdrawable(cash: Decimal, clearing: Decimal, shorted: Decimal) -> Decimal:
    """The cash that the customer can withdraw, USD: all but what is `held_back`."""
    return max(cash - held_back(clearing, shorted), money.ZERO)


def held_back(clearing: Decimal, shorted: Decimal) -> Decimal:
    """The cash that cannot be withdrawn, USD: unsettled sales less unsettled purchases, plus what open short positions
    were sold for. A short sale counts as both until it settles, because the totals do not tell which sales are still to
    be paid.
    """
    return max(-clearing, money.ZERO) + shorted

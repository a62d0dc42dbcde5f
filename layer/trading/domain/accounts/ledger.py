"""The ledger: what moves money is a double-entry posting, what moves shares says from where to where.

A posting stands inside the item that causes it: the order that reserves, the booking, the deposit, the settlement. A
balance is the sum of the postings to it, so each of its cents can be explained. Amounts are exact to the cent: the one
rounding is that of a trade's worth (`money.notional`), before anything is posted.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from trading.domain import money


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement between the accounts of one customer, USD. What one account gains others lose: it sums to zero, or
    ValueError is raised.

    `cash` is what the customer can trade with, `reserved` what its open orders hold, `fees` what its trades have cost.
    `clearing` is what was paid for purchases, less what was earned by sales, and is not settled. `house` is the house's
    bank as this customer sees it: what is settled, less what the customer has brought in.
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
    """A movement of one ticker's shares: those that can be sold, those that open orders hold, and of both together how
    many are delivered.
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
    """Why an entry of its own is in the ledger. Orders and bookings are entries by themselves."""

    DEPOSIT = "Deposit"
    WITHDRAWAL = "Withdrawal"
    TRANSFER = "Transfer"
    HOLD = "Hold"
    SETTLEMENT = "Settlement"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A movement that has no other item to stand in: money or shares brought in or taken out, what a request to replace
    an order holds on top, a settlement.

    `entry_id` makes it happen once; `reference` is what its causer calls it. Shares that are transferred in have a
    `cost`, USD, and those that are transferred out one below zero;
    `sequence` is which change of the position a transfer is, None where its time has to say that.
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
"""The kinds of lines that are no entries of their own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a customer's ledger: what moved, when, why (ORDER, BOOKING or an entry's kind), and the id of the
    order, booking or entry that it stands in. `reference` is what its causer calls it.
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
    """What an order's acceptance, or a replacement's, reserves of the cash, USD."""
    return Posting(cash=-cash, reserved=cash)


def deposited(amount: Decimal) -> Posting:
    """What a customer brings in, USD; a withdrawal is below zero."""
    return Posting(cash=amount, house=-amount)


def settled(net: Decimal) -> Posting:
    """What the house pays to the clearing house for a customer's purchases, less what it gets for sales, USD."""
    return Posting(clearing=-net, house=net)


def withdrawable(cash: Decimal, clearing: Decimal, shorted: Decimal) -> Decimal:
    """What of the cash can be paid out, USD. `held_back` stays."""
    return max(cash - held_back(clearing, shorted), money.ZERO)


def held_back(clearing: Decimal, shorted: Decimal) -> Decimal:
    """What the house has not got yet or may need, USD: sales that are not settled, less purchases that are not, and
    what open short positions were sold for. A short sale counts as both until it is settled: sums do not tell of which
    sales the money is still to come.
    """
    return max(-clearing, money.ZERO) + shorted

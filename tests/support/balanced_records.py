"""What is stored of a customer who had every kind of movement in a day. It agrees in everything."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reconciliation.rules.balances import NOTHING
from reconciliation.rules.breaks import Break
from reconciliation.rules.customer_records import CustomerRecords, OrderHistory
from reconciliation.rules.movements import BookingRecord, Movements, OrderRecord
from tests.support.samples import order
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares, deposited, held, settled
from trading.domain.accounts.positions import Holding, PositionState
from trading.domain.executions import (
    ChangeKind,
    ChangeOutcome,
    Due,
    Execution,
    ExecutionReports,
    OrderReport,
    effect_of,
)
from trading.domain.orders import Order, PoolType, Side

CUSTOMER = "000002"
TODAY, TOMORROW = "2026-11-22", "2026-11-23"


def usd(text: str) -> Decimal:
    return Decimal(text)


def entered(number: int, side: Side, quantity: int, price: str, at: str = f"{TODAY}T14:30:00.000Z") -> Order:
    """An order in COIN that reserves a cent a share for fees."""
    made = order(number, CUSTOMER, side, "COIN", quantity, price)
    return replace(made, order_date=at, highest_fee=usd("0.00"), highest_rate=usd("0.01"))


BOUGHT = entered(1, Side.BUY, 100, "10.00")
SOLD = entered(2, Side.SELL, 50, "12.00")
REPLACED = entered(3, Side.BUY, 40, "9.00")
WAITING = entered(4, Side.BUY, 10, "5.00", at=f"{TOMORROW}T00:00:00.000Z")
REFUSED = entered(5, Side.BUY, 7, "5.00")
NAMES = {each.order_id: name for name, each in zip(("bought", "sold", "replaced", "waiting", "refused"),
         (BOUGHT, SOLD, REPLACED, WAITING, REFUSED), strict=True)}  # fmt: skip


def standing(of: Order, **fields: Any) -> dict[str, Any]:
    """An order as it is stored: new, but for these fields."""
    nothing = {"cumulativeQuantity": 0, "canceledQuantity": 0, "executedNotional": usd("0.00"), "fees": usd("0.00")}
    return {
        "orderQuantity": of.quantity,
        "leavesQuantity": of.quantity,
        "openQuantity": of.quantity,
        "reserved": usd("0.00"),
        "answered": True,
        "price": of.price,
        "ending": None,
        **nothing,
        **fields,
    }


def placed(of: Order, holds: str, *, shares: int = 0, **stands: Any) -> OrderRecord:
    """An order that was accepted, and held this cash and so many shares."""
    posting = {"cash": usd(f"-{holds}"), "reserved": usd(holds)}
    return OrderRecord(of, True, posting, Shares(-shares, shares), standing(of, **stands), replacing=False)


PLACED = {
    "bought": placed(
        BOUGHT, "1001.00", cumulativeQuantity=100, leavesQuantity=0, openQuantity=0,
        executedNotional=usd("1000.00"), fees=usd("0.50"),
    ),
    "sold": placed(
        SOLD, "0.00", shares=50, cumulativeQuantity=50, leavesQuantity=0, openQuantity=0,
        executedNotional=usd("600.00"), fees=usd("0.25"),
    ),
    "replaced": placed(
        REPLACED, "360.40", orderQuantity=42, leavesQuantity=42, openQuantity=42, reserved=usd("399.42"),
        price=usd("9.50"),
    ),
    "waiting": placed(WAITING, "50.10", reserved=usd("50.10"), answered=False),
    "refused": OrderRecord(
        REFUSED, False, {}, Shares(), standing(REFUSED, leavesQuantity=0, openQuantity=0, answered=False),
        replacing=False,
    ),
}  # fmt: skip

REPLACEMENT = ChangeOutcome("a change", ChangeKind.REPLACE, None, 42, usd("9.50"), by=2)
REPORTS = {
    "bought": OrderReport(BOUGHT, (Execution(100, usd("10.00"), "EDGA", usd("0.50")),), usd("1001.00"), closed=True),
    "sold": OrderReport(SOLD, (Execution(50, usd("12.00"), "EDGA", usd("0.25")),), usd("0.00"), closed=True),
    "taken in": OrderReport(REPLACED, (), usd("0.00")),
    "replaced": OrderReport(REPLACED, (), usd("0.00"), changes=(REPLACEMENT,)),
}


def booking(
    name: str, at: str, posting: Mapping[str, str], shares: Mapping[str, int], position: Mapping[str, Any] | None = None
) -> BookingRecord:
    reports = ExecutionReports(f"booking of {name}", CUSTOMER, "COIN", PoolType.LIT, at, (REPORTS[name],))
    posted = {account: usd(amount) for account, amount in posting.items()}
    return BookingRecord(reports, effect_of(reports), at, posted, shares, position, sequence=1)


BOOKED = {
    "bought": booking(
        "bought", f"{TODAY}T15:00:00.000Z",
        {"cash": "0.50", "reserved": "-1001.00", "fees": "0.50", "clearing": "1000.00"}, {"available": 100},
        {"sequence": 5, "quantity": 210, "cost": usd("1890.00"), "realised": usd("0.00")},
    ),
    "sold": booking(
        "sold", f"{TODAY}T17:00:00.000Z",
        {"cash": "599.75", "fees": "0.25", "clearing": "-600.00"}, {"reserved": -50},
        {"sequence": 7, "quantity": 160, "cost": usd("1440.00"), "realised": usd("150.00")},
    ),
    "taken in": booking("taken in", f"{TODAY}T14:31:00.000Z", {}, {}),
    "replaced": booking("replaced", f"{TODAY}T14:32:00.000Z", {}, {}),
}  # fmt: skip


def entry(kind: EntryKind, at: str, **fields: Any) -> LedgerEntry:
    return LedgerEntry(f"{kind} entry", CUSTOMER, kind, f"{TODAY}T{at}:00.000Z", **{"reference": "", **fields})


ENTRIES = {
    "deposit": entry(EntryKind.DEPOSIT, "09:00", posting=deposited(usd("500.00"))),
    "withdrawal": entry(EntryKind.WITHDRAWAL, "09:01", posting=deposited(usd("-200.00"))),
    "hold": entry(EntryKind.HOLD, "14:31", reference=REPLACED.order_id, ticker="COIN", posting=held(usd("39.02"))),
    "transfer": entry(EntryKind.TRANSFER, "09:02", ticker="COIN", shares=Shares(10, 0, 10), cost=usd("90.00")),
    "settlement": entry(
        EntryKind.SETTLEMENT, "16:00", reference="2026-11-20", ticker="COIN", posting=settled(usd("300.00")),
        shares=Shares(settled=30),
    ),
}  # fmt: skip
"""In the order in which they are made here the position has its transfer first, then its settlement."""

OPENINGS = {
    "AMD": PositionState(Shares(-10, 0, -10), Holding(-10, usd("-500.00")), sequence=1),
    "COIN": PositionState(
        Shares(100, 0, 70), Holding(100, usd("800.00")), usd("0.10"), 3, {"2026-11-20": Due(usd("300"), 30)}
    ),
}
NAMED = {"sold": ["the booking of sold"]}
RECORDS = CustomerRecords(
    customer_id=CUSTOMER,
    account={
        "cash": usd("9149.73"), "reserved": usd("449.52"), "fees": usd("0.75"), "spent": usd("1300.00"),
        "proceeds": usd("600.00"), "deposits": usd("10500.00"), "withdrawals": usd("200.00"), "settled": usd("300.00"),
        "openOrders": Decimal(2), "customerSequence": Decimal(11), "trades": Decimal(5), "shorted": usd("500.00"),
    },
    positions={
        "AMD": OPENINGS["AMD"],
        "COIN": PositionState(
            Shares(160, 0, 110), Holding(160, usd("1440.00"), usd("150.00")), usd("0.85"), 7,
            {"2026-11-23": Due(usd("400.00"), 50)},
        ),
    },
    opening={
        **NOTHING, "cash": usd("9700.00"), "deposits": usd("10000.00"), "house": usd("-10000.00"),
        "clearing": usd("300.00"), "spent": usd("300.00"), "customerSequence": Decimal(7), "trades": Decimal(3),
    },
    openings=OPENINGS,
    movements=Movements(tuple(PLACED.values()), tuple(BOOKED.values()), tuple(ENTRIES.values())),
    histories=tuple(
        OrderHistory(PLACED[name], tuple((BOOKED[each].reports.time, REPORTS[each]) for each in reported), usd(on_top))
        for name, reported, on_top in (
            ("bought", ("bought",), "0.00"), ("sold", ("sold",), "0.00"), ("refused", (), "0.00"),
            ("replaced", ("replaced", "taken in"), "39.02"), ("waiting", (), "0.00"),
        )
    ),
    named=NAMED,
    reporting=NAMED,
    unreadable=(),
)  # fmt: skip


def told(breaks: Iterable[Break]) -> list[str]:
    """Breaks in a line each, with orders by their names."""
    text = "\n".join(map(str, breaks))
    for its_id, name in NAMES.items():
        text = text.replace(its_id, name)
    return text.splitlines()


def booked(name: str, **fields: Any) -> CustomerRecords:
    """Records in which a booking is stored otherwise."""
    bookings = {**BOOKED, name: replace(BOOKED[name], **fields)}
    return replace(RECORDS, movements=replace(RECORDS.movements, booked=tuple(bookings.values())))


def says(name: str, **fields: Any) -> CustomerRecords:
    """Records in which a booking says something else of the position after it."""
    return booked(name, position={**(BOOKED[name].position or {}), **fields})

"""Two days of a customer's trading, with everything that a ledger can have a line of."""

from decimal import Decimal

from tests.support.orders import entered
from tests.support.world import World
from trading.aws import clock
from trading.aws.store import closings, keys, ledger, transactions
from trading.aws.store.closings import Closing
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, deposited
from trading.domain.ids import derived
from trading.domain.times import days_after, iso

CUSTOMER = "000002"
SUNDAY, MONDAY = "2026-11-22", "2026-11-23"


def deposit(world: World, amount: str, reference: str) -> None:
    """Money comes in, or goes out if it is below zero."""
    value = Decimal(amount)
    kind = EntryKind.DEPOSIT if value > 0 else EntryKind.WITHDRAWAL
    entry = LedgerEntry(
        entry_id=derived(CUSTOMER, reference),
        customer_id=CUSTOMER,
        kind=kind,
        time=iso(clock.now()),
        reference=reference,
        posting=deposited(value),
    )
    total = "deposits" if value > 0 else "withdrawals"
    changed = transactions.update(
        world.table("TradesStore"),
        keys.customer(CUSTOMER),
        f"ADD cash :amount, {total} :size",
        None,
        {":amount": value, ":size": abs(value)},
    )
    transactions.write([transactions.put_new(world.table("TradesStore"), ledger.entry_item(entry)), changed], 0)


def trade(world: World) -> None:
    """On Sunday 000002 buys in one pool and in two, asks for more and for less, and money comes in; on Monday it sells,
    one order waits, and money goes out.
    """
    world.put_customer(CUSTOMER, "10000000.00", F=500)
    world.clock.advance(minutes=1)
    world.post(entered(quantity=2500, clientOrderId="a-1"))
    world.post(entered(ticker="AMD", quantity=5000, price="114.30"))
    world.settle()
    world.clock.advance(minutes=1)
    deposit(world, "2500.50", "=1+1")
    [resting] = world.post(entered(quantity=10, price="150.00"))[1]["orders"]
    world.settle()
    world.change("PATCH", resting["orderId"], {"quantity": 20, "price": "151.00"})
    world.settle()
    world.clock.advance(minutes=1)
    world.change("DELETE", resting["orderId"])
    world.post(entered(quantity=1, price="10000000.00", ticker="NONE"))
    world.settle()
    world.clock.advance(days=1)
    world.post(entered(direction="Sell", quantity=500, price="161.88"))
    world.settle()
    world.clock.advance(minutes=1)
    deposit(world, "-100.00", "rent")
    world.post(entered(direction="Sell", ticker="F", quantity=200, price="25.00"))
    world.post(entered(quantity=7, price="100.00"))
    world.settle()


def close(world: World, date: str) -> None:
    """Keeps a day's closing balances, as they follow from the ledger."""
    table = world.table("TradesStore")
    balances = closings.balances_at_start(table, CUSTOMER, days_after(date, 1))
    positions = {
        ticker: {"available": shares.available, "reserved": shares.reserved, "settled": shares.settled}
        for ticker, shares in balances.shares.items()
    }
    item = closings.closing_item(CUSTOMER, Closing(date, balances.accounts, positions))
    transactions.write([transactions.put_new(table, item)], 0)

"""A past for a system in memory: customers, open orders and days lie in its tables as if they had come one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.support import bulk, samples
from tests.support.clock import START
from tests.support.cloud import TEMPLATE
from tests.support.matching import QUOTE, never
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.engine.journal import Head, Journal, JournalEntry
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import TickerState, snapshot_of
from trading.aws.store import items, keys, transactions
from trading.aws.store.days import counted, day_item
from trading.aws.store.tape import tape_item
from trading.domain import money
from trading.domain.executions import effect_of
from trading.domain.ids import derived, order_id
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import Conditions
from trading.domain.messages.events import reports_from
from trading.domain.messages.market import prints_in
from trading.domain.orders import Order, PoolType
from trading.domain.routing import command_of, route_of
from trading.domain.times import iso, session_date

CUSTOMER, TICKER, CASH = "000002", "COIN", "10000000000.00"
SNAPSHOT_EVERY = int(TEMPLATE["Parameters"]["SnapshotEvery"]["Default"])
LEFT_BEHIND = 3
"""Snapshots that should be gone."""


@dataclass(frozen=True, slots=True)
class Past:
    """How much of each: open orders of CUSTOMER that rest in the book of TICKER, other customers, and days on each of
    which CUSTOMER had a booking in TICKER. Each day but the last has an entry in the ticker's journal.
    """

    orders: int
    customers: int
    days: int


def lived(world: World, past: Past) -> None:
    """Gives the past to a system in which nothing has happened."""
    world.put_customer(CUSTOMER, CASH)
    bulk.put(world.table("TradesStore"), {"cash": Decimal("10000.00")}, _customers(past.customers))
    _days(world, past.days)
    _journal(world, past.days - 1, _open_orders(world, past.orders))


def _customers(number: int) -> Iterator[tuple[str, str]]:
    for customer_id in (f"{100_000 + each:06}" for each in range(number)):
        for key in (keys.customer(customer_id), keys.known(customer_id), keys.position(customer_id, TICKER)):
            yield key["PK"], key["SK"]


def _days(world: World, number: int) -> None:
    """A booking a day, its trades on the tape, and the day of the ticker."""
    table, dates = world.table("TradesStore"), [session_date(START - timedelta(days=day + 1)) for day in range(number)]
    [message] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
    reports = reports_from(message.body)
    names = [(date, derived(reports.booking_id, date)) for date in dates]
    customer, ticker = keys.customer(CUSTOMER)["PK"], keys.ticker_day(TICKER, "")["PK"]
    booking = items.booking_item(reports, effect_of(reports), iso(START))
    bulk.put(table, booking, ((customer, f"{keys.TRADE}{date}#{its_id}") for date, its_id in names))
    tape = prints_in(samples.published(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED)))
    bulk.put(table, tape_item(tape[0]), ((ticker, f"{keys.TAPE}{its_id}") for _, its_id in names))
    day, _ = counted(tape)
    bulk.put(table, day_item(TICKER, reports.date, day), ((ticker, date) for date in dates))


def _open_orders(world: World, number: int) -> LitPool:
    """The orders in the customer's account, and the book in which they rest, below the market."""
    orders = [_resting(each) for each in range(number)]
    names = ((key["PK"], key["SK"]) for each in orders for key in [keys.order(CUSTOMER, each.order_id)])
    route = route_of(orders[0], samples.MARKET)
    item = items.order_item(orders[0], None, samples.displayed(orders[0]), route)
    bulk.put(world.table("TradesStore"), item, names)
    held = sum((each.reservation(each.quantity) for each in orders), money.ZERO)
    values = {":taken": -held, ":held": held, ":orders": number}
    expression = "ADD cash :taken, reserved :held, openOrders :orders"
    update = transactions.update(world.table("TradesStore"), keys.customer(CUSTOMER), expression, None, values)
    transactions.write([update], deadline=0)
    pool = LitPool()
    for each in orders:
        pool.execute(command_of(each), Conditions(samples.MARKET, QUOTE), never)
    return pool


def _resting(number: int) -> Order:
    price = Decimal("150.00") - Decimal(number % 10_000) / 100
    its_id = order_id(int(START.timestamp() * 1000) - 1, number)
    return replace(samples.SEED, order_id=its_id, quantity=100, price=price, protection_price=price)


def _journal(world: World, entries: int, pool: LitPool) -> None:
    """The entries, and the last snapshot that was due, of this pool; at the first entry if none was due."""
    table, bucket = world.table("OrderBooks"), world.cloud.resolve({"Ref": "Archive"})
    journal, snapshots = Journal(table, PoolType.LIT), Snapshots(bucket, PoolType.LIT)
    head = Head(1, session_date(START - timedelta(days=1)), (derived(TICKER, "a command"),))
    [item] = journal.items(TICKER, JournalEntry(head, iso(START), 1, None, [], (), printed=False, snapshot_due=False))
    bulk.put(table, item, ((item["PK"], sequence) for sequence in range(1, entries + 1)))
    last = max(entries - entries % SNAPSHOT_EVERY, 1)
    for before in range(1, LEFT_BEHIND + 1):
        if (due := last - before * SNAPSHOT_EVERY) > 0:
            snapshots.write(TICKER, due, {})
    memory = TickerState(pool, last)
    memory.remember(replace(head, sequence=last))
    snapshots.write(TICKER, last, snapshot_of(memory, pool.snapshot()))
    journal.point_at_snapshot(TICKER, last)


def read_cold(world: World) -> int:
    """How many entries of its journal an engine reads that starts cold: it does with the first order."""
    read = 0

    def note(parsed: Mapping[str, Any], **_: Any) -> None:
        nonlocal read
        read += parsed["Count"]

    world.cool_down()
    events = world.client("dynamodb").meta.events
    events.register("after-call.dynamodb.Query", note)
    assert world.post(entered(quantity=1))[0] == 202
    while not world.pipeline.deliveries_to("lit_pool_matching_engine"):
        world.pipeline.step()
    events.unregister("after-call.dynamodb.Query", note)
    world.settle()
    return read

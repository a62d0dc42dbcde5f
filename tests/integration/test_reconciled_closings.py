"""The closings that a reconciliation keeps, and compares with the ledger later."""

from decimal import Decimal

from tests.support.reconciled_day import (
    CUSTOMER,
    CUSTOMERS,
    DATE,
    PK,
    TODAY,
    closed,
    only,
    other,
    post,
    reconciled,
    said,
    trade,
)
from tests.support.world import World
from trading.aws.store import closings, keys


def test_a_closing_holds_what_there_was_at_the_end_of_its_day_whatever_happens_later(world: World) -> None:
    trade(world)
    before = {item["SK"].removeprefix(keys.POSITION): item for item in world.items(pk=PK, sk=keys.POSITION)}
    account = only(world, PK, "CUST#")
    world.clock.advance(days=1)
    post(world, quantity=10)
    post(world, direction="Sell", quantity=20, price="161.88")
    world.settle()
    assert reconciled(world).breaks == ()
    closing = closings.last_before(world.table("TradesStore"), CUSTOMER, TODAY)
    assert closing.date == DATE
    assert {name: getattr(closing.balances, name) for name in ("cash", "reserved", "fees")} == {
        name: account[name] for name in ("cash", "reserved", "fees")
    }
    assert closing.totals == {name: account[name] for name in closing.totals}
    for ticker, item in before.items():
        fields = {name: value for name, value in item.items() if name not in {"PK", "SK"}}
        assert {name: value for name, value in closing.positions[ticker].items() if value} == {
            name: value for name, value in fields.items() if value
        }


def test_the_next_day_starts_at_the_closing(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    post(world, quantity=10)
    post(world, direction="Sell", quantity=100, price="161.88")
    world.settle()
    world.clock.advance(days=1)
    report = reconciled(world, TODAY)
    assert report.breaks == ()
    assert (report.compared["bookings"], report.compared["entries"]) == (1, 0)
    assert closed(world) == [DATE, TODAY]


def test_an_older_order_that_is_reported_on_is_compared_with_its_whole_life(world: World) -> None:
    ids = trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    for name in ("replaced", "selling"):
        world.change("DELETE", ids[name], of=CUSTOMER)
    world.settle()
    assert reconciled(world, TODAY).breaks == ()
    with other(world, only(world, PK, f"ORDER#{ids['replaced']}"), canceledQuantity=41):
        assert said(reconciled(world, TODAY).breaks, ids) == [
            "order 000003 COIN replaced canceledQuantity: the order 41 / its bookings 40"
        ]


def test_a_customer_with_a_break_and_a_day_that_is_not_over_get_no_closing(world: World) -> None:
    trade(world)
    assert reconciled(world).breaks == ()
    assert world.items(sk="CLOSING#") == []
    world.clock.advance(days=1)
    with other(world, only(world, PK, "CUST#"), cash=Decimal("1.00")):
        reconciled(world)
    assert [closed(world, each) for each in CUSTOMERS] == [[DATE], [DATE], []]


def test_a_customer_without_movements_gets_no_further_closing(world: World) -> None:
    trade(world)
    for _ in range(3):
        world.clock.advance(days=1)
        reconciled(world, DATE)
        reconciled(world, TODAY)
    assert closed(world) == [DATE]


def test_a_closing_that_is_not_what_the_ledger_gives_now_is_a_break(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    closing = only(world, PK, "CLOSING#")
    with other(world, closing, balances=closing["balances"] | {"cash": Decimal("1.00")}):
        [found] = reconciled(world).breaks
    assert (found.kind.value, found.where.customer_id, found.where.reference) == ("closing", CUSTOMER, DATE)
    assert (found.field, found.left.side, found.right.side) == ("balances", "the closing", "the ledger")
    assert "cash 1.00" in str(found.left.value)
    assert "cash 976020.51" in str(found.right.value)


def test_a_closing_that_cannot_be_read_is_a_break_and_all_before_it_is_read_instead(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    closing = only(world, PK, "CLOSING#")
    with other(world, closing, balances=closing["balances"] | {"cash": Decimal("1.00")}):
        [found] = reconciled(world, TODAY).breaks
    assert (found.kind.value, found.where.reference) == ("unreadable", f"CLOSING#{DATE}")
    assert "a posting that does not sum to zero" in str(found.left.value)

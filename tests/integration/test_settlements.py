"""Settlement: what is due on a value date becomes settled, exactly once, whatever else happens meanwhile."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.cloud import ROOT
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.aws.store import dynamodb, keys, ledger
from trading.domain.accounts.ledger import Line, Posting, Shares

TRANSACT, GET = "dynamodb.TransactWriteItems", "dynamodb.BatchGetItem"
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
"""What is traded on the clock's Sunday settles on these days, in the US and in Switzerland."""


def traded(world: World, **fields: Any) -> None:
    """A buy of ten shares of COIN, worth 1619.00 USD, or what is different, is booked."""
    assert world.post(entered(**({"quantity": 10} | fields)))[0] == 202
    world.settle()


def position(world: World, ticker: str = "COIN", of: str = "000002") -> dict[str, Any]:
    """What a position has of settled and due."""
    [item] = world.items(pk=f"CUST#{of}", sk=f"POSITION#{ticker}")
    return {name: value for name, value in item.items() if name == "settled" or name.startswith("due:")}


def due_on(date: str, cash: str, shares: int) -> dict[str, Any]:
    return {f"due:{date}:cash": Decimal(cash), f"due:{date}:shares": shares}


def settled_usd(world: World, of: str = "000002") -> Decimal:
    [item] = world.items(pk=f"CUST#{of}", sk="CUST#")
    return Decimal(item["settled"])


def entries(world: World) -> list[tuple[str, str, Decimal, int]]:
    """Value date, ticker, USD and shares of every settlement, in no order."""
    found = [item for item in world.items(sk="ENTRY#") if item["kind"] == "Settlement"]
    return sorted(
        (
            item["reference"],
            item["ticker"],
            item.get("posting", {}).get("house", Decimal(0)),
            int(item.get("shares", {}).get("settled", 0)),
        )
        for item in found
    )


def put(world: World, values: dict[str, Any]) -> None:
    world.client("dynamodb").put_item(TableName=world.table("TradesStore"), Item=dynamodb.to_item(values))


def meanwhile(world: World, operation: str, do: Callable[[], object]) -> None:
    """Does something once, just before the next call of an operation of DynamoDB."""
    hooks, name = world.client("dynamodb").meta.events, f"provide-client-params.{operation}"

    def strike(**_: Any) -> None:
        hooks.unregister(name, strike)
        do()

    hooks.register(name, strike)


def held_back(world: World, *quantities: int) -> list[dict[str, Any]]:
    """The reports of buys, each of its own commit, that are executed and not booked."""
    records = []
    for quantity in quantities:
        world.post(entered(quantity=quantity))
        world.pipeline.run(but_not="post_trade_processor")
        records += world.pipeline.take("post_trade_processor")
    assert len(records) == len(quantities)
    return records


def book(world: World, *records: dict[str, Any]) -> None:
    assert world.deliver("post_trade_processor", events.sqs(records)).answer == {"batchItemFailures": []}


def test_trades_settle_on_their_value_dates_and_each_settlement_is_a_line_of_the_ledger(world: World) -> None:
    traded(world, quantity=8614)
    assert position(world) == {
        "settled": 0,
        **due_on(MONDAY, "1295200.00", 8000),
        **due_on(TUESDAY, "99406.60", 614),
    }
    world.clock.advance(days=1)
    answer = world.value_date_comes(MONDAY)
    assert answer == {"valueDate": MONDAY, "settled": 1, "net": "1295200.00"}
    assert position(world) == {"settled": 8000, **due_on(TUESDAY, "99406.60", 614)}
    assert settled_usd(world) == Decimal("1295200.00")
    world.clock.advance(days=1)
    assert world.value_date_comes(TUESDAY) == {"valueDate": TUESDAY, "settled": 1, "net": "99406.60"}
    assert position(world) == {"settled": 8614}
    assert settled_usd(world) == Decimal("1394606.60")
    assert world.items(pk="DUE#") == []
    first, second = ledger.lines(world.table("TradesStore"), "000002", MONDAY, TUESDAY)
    assert [first, second] == [
        settlement_line(first, "2026-11-23T14:30:00.123Z", "1295200.00", 8000),
        settlement_line(second, "2026-11-24T14:30:00.123Z", "99406.60", 614),
    ]
    assert entries(world) == [
        (MONDAY, "COIN", Decimal("1295200.00"), 8000),
        (TUESDAY, "COIN", Decimal("99406.60"), 614),
    ]


def settlement_line(line: Line, time: str, net: str, shares: int) -> Line:
    """A line of a settlement on its value date, with the id of another one."""
    posting = Posting(clearing=-Decimal(net), house=Decimal(net))
    return Line(line.key, time, "Settlement", line.its_id, "COIN", posting, Shares(settled=shares), time[:10])


def test_a_sale_settles_shares_out_and_money_in(world: World) -> None:
    world.put_customer("000002", "0.00", COIN=100)
    traded(world, direction="Sell", quantity=100, price="161.88")
    assert position(world) == {"settled": 100, **due_on(MONDAY, "-16188.00", -100)}
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 1, "net": "-16188.00"}
    assert position(world) == {"settled": 0}
    assert settled_usd(world) == Decimal("-16188.00")


def test_purchases_and_sales_of_a_ticker_settle_net_even_if_nothing_is_left(world: World) -> None:
    traded(world)
    world.quote("COIN", "161.90", "161.92")
    world.settle()
    world.cool_down()
    traded(world, direction="Sell")
    assert position(world) == {"settled": 0, **due_on(MONDAY, "0.00", 0)}
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 1, "net": "0.00"}
    assert position(world) == {"settled": 0}
    assert entries(world) == [(MONDAY, "COIN", Decimal(0), 0)]
    assert world.items(pk="DUE#") == []


def test_every_customer_and_ticker_settles_by_itself(world: World) -> None:
    for customer_id in ("000001", "000002", "000003"):
        traded(world, customerId=customer_id)
        traded(world, customerId=customer_id, ticker="IBM", price="133.58")
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 6, "net": "8864.40"}
    assert [settled_usd(world, of) for of in ("000001", "000002", "000003")] == [Decimal("2954.80")] * 3
    assert entries(world) == [
        *[(MONDAY, "COIN", Decimal("1619.00"), 10)] * 3,
        *[(MONDAY, "IBM", Decimal("1335.80"), 10)] * 3,
    ]


@pytest.mark.parametrize(
    ("strikes", "settles"),
    [("2026-11-22T23:30:00Z", 0), ("2026-11-23T00:30:00Z", 1), ("2026-12-23T23:30:00Z", 1)],
)
def test_the_schedule_settles_nothing_of_the_future_and_what_became_due_up_to_a_month_ago(
    world: World, strikes: str, settles: int
) -> None:
    traded(world)
    answer = world.stage("settlement")(events.scheduled("settlement", strikes))
    assert answer == {"valueDate": strikes[:10], "settled": settles, "net": ["0.00", "1619.00"][settles]}


def test_what_is_booked_after_its_value_date_was_settled_settles_at_the_next_run(world: World) -> None:
    first, late = held_back(world, 10, 20)
    book(world, first)
    world.value_date_comes(MONDAY)
    book(world, late)
    assert position(world) == {"settled": 10, **due_on(MONDAY, "3238.00", 20)}
    world.clock.advance(days=20)
    assert world.value_date_comes("2026-12-12") == {"valueDate": "2026-12-12", "settled": 1, "net": "3238.00"}
    assert position(world) == {"settled": 30}
    assert entries(world) == [(MONDAY, "COIN", Decimal("1619.00"), 10), (MONDAY, "COIN", Decimal("3238.00"), 20)]


def test_a_settlement_between_two_bookings_of_a_batch_leaves_the_second_ones_trades_due(world: World) -> None:
    """Which are booked one by one if AWS does not take them together."""
    first, second = held_back(world, 10, 20)
    world.faults.refused(TRANSACT, "ValidationException")

    def when_the_first_is_booked() -> None:
        meanwhile(world, TRANSACT, lambda: world.value_date_comes(MONDAY))

    meanwhile(world, TRANSACT, lambda: meanwhile(world, TRANSACT, when_the_first_is_booked))
    book(world, first, second)
    assert position(world) == {"settled": 10, **due_on(MONDAY, "3238.00", 20)}
    assert world.dead_lettered("post_trade_processor") == []
    world.value_date_comes(MONDAY)
    assert position(world) == {"settled": 30}


@pytest.mark.parametrize("operation", [GET, TRANSACT])
def test_what_is_booked_while_its_position_settles_settles_with_it(world: World, operation: str) -> None:
    first, second = held_back(world, 10, 20)
    book(world, first)
    meanwhile(world, operation, lambda: book(world, second))
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 1, "net": "4857.00"}
    assert position(world) == {"settled": 30}


@pytest.mark.parametrize("operation", [GET, TRANSACT])
def test_of_two_settlements_at_once_one_settles(world: World, operation: str) -> None:
    traded(world)
    rival = world.new_stage("settlement")
    answers: list[Any] = []
    meanwhile(world, operation, lambda: answers.append(rival({"valueDate": MONDAY})))
    answers.append(world.value_date_comes(MONDAY))
    assert [(each["settled"], each["net"]) for each in answers] == [(1, "1619.00"), (0, "0.00")]
    assert entries(world) == [(MONDAY, "COIN", Decimal("1619.00"), 10)]


def test_what_is_booked_when_a_late_settlement_finds_nothing_due_is_not_lost(world: World) -> None:
    first, second = held_back(world, 10, 20)
    book(world, first)
    rival = world.new_stage("settlement")

    def settle_then_book() -> None:
        rival({"valueDate": MONDAY})
        meanwhile(world, TRANSACT, lambda: book(world, second))

    meanwhile(world, GET, settle_then_book)
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 1, "net": "3238.00"}
    assert position(world) == {"settled": 30}


def test_a_settlement_that_crashed_after_its_commit_is_not_done_again(world: World) -> None:
    traded(world)
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    crashed = fails(world)
    before = world.state()
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 0, "net": "0.00"}
    assert world.state() == before
    assert crashed == "positions that were due by 2026-11-23 and are not settled: 1"
    assert position(world) == {"settled": 10}


def test_the_log_says_which_position_did_not_settle(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The runbook tells operators to look for these words."""
    traded(world)
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    fails(world)
    [line] = [vars(record) for record in caplog.records if record.message == "not settled"]
    assert (line["customer_id"], line["ticker"]) == ("000002", "COIN")
    assert "`not settled`" in (ROOT / "docs" / "operating" / "runbook.md").read_text()


def fails(world: World) -> str:
    """What the stage raises."""
    with pytest.raises(Exception, match="not settled") as raised:
        world.value_date_comes(MONDAY)
    return str(raised.value)


def test_a_booking_that_comes_again_after_its_settlement_changes_nothing(world: World) -> None:
    traded(world)
    world.value_date_comes(MONDAY)
    [delivery] = world.pipeline.deliveries_to("post_trade_processor")
    before = world.state()
    again = world.deliver("post_trade_processor", delivery.event)
    assert (again.published, again.answer) == (delivery.published, delivery.answer)
    assert world.state() == before
    assert world.value_date_comes(MONDAY)["settled"] == 0
    assert world.state() == before


def test_what_is_listed_and_not_due_is_taken_off_the_list(world: World) -> None:
    put(world, {**keys.due(MONDAY, "000002", "COIN")})
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 0, "net": "0.00"}
    assert world.items(pk="DUE#") == []
    assert world.items(sk="POSITION#") == []


def test_a_conflict_is_tried_again(world: World) -> None:
    traded(world)
    reasons = [{"Code": "None"}, {"Code": "None"}, {"Code": "TransactionConflict"}, {"Code": "None"}]
    world.faults.refused(TRANSACT, "TransactionCanceledException", times=5, CancellationReasons=reasons)
    assert world.value_date_comes(MONDAY)["settled"] == 1


def test_what_fails_is_left_and_does_not_hold_up_what_comes_after_it(world: World) -> None:
    for customer_id in ("000001", "000002"):
        traded(world, customerId=customer_id)
        traded(world, customerId=customer_id, ticker="IBM", price="133.58")
    [there] = world.items(pk="CUST#000001", sk="POSITION#COIN")
    put(world, there | {"available": "many"})
    assert fails(world) == "positions that were due by 2026-11-23 and are not settled: 1"
    assert [position(world, "IBM", of) for of in ("000001", "000002")] == [{"settled": 10}] * 2
    put(world, there)
    assert world.value_date_comes(MONDAY) == {"valueDate": MONDAY, "settled": 1, "net": "1619.00"}


def test_a_position_of_no_customer_is_left(world: World) -> None:
    traded(world)
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    key = dynamodb.to_item(keys.customer("000002"))
    world.client("dynamodb").delete_item(TableName=world.table("TradesStore"), Key=key)
    before = world.items()
    assert fails(world) == "positions that were due by 2026-11-23 and are not settled: 1"
    assert world.items() == before
    put(world, customer)
    assert world.value_date_comes(MONDAY)["settled"] == 1


def test_when_its_time_is_over_it_says_what_is_left_and_the_next_run_goes_on(world: World) -> None:
    for ticker, price in (("AMD", "114.25"), ("COIN", "161.90"), ("IBM", "133.58")):
        traded(world, ticker=ticker, price=price)
    meanwhile(world, TRANSACT, lambda: world.clock.advance(minutes=14.5))
    assert fails(world) == "positions that were due by 2026-11-23 and are not settled: 2"
    assert len(entries(world)) == 1
    assert world.value_date_comes(MONDAY)["settled"] == 2
    assert world.items(pk="DUE#") == []


def test_an_invalid_date_settles_nothing(world: World) -> None:
    traded(world)
    with pytest.raises(ValueError, match="tomorrow"):
        world.value_date_comes("tomorrow")
    assert entries(world) == []

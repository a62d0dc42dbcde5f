"""A ticker's day is what its executions add up to, each counted once, whoever counts and however often."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from ops import restore
from tests.support.orders import asked, enter_day, entered
from tests.support.ticker_days import without_pending
from tests.support.world import World
from trading.aws.engine import journal
from trading.domain.money import HALF_TICK, price_text

STAGE = "trades_data_aggregator"
DATE = "2026-11-22"


def recomputed(world: World, ticker: str) -> dict[str, Any]:
    """The day from the archive's trades, without the second side of those between customers."""
    trades = [trade for trade in world.archived() if trade["ticker"] == ticker and trade.get("counted", True)]
    prices = [Decimal(trade["price"]) for trade in trades]
    notional = sum((worth(trade) for trade in trades), Decimal(0))
    quantity = sum(trade["quantity"] for trade in trades)
    return {
        "trades": len(trades),
        "quantity": quantity,
        "notional": f"{notional:.2f}",
        "averagePrice": f"{notional / quantity:.4f}",
        "high": price_text(max(prices)),
        "low": price_text(min(prices)),
        "byExchange": by(trades, "exchange"),
        "byPoolType": by(trades, "exchangeType"),
    }


def worth(trade: dict[str, Any]) -> Decimal:
    return Decimal(trade["price"]) * int(trade["quantity"])


def by(trades: list[dict[str, Any]], field: str) -> dict[str, dict[str, Any]]:
    tallies: dict[str, Counter[str]] = {}
    for trade in trades:
        steps = int(worth(trade) / HALF_TICK)
        tallies.setdefault(trade[field], Counter()).update(trades=1, quantity=trade["quantity"], steps=steps)
    return {
        name: {
            "trades": each["trades"],
            "quantity": each["quantity"],
            "notional": f"{each['steps'] * HALF_TICK:.2f}",
        }
        for name, each in tallies.items()
    }


def shown(world: World, ticker: str) -> dict[str, Any]:
    status, day = world.get("/tickers/{ticker}", {"date": DATE}, ticker=ticker)
    assert status == 200
    quoted = {"ticker", "date", "bid", "bidSize", "ask", "askSize", "reference"}
    return {name: value for name, value in day.items() if name not in quoted}


def test_a_day_is_the_sum_of_its_trades(world: World) -> None:
    enter_day(world)
    world.settle()
    for ticker in ("AMD", "COIN", "IBM"):
        assert shown(world, ticker) == recomputed(world, ticker)


def test_an_entry_counts_once_for_two_counters_that_each_see_it_twice_in_orders_of_their_own(world: World) -> None:
    world.simulate()
    prices = ["161.90", "170.00", "150.00", "165.00", "149.00", "171.00"]
    for price in prices:
        world.post(entered(quantity=10, price=price))
        world.pipeline.run(but_not=STAGE)
    records = world.pipeline.unread(STAGE)
    assert len(records) == 6
    first, second = world.new_stage(STAGE), world.new_stage(STAGE)
    for mine, theirs in zip(records, records[::-1], strict=True):
        first({"Records": [mine, mine]})
        second({"Records": [theirs]})
        second({"Records": [mine]})
    world.settle()
    assert shown(world, "COIN") == recomputed(world, "COIN")
    assert (shown(world, "COIN")["high"], shown(world, "COIN")["low"]) == ("171.00", "149.00")


def posted(world: World, *, direction: str = "Buy", of: str = "000003", price: str, **terms: Any) -> None:
    """100 COIN; the buyer is 000003, the seller 000001 if nobody is named."""
    order = entered(customerId=of, direction=direction, quantity=100, price=price, **terms)
    assert world.post(order)[0] == 202
    world.pipeline.run(but_not=STAGE)


def with_the_house(world: World) -> None:
    posted(world, price="161.90")


def with_the_house_that_comes(world: World) -> None:
    """Its quotes move to an order that rests."""
    posted(world, price="161.80")
    world.quote("COIN", "161.70", "161.75")
    world.clock.advance(minutes=2)
    posted(world, price="1.00")


def with_a_customer(world: World) -> None:
    posted(world, direction="Sell", of="000001", price="161.89")
    posted(world, price="161.89")


def with_a_hidden_order(world: World) -> None:
    """The midpoint comes to an order that rests, out of reach of hidden orders of the house until then."""
    posted(world, direction="Sell", of="000001", price="161.90", poolOnly=True)
    world.quote("COIN", "161.90", "161.94")
    world.pipeline.run(but_not=STAGE)


def with_oneself(world: World) -> None:
    posted(world, direction="Sell", of="000001", price="161.89", selfTradePrevention="Off")
    posted(world, of="000001", price="161.89", selfTradePrevention="Off")


MEETINGS = [with_the_house, with_the_house_that_comes, with_a_customer, with_a_hidden_order, with_oneself]


@pytest.mark.parametrize("meet", MEETINGS)
def test_a_trade_counts_once_whoever_it_is_between_however_often_and_in_which_order_it_comes(
    world: World, meet: Callable[[World], None]
) -> None:
    world.put_customer("000001", "1000000.00", COIN=100)
    meet(world)
    records = world.pipeline.unread(STAGE)
    for counter in (world.new_stage(STAGE), world.new_stage(STAGE)):
        for record in (*records[::-1], *records):
            counter({"Records": [record]})
    world.settle()
    day = shown(world, "COIN")
    assert (day["trades"], day["quantity"]) == (1, 100)
    for parts in (day["byExchange"], day["byPoolType"]):
        assert [(each["trades"], each["quantity"]) for each in parts.values()] == [(1, 100)]
    assert day == recomputed(world, "COIN")
    before = without_pending(world.state())
    assert restore.statistics(world.table("TradesStore"), world.table("OrderBooks"), DATE) == ["COIN"]
    assert without_pending(world.state()) == before
    assert world.breaks(DATE) == []


def test_averages_are_of_the_prices_and_not_of_what_was_paid(world: World) -> None:
    """At 114.245 a share costs 114.24 or, in pairs, 114.245."""
    for number in range(8):
        hidden = entered(ticker="AMD", quantity=1, price="114.25", poolOnly=True, clientOrderId=f"hidden-{number}")
        assert world.post(hidden)[0] == 202
    world.settle()
    orders = [asked(world, f"hidden-{number}")[1] for number in range(8)]
    filled = [each for each in orders if each["state"] == "Filled"]
    assert filled
    assert {each["averagePrice"] for each in filled} == {"114.2450"}
    day = shown(world, "AMD")
    assert (day["averagePrice"], day["low"], day["high"]) == ("114.2450", "114.245", "114.245")
    assert day == recomputed(world, "AMD")
    assert world.breaks(DATE) == []


def test_counters_whose_ranges_are_stale_do_not_narrow_the_day(world: World) -> None:
    world.simulate()
    records = []
    for price in ("160.00", "180.00", "140.00", "161.00"):
        world.post(entered(quantity=10, price=price))
        world.pipeline.run(but_not=STAGE)
        records.append(world.pipeline.unread(STAGE)[-1])
    stale, fresh = world.new_stage(STAGE), world.new_stage(STAGE)
    stale({"Records": [records[0]]})
    fresh({"Records": [records[1]]})
    fresh({"Records": [records[2]]})
    stale({"Records": [records[3]]})
    assert shown(world, "COIN") == recomputed(world, "COIN")
    assert (shown(world, "COIN")["high"], shown(world, "COIN")["low"]) == ("180.00", "140.00")


def test_a_hundred_entries_of_one_ticker_are_counted_in_one_write(world: World) -> None:
    world.simulate()
    for _ in range(100):
        world.post(entered(quantity=10))
        world.pipeline.run(but_not=STAGE)
    records = world.pipeline.unread(STAGE)
    assert len(records) == 100
    world.faults.calls.clear()
    world.deliver(STAGE, {"Records": records})
    assert world.faults.calls.count("dynamodb.PutItem") == 1
    assert shown(world, "COIN") == recomputed(world, "COIN")


def test_an_entry_in_several_parts_is_counted_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PART_BYTES", 300)
    world.post(entered(quantity=2500))
    world.settle()
    assert [item["parts"] > 2 for item in world.items("OrderBooks", pk="lit#COIN") if "parts" in item] == [True]
    assert shown(world, "COIN") == recomputed(world, "COIN")
    assert world.breaks(DATE) == []


def test_what_is_counted_and_not_on_the_tape_is_put_there_however_late_it_comes_again(world: World) -> None:
    world.simulate()
    posted(world, price="161.90")
    [first] = world.pipeline.unread(STAGE)
    world.faults.unreachable("dynamodb.BatchWriteItem")
    with pytest.raises(ConnectionClosedError):
        world.new_stage(STAGE)({"Records": [first]})
    posted(world, price="161.95")
    second = world.pipeline.unread(STAGE)[-1]
    for counter in (world.new_stage(STAGE), world.new_stage(STAGE)):
        counter({"Records": [second]})
    assert len(world.get("/tickers/{ticker}/trades", ticker="COIN")[1]["trades"]) == 1
    for counter in (world.new_stage(STAGE), world.new_stage(STAGE)):
        counter({"Records": [first]})
    world.settle()
    assert len(world.get("/tickers/{ticker}/trades", ticker="COIN")[1]["trades"]) == 2
    assert shown(world, "COIN") == recomputed(world, "COIN")


def test_a_day_without_trades_is_shown_with_its_quote(world: World) -> None:
    assert world.get("/tickers/{ticker}", ticker="F") == (
        200,
        {
            "ticker": "F",
            "date": DATE,
            "trades": 0,
            "quantity": 0,
            "notional": "0.00",
            "byExchange": {},
            "byPoolType": {},
            "bid": "20.29",
            "ask": "20.30",
            "reference": {"bid": "20.29", "ask": "20.30"},
        },
    )


def test_trades_of_yesterday_are_not_in_todays_day(world: World) -> None:
    world.post(entered(quantity=10))
    world.settle()
    world.clock.advance(days=1)
    world.post(entered(quantity=20))
    world.settle()
    assert shown(world, "COIN")["quantity"] == 10
    assert world.get("/tickers/{ticker}", ticker="COIN")[1]["quantity"] == 20

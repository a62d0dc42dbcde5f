"""A ticker's day is what its bookings add up to, each counted once, whoever counts and however often."""

from collections import Counter
from decimal import Decimal
from typing import Any

from tests.support.orders import enter_day, entered
from tests.support.world import World
from trading.domain.ids import derived
from trading.domain.money import notional, price_text

STAGE = "trades_data_aggregator"
DATE = "2026-11-22"


def recomputed(world: World, ticker: str) -> dict[str, Any]:
    """The day from the archive's trades."""
    trades = [trade for trade in world.archived() if trade["ticker"] == ticker]
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
    return notional(Decimal(trade["price"]), trade["quantity"])


def by(trades: list[dict[str, Any]], field: str) -> dict[str, dict[str, Any]]:
    tallies: dict[str, Counter[str]] = {}
    for trade in trades:
        cents = int(worth(trade) * 100)
        tallies.setdefault(trade[field], Counter()).update(trades=1, quantity=trade["quantity"], cents=cents)
    return {
        name: {
            "trades": each["trades"],
            "quantity": each["quantity"],
            "notional": f"{Decimal(each['cents']) / 100:.2f}",
        }
        for name, each in tallies.items()
    }


def shown(world: World, ticker: str) -> dict[str, Any]:
    status, day = world.get("/tickers/{ticker}", {"date": DATE}, ticker=ticker)
    assert status == 200
    return {
        name: value for name, value in day.items() if name not in {"ticker", "date", "bid", "bidSize", "ask", "askSize"}
    }


def test_a_day_is_the_sum_of_its_trades(world: World) -> None:
    enter_day(world)
    world.settle()
    for ticker in ("AMD", "COIN", "IBM"):
        assert shown(world, ticker) == recomputed(world, ticker)


def test_a_booking_counts_once_for_two_counters_that_each_see_it_twice_in_orders_of_their_own(world: World) -> None:
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


def test_a_hundred_bookings_of_one_ticker_are_counted_in_one_delivery(world: World) -> None:
    world.post(entered(quantity=2500))
    world.pipeline.run(but_not=STAGE)
    [booking] = world.pipeline.unread(STAGE)
    world.deliver(STAGE, {"Records": [copied(booking, number) for number in range(100)]})
    assert (shown(world, "COIN")["trades"], shown(world, "COIN")["quantity"]) == (300, 250_000)


def copied(record: dict[str, Any], number: int) -> dict[str, Any]:
    image = record["dynamodb"]["NewImage"] | {"bookingId": {"S": derived(record["eventID"], str(number))}}
    return record | {"dynamodb": record["dynamodb"] | {"NewImage": image}}


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

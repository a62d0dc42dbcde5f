"""Bars are what the trades of their time add up to, each once, whoever counts, how often and in which order."""

import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from ops import restore
from tests.support.orders import entered
from tests.support.ticker_days import without_pending
from tests.support.world import World
from trading.domain.bars import MINUTES, start_of
from trading.domain.money import price_text

STAGE = "trades_data_aggregator"
DATE = "2026-11-22"
PAUSES = [0, 5, 70, 0, 240, 61, 3600, 1, 130, 300]
"""Seconds between trades: bars of every timeframe end, and some have several trades."""
PRICES = ["161.90", "170.00", "150.00", "165.00", "149.00", "171.00", "160.00", "161.00", "162.00", "163.00"]


def traded(world: World) -> list[dict[str, Any]]:
    """Ten orders that trade at their limits, over more than an hour; the records of their entries, not delivered."""
    world.simulate()
    for pause, price in zip(PAUSES, PRICES, strict=True):
        world.clock.advance(seconds=pause, milliseconds=1)
        world.post(entered(quantity=10 + pause % 7, price=price))
        world.pipeline.run(but_not=STAGE)
    return world.pipeline.unread(STAGE)


def recomputed(world: World, timeframe: str) -> list[dict[str, Any]]:
    """The bars from the archive's trades: no two of them are of the same instant."""
    trades = [trade for trade in world.archived() if trade.get("counted", True)]
    trades.sort(key=lambda trade: str(trade["tradeDate"]))
    starts = sorted({start_of(timeframe, trade["tradeDate"]) for trade in trades})
    return [
        bar(start, [each for each in trades if start_of(timeframe, each["tradeDate"]) == start]) for start in starts
    ]


def bar(start: str, trades: list[dict[str, Any]]) -> dict[str, Any]:
    prices = [Decimal(trade["price"]) for trade in trades]
    quantity = sum(trade["quantity"] for trade in trades)
    notional = sum((Decimal(trade["price"]) * trade["quantity"] for trade in trades), Decimal(0))
    return {
        "time": f"{start}:00.000Z",
        "open": price_text(prices[0]),
        "high": price_text(max(prices)),
        "low": price_text(min(prices)),
        "close": price_text(prices[-1]),
        "quantity": quantity,
        "averagePrice": f"{notional / quantity:.4f}",
        "trades": len(trades),
    }


def shown(world: World, timeframe: str, **query: str) -> list[dict[str, Any]]:
    asked = {"timeframe": timeframe, "from": DATE, **query}
    bars: list[dict[str, Any]] = []
    while True:
        status, answer = world.get("/tickers/{ticker}/bars", asked, ticker="COIN")
        assert (status, answer["ticker"], answer["timeframe"]) == (200, "COIN", timeframe)
        bars += answer["bars"]
        if "nextToken" not in answer:
            return bars
        asked["nextToken"] = answer["nextToken"]


def require_all(world: World) -> None:
    for timeframe in MINUTES:
        assert shown(world, timeframe) == recomputed(world, timeframe)


def test_bars_are_the_sum_of_their_trades_page_by_page(world: World) -> None:
    traded(world)
    world.settle()
    require_all(world)
    assert [len(shown(world, timeframe)) for timeframe in MINUTES] == [7, 4, 2, 1]
    for timeframe in MINUTES:
        assert shown(world, timeframe, limit="1") == shown(world, timeframe, limit="3") == shown(world, timeframe)


@pytest.mark.parametrize("seed", range(6))
def test_bars_are_the_same_for_two_counters_that_see_entries_twice_in_orders_of_their_own(
    world: World, seed: int
) -> None:
    records = traded(world)
    chance = random.Random(seed)
    counters = [world.new_stage(STAGE), world.new_stage(STAGE)]
    for record in shuffled(chance, [*records, *records]):
        chance.choice(counters)({"Records": chance.choice([[record], [record, record], records[:3]])})
    for record in shuffled(chance, records):
        counters[0]({"Records": [record]})
    require_all(world)
    before = without_pending(world.state())
    assert restore.statistics(world.table("TradesStore"), world.table("OrderBooks"), DATE) == ["COIN"]
    assert without_pending(world.state()) == before
    assert world.breaks(DATE) == []


def shuffled(chance: random.Random, records: Iterable[Any]) -> list[Any]:
    mixed = list(records)
    chance.shuffle(mixed)
    return mixed


def test_bars_begin_at_from_or_later_and_before_to(world: World) -> None:
    traded(world)
    world.settle()
    bars = recomputed(world, "1m")
    second, last = bars[1]["time"], bars[-1]["time"]
    asked = {"from": second.replace(".000Z", "Z"), "to": last.replace(".000Z", "Z")}
    assert shown(world, "1m", **asked) == bars[1:-1]
    asked = {"from": second.replace(":00.000Z", ":01Z"), "to": last.replace(":00.000Z", ":01Z")}
    assert shown(world, "1m", **asked) == bars[2:]
    assert shown(world, "1d", to=DATE) == []
    status, answer = world.get("/tickers/{ticker}/bars", {}, ticker="COIN")
    assert (status, answer["bars"]) == (200, bars)


def test_bars_go_over_days(world: World) -> None:
    days = []
    for quantity in (10, 20, 30):
        world.post(entered(quantity=quantity))
        world.settle()
        days.append(world.clock.now.date().isoformat())
        world.clock.advance(days=1)
    for timeframe in MINUTES:
        bars = shown(world, timeframe, limit="2")
        assert [(each["time"][:10], each["quantity"]) for each in bars] == list(zip(days, (10, 20, 30), strict=True))
    assert [each["quantity"] for each in shown(world, "1h", **{"from": days[1], "to": days[2]})] == [20]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"timeframe": "2m"}, "invalid-parameter"),
        ({"from": "yesterday"}, "invalid-parameter"),
        ({"to": "2026-11-22T14:30"}, "invalid-parameter"),
        ({"to": "2026-13-22"}, "invalid-parameter"),
        ({"date": DATE}, "invalid-parameter"),
        ({"limit": "501"}, "invalid-parameter"),
        ({"nextToken": "x"}, "invalid-next-token"),
    ],
)
def test_what_is_not_a_question_about_bars_is_refused(world: World, query: dict[str, str], code: str) -> None:
    status, answer = world.get("/tickers/{ticker}/bars", query, ticker="COIN")
    assert (status, answer["code"]) == (400, code)


def test_a_ticker_without_trades_has_no_bars_and_one_that_is_not_traded_is_not_found(world: World) -> None:
    assert world.get("/tickers/{ticker}/bars", {}, ticker="F") == (
        200,
        {"ticker": "F", "timeframe": "1m", "bars": []},
    )
    assert world.get("/tickers/{ticker}/bars", {}, ticker="NONE")[0] == 404


@pytest.mark.parametrize("timeframe", MINUTES)
@pytest.mark.parametrize(
    "query",
    [
        {"to": "2020-01-01"},
        {"from": "2026-11-23", "to": "2026-11-20"},
        {"from": f"{DATE}T15:00:00Z", "to": f"{DATE}T14:00:00Z"},
    ],
)
def test_a_time_that_ends_before_it_begins_has_no_bars(world: World, timeframe: str, query: dict[str, str]) -> None:
    status, answer = world.get("/tickers/{ticker}/bars", {"timeframe": timeframe, **query}, ticker="COIN")
    assert (status, answer["bars"]) == (200, [])

"""Quotes of the market: they become the reference, the engine learns of them once, and the market follows."""

import json
from typing import Any

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import recalled
from trading.domain.matching.lit import LitPool
from trading.domain.orders import PoolType

STAGE, LIT = "market_data", "lit_pool_matching_engine"
QUOTE = {"bid": "161.95", "ask": "161.97", "bidSize": 300, "askSize": 200}


def put_quote(world: World, body: object = QUOTE, ticker: str = "COIN", caller: Any = events.BROKER) -> tuple[int, Any]:
    world.clock.advance(milliseconds=1)
    return world.answer("ticker_keeper", events.put_quote(ticker, body, caller))


def shown(world: World) -> dict[str, Any]:
    return dict(world.get("/tickers/{ticker}", ticker="COIN")[1])


def recalled_book(world: World) -> dict[str, Any]:
    """The lit book as its journal alone has it."""
    journal = Journal(world.table("OrderBooks"), PoolType.LIT)
    snapshots = Snapshots(world.cloud.resolve({"Ref": "Archive"}), PoolType.LIT)
    pool = LitPool()
    recalled("COIN", pool, journal, snapshots, 0)
    return pool.snapshot()


def test_a_brokers_quote_moves_the_market_and_a_resting_order_trades_at_its_limit(world: World) -> None:
    _, answer = world.post(entered(quantity=500, price="161.00"))
    order_id = answer["orders"][0]["orderId"]
    world.settle()
    status, taken = put_quote(world, QUOTE | {"bid": "160.00", "ask": "160.02"})
    assert (status, taken["bid"], taken["source"]) == (202, "160.00", "api")
    world.settle()
    order = world.order(order_id)
    assert (order["state"], order["averagePrice"]) == ("Filled", "161.0000")
    day = shown(world)
    assert (day["bid"], day["ask"], day["trades"]) == ("160.00", "160.02", 1)
    assert day["reference"] == {name: taken[name] for name in taken if name != "ticker"}


def test_a_quote_that_comes_again_tells_the_engine_the_same_and_changes_nothing(world: World) -> None:
    world.post(entered(quantity=500, price="161.00"))
    world.settle()
    world.quote("COIN", "160.00", "160.02")
    world.settle()
    before = world.state()
    for stage in (STAGE, LIT):
        delivery = world.pipeline.deliveries_to(stage)[-1]
        world.cool_down()
        assert world.deliver(stage, delivery.event).published == delivery.published
    world.settle()
    assert world.state() == before


def test_an_older_command_changes_nothing_and_is_not_journaled(world: World) -> None:
    world.quote("COIN", "161.80", "161.82")
    world.pipeline.run(but_not=LIT)
    [older] = world.pipeline.take(LIT)
    world.quote("COIN", "161.70", "161.72")
    world.settle()
    before = world.items("OrderBooks")
    assert world.deliver(LIT, events.sqs([older])).answer == {"batchItemFailures": []}
    assert world.items("OrderBooks") == before


def test_of_quotes_with_nothing_between_them_the_engine_executes_the_last(world: World) -> None:
    records = []
    for bid, ask in (("161.80", "161.82"), ("161.70", "161.72"), ("161.60", "161.62")):
        world.quote("COIN", bid, ask)
        world.pipeline.run(but_not=LIT)
        records += world.pipeline.take(LIT)
    world.deliver(LIT, events.sqs(records))
    [entry] = world.items("OrderBooks", pk="lit#COIN")
    assert (len(entry["quoteIds"]), entry["commandIds"], entry["quote"]) == (3, [], "161.60/161.62")


def test_what_is_displayed_goes_back_though_another_engine_has_moved_it_meanwhile(world: World) -> None:
    def moved(bid: str, ask: str) -> dict[str, Any]:
        world.quote("COIN", bid, ask)
        world.pipeline.run(but_not=LIT)
        return events.sqs(world.pipeline.take(LIT))

    rival = world.new_stage(LIT)
    world.deliver(LIT, moved("161.80", "161.82"))
    rival(moved("161.70", "161.72"))
    assert shown(world)["bid"] == "161.70"
    world.deliver(LIT, moved("161.80", "161.82"))
    assert shown(world)["bid"] == "161.80"


def test_a_journal_with_quotes_replays_to_the_same_book(world: World) -> None:
    for number, bid in enumerate(("161.80", "160.00", "160.90")):
        world.post(entered(quantity=500 + number, price="161.00"))
        world.post(entered(quantity=700, direction="Buy", price="159.50", customerId="000001"))
        world.settle()
        world.quote("COIN", bid, str(round(float(bid) + 0.02, 2)))
        world.settle()
    state = world.stage(LIT).module.engine.last("COIN")
    assert recalled_book(world) == state.pool.snapshot()


def test_a_quote_outside_of_the_band_is_parked_until_it_is_confirmed(world: World) -> None:
    far = QUOTE | {"bid": "300.00", "ask": "300.02"}
    status, problem = put_quote(world, far)
    assert (status, problem["code"]) == (422, "quote-outside-band")
    message = json.dumps(
        {"version": 1, "type": "quote", "ticker": "COIN", **far, "time": "2026-11-22T14:30:01.000Z", "source": "feed"}
    )
    world.deliver(STAGE, events.sqs([events.sqs_record("COIN", message)]))
    world.settle()
    assert shown(world)["parkedQuote"]["count"] == 1
    assert shown(world)["reference"] == {"bid": "161.88", "ask": "161.90"}
    assert put_quote(world, far | {"confirmed": True})[0] == 202
    world.settle()
    assert "parkedQuote" not in shown(world)
    assert shown(world)["reference"]["bid"] == "300.00"


def test_what_is_no_quote_or_of_no_ticker_is_dead_lettered(world: World) -> None:
    body = {"version": 1, "type": "quote", **QUOTE, "time": "2026-11-22T14:30:01.000Z", "source": "feed"}
    records = [
        events.sqs_record("COIN", "{}", 1),
        events.sqs_record("NONE", json.dumps(body | {"ticker": "NONE"}), 2),
        events.sqs_record("AMD", json.dumps(body | {"ticker": "COIN"}), 3),
    ]
    assert world.deliver(STAGE, events.sqs(records)).answer == {"batchItemFailures": []}
    assert len(world.dead_lettered(STAGE)) == 3


def test_a_quote_is_refused_with_its_rule_and_only_brokers_send_quotes(world: World) -> None:
    refused = {
        "quote-crossed": {"bid": "161.98"},
        "quote-off-tick": {"bid": "161.955"},
        "quote-not-positive": {"bid": "0.00"},
        "quote-ahead": {"time": "2026-11-22T15:00:00.000Z"},
        "invalid-request": {"time": "2026-02-31T14:30:00.000Z"},
    }
    for code, fields in refused.items():
        assert put_quote(world, QUOTE | fields)[1]["code"] == code
    assert put_quote(world, ticker="NONE")[0] == 404
    assert put_quote(world, caller={"role": "customer", "customerId": "000001"})[0] == 403
    assert put_quote(world, QUOTE | {"time": "2026-11-22T14:30:00.200Z"})[0] == 202
    world.settle()
    assert put_quote(world, QUOTE | {"time": "2026-11-22T14:30:00.200Z"})[0] == 202, "it is the same"
    status, problem = put_quote(world, QUOTE | {"time": "2026-11-22T14:30:00.199Z"})
    assert (status, problem["code"]) == (409, "quote-late")

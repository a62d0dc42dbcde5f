"""An order of a million shares goes the whole way: a thousand trades, every message within what SNS and SQS take."""

from decimal import Decimal

import pytest

from tests.support.account_invariants import open_ends
from tests.support.orders import entered
from tests.support.world import World

MESSAGE_BYTES = 262_144
ITEM_BYTES = 409_600


@pytest.mark.parametrize("ticker", ["COIN", "AMD"])
def test_a_million_shares_trade_completely_in_a_thousand_trades(world: World, ticker: str) -> None:
    world.put_customer("000001", "200000000.00")
    status, _ = world.post(entered(customerId="000001", ticker=ticker, quantity=1_000_000))
    world.settle()
    trades = world.archived()
    [order] = world.items(sk="ORDER#")
    assert status == 202
    assert [trade["quantity"] for trade in trades] == [1000] * 1000
    assert len({trade["tradeId"] for trade in trades}) == 1000
    assert order["cumulativeQuantity"] == 1_000_000
    assert order["executedNotional"] == sum(Decimal(trade["price"]) * trade["quantity"] for trade in trades)
    assert order["fees"] == sum(Decimal(trade["fee"]) for trade in trades)
    assert open_ends(world) == []
    assert max(len(message.body) for message in world.pipeline.published) < MESSAGE_BYTES
    assert max(len(repr(item)) for item in [*world.items(), *world.items("OrderBooks")]) < ITEM_BYTES
    day = world.get("/tickers/{ticker}", ticker=ticker)[1]
    assert (day["trades"], day["quantity"]) == (1000, 1_000_000)

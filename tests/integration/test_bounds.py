"""What bounds the work of a stage: how long a quote is used, and how much goes into one entry of a journal."""

import pytest

from tests.support.orders import entered
from tests.support.world import World


@pytest.mark.parametrize(("seconds", "price"), [(0.9, "169.99"), (1.1, "210.00")])
def test_a_quote_is_used_for_a_second_after_it_was_read(world: World, seconds: float, price: str) -> None:
    """What a market order may pay is the ask and the market's collar of five per cent."""
    market = entered(type="Market", price=None, quantity=1)
    world.post(market)
    world.put_quote("COIN", "199.90", "200.00")
    world.clock.advance(seconds=seconds)
    _, answer = world.post(market)
    assert world.order(answer["orders"][0]["orderId"])["protectionPrice"] == price


def test_an_entry_of_a_journal_ends_with_the_command_that_brings_it_to_five_thousand_events(world: World) -> None:
    world.simulate()
    world.change_market(sliceSize=1, limits={"highestQuantity": 10_000, "collar": "0.05"})
    world.post([entered(quantity=3000)] * 3)
    world.pipeline.run(but_not="post_trade_processor")
    entries = world.items("OrderBooks", pk="lit#COIN")
    assert [len(item["commandIds"]) for item in entries if item["SK"] and item["PK"] == "lit#COIN"] == [2, 1]


def test_an_entry_of_a_journal_has_a_thousand_commands_at_the_most(world: World) -> None:
    for _ in range(3):
        world.post([entered(quantity=1, price="1.00")] * 400)
    world.pipeline.run(but_not="lit_pool_matching_engine")
    records = world.pipeline.take("lit_pool_matching_engine")
    world.deliver("lit_pool_matching_engine", {"Records": records})
    entries = world.items("OrderBooks", pk="lit#COIN")
    counts = [len(item["commandIds"]) for item in entries if item["SK"] and item["PK"] == "lit#COIN"]
    assert (counts[0], sum(counts)) == (1000, 1200)

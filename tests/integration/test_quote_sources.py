"""Quotes that a source sends become the reference quotes."""

from decimal import Decimal

from tests.support.world import World
from trading.aws.store import reference_quotes
from trading.domain.quotes import QuoteUpdate, Reference
from traffic.feed import Feed
from traffic.tick_quotes import TickQuote


def feed_of(world: World) -> Feed:
    return Feed(world.cloud.resolve({"Ref": "QuotesTopic"}), "random")


def last_of(world: World, ticker: str) -> QuoteUpdate:
    reference = reference_quotes.read(world.table("TradesStore"), ticker)
    assert isinstance(reference, Reference)
    assert reference.parked is None
    return reference.last


def test_the_last_quote_of_each_ticker_is_its_reference_quote_though_all_have_the_same_time(world: World) -> None:
    feed = feed_of(world)
    feed.send([TickQuote("COIN", 16200 + number, 16203 + number, 300, 200) for number in range(9)])
    feed.send([TickQuote("AMD", 11424, 11427, 100, 400), TickQuote("COIN", 16180, 16181, 500, 600)])
    world.settle()
    coin, amd = last_of(world, "COIN"), last_of(world, "AMD")
    assert (coin.bid, coin.ask, coin.bid_size, coin.ask_size) == (Decimal("161.80"), Decimal("161.81"), 500, 600)
    assert (amd.bid, amd.ask, amd.bid_size, amd.ask_size) == (Decimal("114.24"), Decimal("114.27"), 100, 400)
    assert {coin.source, amd.source} == {"random"}
    assert feed.sent == 11

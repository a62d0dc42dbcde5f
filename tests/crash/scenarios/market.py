"""Scenarios of a market that moves, opens and closes, and of those who listen to it."""

from typing import Any

from tests.crash.scenarios.scenario import mine, scenario
from tests.crash.story import Story
from tests.support import events

SALE: dict[str, Any] = {"customerId": "000001", "direction": "Sell"}
REFUSED = (409, 422)


@scenario("rests", "stop", "late")
def quotes(story: Story) -> None:
    """The market moves: what rests trades, a stop is elected, and moves on while an order is on its way."""
    story.world.put_customer("000001", "10000000.00", COIN=500)
    story.post(
        mine("rests", quantity=1500, price="161.00"),
        mine("stop", customerId="000001", direction="Sell", type="Stop", quantity=200, price=None, stopPrice="161.00"),
        mine("far", quantity=10, price="150.00"),
    )
    story.settle()
    story.world.quote("COIN", "160.00", "160.02")
    story.world.quote("COIN", "160.50", "160.52")
    story.settle()
    story.world.quote("COIN", "160.60", "160.64")
    story.post(mine("late", quantity=20, price="160.64"))
    story.settle()
    story.cancel("far")
    story.settle()


@scenario("rests", "deep")
def refused_quotes(story: Story) -> None:
    """Quotes that are late, crossed or far away move nothing. One that is far is parked, until a broker confirms it."""
    story.post(mine("rests", quantity=100, price="161.00"), mine("deep", quantity=50, price="120.00"))
    story.settle()
    story.world.quote("COIN", "162.00", "162.02", confirmed=False)
    story.world.quote("COIN", "150.00", "150.02", seconds_old=3600)
    story.world.quote("COIN", "140.00", "139.00")
    story.world.quote("COIN", "110.00", "110.02", confirmed=False)
    story.world.quote("COIN", "111.00", "111.02", confirmed=False)
    story.settle()
    assert story.put_quote("COIN", "112.00", "112.02") in REFUSED
    story.put_quote("COIN", "118.00", "118.02", confirmed=True)
    story.settle()


@scenario("meets", "crosses")
def pegs(story: Story) -> None:
    """Orders follow what is displayed as the market moves, in both kinds of pool, and trade where they meet."""
    story.world.put_customer("000001", "10000000.00", COIN=500, AMD=300)
    story.post(
        mine("primary", quantity=300, price="165.00", pegToPrimary=True, pegOffset="0.02"),
        mine("middle", **SALE, quantity=200, price="150.00", pegToMidpoint=True),
        mine("hidden", ticker="AMD", quantity=100, price="115.00", pegToMidpoint=True, poolOnly=True),
    )
    story.settle()
    story.world.quote("COIN", "160.00", "160.04")
    story.world.quote("AMD", "113.00", "113.10")
    story.settle()
    story.replace("primary", quantity=400, price="164.00")
    story.post(
        mine("meets", quantity=150, price="160.03"),
        mine("crosses", **SALE, ticker="AMD", quantity=60, price="113.00", poolOnly=True),
    )
    story.settle()
    story.world.quote("COIN", "161.00", "161.01")
    story.settle(but_not="post_trade_processor")
    story.cancel("primary")
    story.settle()


@scenario("rests", "sale")
def listeners(story: Story) -> None:
    """Clients listen to customers and to a ticker, one of them from an order's middle on."""
    story.world.put_customer("000001", "10000000.00", COIN=100)
    story.listen()
    story.post(mine("rests", quantity=300, price="161.00"))
    story.settle()
    story.listen("000001", "COIN")
    story.post(mine("sale", **SALE, quantity=100, price="161.00"))
    story.world.quote("COIN", "160.00", "160.02")
    story.settle()


@scenario("opens", "sale", "closes", "hidden")
def auctions(story: Story) -> None:
    """Orders collect while the market is closed, in both kinds of pool. They trade as it opens, one as it closes."""
    story.world.change_market(openingHours={"Dark": "on-command", "Lit": "on-command"})
    story.world.put_customer("000001", "10000000.00", COIN=500, AMD=100)
    story.invoke("session_close", {"sessionDate": story.today})
    story.settle()
    story.world.clock.advance(seconds=1)
    story.post(
        mine("opens", quantity=300, price="162.50", timeInForce="OPG"),
        mine("sale", customerId="000001", direction="Sell", quantity=200, price="161.00"),
        mine("closes", customerId="000001", direction="Sell", quantity=50, price="161.00", timeInForce="CLS"),
        mine("hidden", ticker="AMD", quantity=100, price="115.00", poolOnly=True),
    )
    story.settle()
    story.world.clock.advance(seconds=1)
    story.invoke("session_close", {"open": True})
    story.next_day()


@scenario("opens", "closes", by_clock=True)
def opening_hours(story: Story) -> None:
    """The market opens at three and closes at four. The schedule is late: an order opens the market, and the schedule
    then finds it open.
    """
    story.world.change_market(openingHours={"Dark": "15:00-16:00", "Lit": "15:00-16:00"})
    story.world.put_customer("000001", "10000000.00", COIN=500)
    story.post(
        mine("opens", quantity=300, price="162.50"),
        mine("closes", **SALE, quantity=50, price="161.00", timeInForce="CLS"),
    )
    story.settle()
    story.world.clock.advance(minutes=30)
    story.post(
        mine("late", **SALE, quantity=20, price="170.00"),
        mine("follows", quantity=100, price="165.00", pegToPrimary=True, pegOffset="0.05"),
    )
    story.settle()
    story.invoke("session_close", events.scheduled("session_close", "2026-11-22T15:00:00Z"))
    story.settle()
    story.world.clock.advance(hours=1)
    story.invoke("session_close", events.scheduled("session_close", "2026-11-22T16:00:00Z"))
    story.settle()

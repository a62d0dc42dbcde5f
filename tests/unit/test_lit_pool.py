"""The lit pools: one book over all exchanges, quoted by market makers."""

from dataclasses import replace
from decimal import Decimal

from tests.support.matching import QUIET, QUOTE, command, never, quoted, run
from tests.support.samples import MARKET
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import Conditions
from trading.domain.matching.working_order import Canceled
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote


def test_the_seeds_order_takes_a_thousand_shares_at_each_exchange_the_cheapest_first() -> None:
    traded = run(LitPool(), command("Buy", 8614, "161.90"))
    by_fee = sorted(MARKET.venues[PoolType.LIT].values(), key=lambda venue: venue.taker)
    sizes = [1000] * 8 + [614]
    assert traded == [("traded", size, "161.900", venue.name) for size, venue in zip(sizes, by_fee, strict=True)]


def test_the_market_makers_quotes_are_whole_again_after_every_order() -> None:
    pool = LitPool()
    first = run(pool, command("Buy", 8614, "161.90"))
    assert pool.quote == ((32376, 9000), (32380, 9000))
    assert run(pool, command("Buy", 8614, "161.90")) == first


def test_the_journal_says_that_a_quote_was_refilled() -> None:
    pool = LitPool()
    events = pool.execute(command("Buy", 300, "161.90"), Conditions(MARKET, QUOTE), never)
    assert [each.reason for each in events if isinstance(each, Canceled)] == ["refilled"]


def test_no_market_maker_quotes_a_price_of_zero() -> None:
    pool = LitPool()
    run(pool, quoted("0.02", "0.04"), quote=None)
    assert {order.price for order in pool.book.bids.best_first()} == {2, 4}


def test_an_order_that_is_larger_than_the_quotes_trades_on_as_they_are_put_back() -> None:
    events = run(LitPool(), command("Buy", 20_500, "161.90"))
    assert sum(event[1] for event in events if event[0] == "traded") == 20_500
    assert {event[2] for event in events if event[0] == "traded"} == {"161.900"}


def test_a_market_order_sweeps_the_levels_and_ends_where_the_quotes_do() -> None:
    order = command("Buy", 30_000, None, protection_price="169.99")
    events = run(LitPool(), order)
    prices = [event[2] for event in events if event[0] == "traded"]
    assert prices == ["161.900"] * 9 + ["161.910"] * 9 + ["161.920"] * 9
    assert events[-1] == ("ended", 3000, "immediate-or-cancel")


def test_an_order_away_from_the_quotes_rests_at_the_exchange_that_takes_least_for_it() -> None:
    assert run(LitPool(), command("Buy", 100, "150.00")) == [("rests", 100, "IEX")]


def test_customers_trade_with_each_other_at_the_price_of_the_order_that_rested() -> None:
    pool = LitPool()
    resting = command("Sell", 100, "161.89", customer="000002")
    assert run(pool, resting, command("Buy", 60, "161.90")) == [("traded", 60, "161.890", "IEX")]
    assert pool.quote[1] == (32378, 40)


def test_an_order_never_trades_through_a_better_price() -> None:
    pool = LitPool()
    better = command("Sell", 100, "161.89", customer="000002")
    traded = run(pool, better, command("Buy", 1100, "161.90"))
    assert [(event[1], event[2]) for event in traded] == [(100, "161.890"), (1000, "161.900")]


def test_when_the_reference_moves_the_market_makers_move_and_fill_what_stands_in_their_way() -> None:
    pool = LitPool()
    resting = command("Buy", 500, "161.00", customer="000002")
    run(pool, resting)
    assert run(pool, quoted("160.00", "160.02")) == [("traded", 500, "161.000", "IEX")]
    assert pool.quote == ((32000, 9000), (32004, 9000))


def test_without_a_reference_nobody_makes_a_market() -> None:
    pool = LitPool()
    assert run(pool, command("Buy", 100, "161.90"), quote=None) == [("rests", 100, "IEX")]
    assert pool.quote == ((32380, 100), None)


def test_when_fees_change_the_exchanges_are_ranked_anew() -> None:
    pool = LitPool()
    run(pool, command("Buy", 1, "161.90"))
    exchanges = {name: replace(v, taker=Decimal("0.0001") if name == "EBS" else v.taker)
                 for name, v in MARKET.venues[PoolType.LIT].items()}  # fmt: skip
    cheap_ebs = replace(MARKET, venues={**MARKET.venues, PoolType.LIT: exchanges})
    assert run(pool, command("Buy", 10, "161.90"), market=cheap_ebs) == [("traded", 10, "161.900", "EBS")]


def test_a_customer_does_not_trade_with_itself_unless_that_is_switched_off() -> None:
    own, again = command("Sell", 100, "161.00"), command("Buy", 100, "161.00")
    assert run(LitPool(), own, again, market=QUIET) == [("ended", 100, "self-trade")]
    willing = command("Buy", 100, "161.00", self_trade="Off")
    assert run(LitPool(), own, willing, market=QUIET) == [("traded", 100, "161.000", "IEX")]


def test_a_stop_waits_for_its_price_and_then_trades_at_the_market() -> None:
    pool = LitPool()
    stop = command("Buy", 50, None, type="Stop", stop_price="161.91", protection_price="170.00")
    assert run(pool, command("Buy", 1, "161.90"), stop) == [("waits", 50)]
    sweep = command("Buy", 9500, "161.91", customer="000002")
    assert ("traded", 50) in [event[:2] for event in run(pool, sweep)]


def test_the_fold_of_its_events_is_the_pool() -> None:
    pool, copy = LitPool(), LitPool()
    steps = [
        command("Buy", 8614, "161.90"),
        command("Sell", 300, "161.95", customer="000002"),
        command("Buy", 100, "161.80", time_in_force="GTC"),
        command("Buy", 50, None, type="Stop", stop_price="161.93", protection_price="170.00"),
        command("Buy", 30_000, "161.95", customer="000003"),
        command("Sell", 20, "161.00", time_in_force="IOC", customer="000002"),
    ]
    for step in steps:
        happened = pool.execute(step, Conditions(MARKET, Quote(Decimal("161.88"), Decimal("161.90"))), never)
        copy.fold(events_from([event_values(event) for event in happened]))
    assert standing(copy) == standing(pool)
    assert copy.quote == pool.quote


def standing(pool: LitPool) -> list[object]:
    orders = [*pool.book.bids.best_first(), *pool.book.asks.best_first(), *pool.book.stops.values()]
    return [(each.id, each.leaves, each.quantity, each.price, each.venue, each.terms) for each in orders]


def test_the_houses_orders_are_stored_under_the_account_and_the_names_of_every_release() -> None:
    """A journal that is read again after a deployment has orders of the release before."""
    pool = LitPool()
    run(pool, command("Buy", 100, "1.00"))
    stored = {each.id: each.account for each in pool.book.orders.values()}
    assert (stored["MM:EDGA:bid:0"], stored["MM:EDGA:offer:2"]) == ("MM", "MM")


def test_the_ten_best_prices_of_a_side_are_displayed() -> None:
    pool = LitPool()
    for cents in range(11):
        run(pool, command("Buy", 1, f"1.{cents:02}"))
    bids = pool.display().bids
    assert list(bids) == sorted(bids, reverse=True)
    assert len(bids) == 10

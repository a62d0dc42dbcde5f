"""The market that moves by chance, whatever it starts from."""

from itertools import islice, pairwise
from statistics import correlation, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops import reference
from traffic import random_market
from traffic.tick_quotes import TickQuote

STEPS = 200
TICKERS = ["AMD", "COIN", "F", "SPY"]


@st.composite
def starts(draw: st.DrawFn) -> list[TickQuote]:
    """Some tickers, from a bid of one tick to one of 10,000 USD, with narrow and wide spreads."""
    chosen = draw(st.lists(st.sampled_from(TICKERS), min_size=1, unique=True))
    return [
        TickQuote(each, bid := draw(st.integers(1, 1_000_000)), bid + draw(st.integers(1, 200)), 100, 100)
        for each in chosen
    ]


seeds = st.integers(1, 99_999)
steps = st.sampled_from([100, 1_000, 60_000, 3_600_000, 36_000_000])
volatilities = st.integers(1, 500)


def market(start: list[TickQuote], seed: int, step: int = 1_000, volatility: int = 20) -> list[list[TickQuote]]:
    return list(islice(random_market.quotes(start, seed, step, volatility), STEPS))


@given(starts(), seeds, steps, volatilities)
def test_the_same_seed_and_start_give_the_same_market(
    start: list[TickQuote], seed: int, step: int, volatility: int
) -> None:
    assert market(start, seed, step, volatility) == market(start[::-1], seed, step, volatility)


@given(starts(), seeds, steps, volatilities)
def test_no_quote_is_crossed_or_below_a_tick_and_each_changes_something(
    start: list[TickQuote], seed: int, step: int, volatility: int
) -> None:
    before = {each.ticker: each for each in start}
    for changed in market(start, seed, step, volatility):
        for quote in changed:
            assert 1 <= quote.bid < quote.ask
            assert min(quote.bid_size, quote.ask_size) >= 1
            assert quote != before[quote.ticker]
            before[quote.ticker] = quote


@given(starts(), seeds, steps, volatilities)
def test_no_midpoint_is_more_than_two_percent_from_its_start(
    start: list[TickQuote], seed: int, step: int, volatility: int
) -> None:
    middles = {each.ticker: each.middle for each in start}
    for quote in (quote for changed in market(start, seed, step, volatility) for quote in changed):
        spread = quote.ask - quote.bid
        if quote.bid > 1:  # there the bid is where it has to be, and the midpoint is where the spread puts it
            assert abs(quote.middle - middles[quote.ticker]) * 50 <= middles[quote.ticker] + 50 * 2
        assert spread <= 2 * max(each.ask - each.bid for each in start) + 1


def reference_start() -> list[TickQuote]:
    return [
        TickQuote(ticker, int(fields["bid"].replace(".", "")), int(fields["ask"].replace(".", "")), 500, 500)
        for ticker, fields in reference.quotes().items()
    ]


def middles_of(seed: int, steps: int, step: int, volatility: int) -> dict[str, list[int]]:
    """The midpoint of each ticker after each step."""
    start = reference_start()
    now = {each.ticker: each.middle for each in start}
    found: dict[str, list[int]] = {each.ticker: [] for each in start}
    for changed in islice(random_market.quotes(start, seed, step, volatility), steps):
        now |= {quote.ticker: quote.middle for quote in changed}
        for ticker, middle in now.items():
            found[ticker].append(middle)
    return found


def returns(middles: list[int]) -> list[float]:
    return [after / before - 1 for before, after in pairwise(middles)]


def test_tickers_move_together_but_not_alike() -> None:
    moved = middles_of(seed=7, steps=4_000, step=10_000, volatility=40)
    assert correlation(returns(moved["SPY"]), returns(moved["GOOG"])) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("volatility", [20, 40])
def test_a_ticker_moves_as_much_as_its_volatility_says(volatility: int) -> None:
    seconds = 60
    moved = returns(middles_of(seed=3, steps=4_000, step=seconds * 1_000, volatility=volatility)["GOOG"])
    year = (252 * 6.5 * 3600 / seconds) ** 0.5
    assert pstdev(moved) * year == pytest.approx(volatility / 100, rel=0.1)


def test_what_went_away_comes_back() -> None:
    middles = middles_of(seed=5, steps=20_000, step=10_000, volatility=20)["SPY"]
    above = sum(middle > middles[0] for middle in middles)
    assert 0.2 < above / len(middles) < 0.8


def test_the_market_of_a_seed_is_this_one_on_every_machine() -> None:
    start = [TickQuote("COIN", 16188, 16190, 500, 500), TickQuote("F", 2029, 2030, 500, 500)]
    shown = [
        [(quote.ticker, quote.bid, quote.ask, quote.bid_size, quote.ask_size) for quote in changed]
        for changed in islice(random_market.quotes(start, 1, 1_000, 20), 4)
    ]
    assert shown == [
        [("COIN", 16187, 16190, 500, 500), ("F", 2028, 2029, 500, 500)],
        [("COIN", 16188, 16189, 500, 500), ("F", 2029, 2030, 500, 500)],
        [("COIN", 16190, 16191, 1500, 1700)],
        [("COIN", 16190, 16192, 1500, 1700)],
    ]

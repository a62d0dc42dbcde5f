"""Positions, whatever is traded: cost and profit explain each cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.support.strategies import cents, quotes
from trading.domain.accounts.positions import Holding
from trading.domain.orders import Side
from trading.domain.quotes import Quote

TRADES = st.lists(st.tuples(st.sampled_from(Side), st.integers(1, 1000), cents(0, 10_000_000)), max_size=30)
Trades = list[tuple[Side, int, Decimal]]


def held_after(trades: Trades) -> list[Holding]:
    """The position after each trade."""
    holdings = [Holding()]
    for trade in trades:
        holdings.append(holdings[-1].after(*trade))
    return holdings


@given(TRADES)
def test_cost_less_profit_is_what_was_bought_less_what_was_sold(trades: Trades) -> None:
    holding = held_after(trades)[-1]
    signed = [(1 if side is Side.BUY else -1, quantity, notional) for side, quantity, notional in trades]
    assert holding.quantity == sum(sign * quantity for sign, quantity, _ in signed)
    assert holding.cost - holding.realised == sum(sign * notional for sign, _, notional in signed)


@given(TRADES)
def test_a_position_costs_nothing_when_it_is_closed_and_never_less_than_nothing(trades: Trades) -> None:
    for holding in held_after(trades):
        assert holding.cost == 0 if not holding.quantity else holding.cost * holding.quantity >= 0
        assert holding.shorted == (-holding.cost if holding.quantity < 0 else 0)


@given(TRADES, quotes)
def test_cost_and_profit_are_whole_cents(trades: Trades, quote: Quote) -> None:
    holding = held_after(trades)[-1]
    for amount in (holding.cost, holding.realised, holding.worth(quote)):
        assert amount == amount.quantize(Decimal("0.01"))


@given(TRADES, st.integers(1, 1000), cents(0, 10_000_000))
def test_only_what_closes_earns(trades: Trades, quantity: int, notional: Decimal) -> None:
    before = held_after(trades)[-1]
    more = Side.BUY if before.quantity >= 0 else Side.SELL
    after = before.after(more, quantity, notional)
    assert after.realised == before.realised
    assert abs(after.cost) == abs(before.cost) + notional


@given(TRADES, quotes)
def test_closing_at_the_quote_realises_what_was_unrealised(trades: Trades, quote: Quote) -> None:
    before = held_after(trades)[-1]
    if before.quantity:
        side = Side.SELL if before.quantity > 0 else Side.BUY
        closed = before.after(side, abs(before.quantity), abs(before.worth(quote)))
        assert closed == Holding(0, Decimal(0), before.realised + before.worth(quote) - before.cost)

"""Orders, whatever their numbers: nothing is lost in splitting, every reservation suffices."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.support.strategies import cents, orders, prices, quotes
from trading.domain import money
from trading.domain.accounts.ledger import withdrawable
from trading.domain.accounts.limits import CustomerLimits, refusal_of
from trading.domain.order_status import OrdStatus, state_of
from trading.domain.orders import Order, Side, slices
from trading.domain.quotes import Quote


@given(st.integers(1, 10**6), st.integers(1, 5000))
def test_slices_add_up_to_the_quantity_and_none_is_larger_than_the_slice_size(quantity: int, slice_size: int) -> None:
    sliced = list(slices(quantity, slice_size))
    assert sum(sliced) == quantity
    assert all(0 < each <= slice_size for each in sliced)
    assert sorted(sliced, reverse=True) == sliced


@given(orders(), st.data())
def test_what_is_reserved_never_grows_with_less_that_is_open_and_ends_at_nothing(
    order: Order, data: st.DataObject
) -> None:
    more = data.draw(st.integers(0, order.quantity))
    less = data.draw(st.integers(0, more))
    assert order.reservation(more) >= order.reservation(less)
    if order.side is Side.BUY:
        assert order.reservation(more) >= order.reservation(less) + order.protection_price * (more - less)
    assert order.reservation(0) == 0


@given(orders(), st.data())
def test_a_reservation_covers_every_trade_and_its_fee_however_the_order_is_parted(
    order: Order, data: st.DataObject
) -> None:
    leaves = order.quantity
    for quantity in data.draw(st.lists(st.integers(1, order.quantity), max_size=5)):
        if quantity <= leaves and order.side is Side.BUY:
            released = order.reservation(leaves) - order.reservation(leaves - quantity)
            fee = money.rounded_down(order.highest_rate * quantity)
            assert released >= order.protection_price * quantity + fee
            leaves -= quantity


@given(quotes, cents(0, 99))
def test_a_protection_price_is_a_price_no_better_than_the_quote_and_within_its_collar(
    quote: Quote, collar: Decimal
) -> None:
    highest, lowest = money.highest_buy(quote.ask, collar), money.lowest_sell(quote.bid, collar)
    assert quote.ask <= highest <= quote.ask * (1 + collar)
    assert max(money.TICK, quote.bid * (1 - collar)) <= lowest <= quote.bid
    assert money.amount(money.text(highest)) == highest


@given(prices)
def test_an_amount_is_the_same_after_it_was_written_and_read(price: Decimal) -> None:
    assert money.amount(money.text(price)) == price


@given(st.text() | st.from_regex(r"[-+0-9.eE_ ]{1,12}"))
def test_what_is_read_as_an_amount_is_finite_and_in_cents(text: str) -> None:
    try:
        value = money.amount(text)
    except ValueError:
        return
    assert value.is_finite()
    assert value == value.quantize(money.TICK)


@given(st.integers(1, 10**7), st.data())
def test_a_state_follows_from_the_quantities(quantity: int, data: st.DataObject) -> None:
    cumulative = data.draw(st.integers(0, quantity))
    expected = {0: OrdStatus.NEW, quantity: OrdStatus.FILLED}.get(cumulative, OrdStatus.PARTIALLY_FILLED)
    assert state_of(cumulative, quantity - cumulative) is expected
    if cumulative < quantity:
        assert state_of(cumulative, 0, OrdStatus.CANCELED) is OrdStatus.CANCELED


@given(orders(), quotes, cents(0, 99))
def test_a_limit_is_refused_exactly_where_it_is_further_beyond_the_quote_than_the_collar(
    order: Order, quote: Quote, collar: Decimal
) -> None:
    refused = refusal_of(order, quote, CustomerLimits(collar=collar)) is not None
    start, limit = order.stop_price or quote.reference(order.side), order.price
    if limit is None:
        assert not refused
    elif order.side is Side.BUY:
        assert refused == (limit > start * (1 + collar))
    else:
        assert refused == (limit < start * (1 - collar))


@given(cents(0, 10**6), cents(-(10**6), 10**6), cents(0, 10**6), st.data())
def test_what_can_be_withdrawn_is_never_more_than_the_cash_and_can_be_withdrawn_in_parts(
    cash: Decimal, clearing: Decimal, shorted: Decimal, data: st.DataObject
) -> None:
    whole = withdrawable(cash, clearing, shorted)
    part = data.draw(cents(0, 10**6).map(lambda amount: min(amount, whole)))
    assert 0 <= whole <= cash
    assert withdrawable(cash - part, clearing, shorted) == whole - part

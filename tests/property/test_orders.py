"""Orders, whatever their numbers: nothing is lost in splitting, every reservation suffices."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.support.strategies import cents, executed_orders, orders, prices, quotes
from trading.domain import money
from trading.domain.executions import ExecutedOrder
from trading.domain.orders import Order, OrdStatus, PoolType, Quote, Side, state_of
from trading.domain.routing import Route, commands_of


@given(orders())
def test_an_orders_slices_add_up_to_its_quantity_and_none_is_larger_than_the_slice_size(order: Order) -> None:
    quantities = [order.slice_quantity(number) for number in range(order.slices)]
    assert sum(quantities) == order.quantity
    assert all(0 < quantity <= order.slice_size for quantity in quantities)
    assert len({order.slice_id(number) for number in range(order.slices)}) == order.slices


@given(orders(), st.integers(1, 70))
def test_commands_hold_every_slice_once_and_in_order(order: Order, slices_per_command: int) -> None:
    commands = list(commands_of(order, Route(PoolType.LIT, slices_per_command)))
    assert [number for command in commands for number in command.slices] == list(range(order.slices))
    assert all(0 < len(command.slices) <= slices_per_command for command in commands)
    assert len({command.command_id for command in commands}) == len(commands)


@given(orders(), st.data())
def test_the_reservations_of_an_orders_slices_add_up_to_the_orders_however_they_are_parted(
    order: Order, data: st.DataObject
) -> None:
    parts = data.draw(st.lists(st.integers(0, 3), min_size=order.slices, max_size=order.slices))
    sums = [order.reservation([n for n, part in enumerate(parts) if part == wanted]) for wanted in range(4)]
    assert sum(sums, Decimal(0)) == order.reservation()


@given(executed_orders())
def test_a_reservation_covers_whatever_its_slices_can_take(each: ExecutedOrder) -> None:
    taken = each.fees + each.notional if each.order.side is Side.BUY else each.fees - each.notional
    assert each.released >= max(taken, Decimal(0))


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
    leaves = quantity - cumulative
    expected = {0: OrdStatus.NEW, quantity: OrdStatus.FILLED}.get(cumulative, OrdStatus.PARTIALLY_FILLED)
    assert state_of(quantity, cumulative, leaves) is expected
    if cumulative < quantity:
        assert state_of(quantity, cumulative, 0, OrdStatus.REJECTED) is OrdStatus.REJECTED

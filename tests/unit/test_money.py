"""Money: what is an amount and what a price, and how each is rounded."""

import json
from collections.abc import Callable
from decimal import ROUND_UP, Decimal, localcontext

import pytest

from trading.domain import money


def usd(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize("read", [money.amount, money.not_negative])
@pytest.mark.parametrize("text", ["0.00", "0.01", "1", "999999999999999.99"])
def test_an_amount_is_in_cents_and_below_10_to_the_15(read: Callable[[str], Decimal], text: str) -> None:
    assert read(text) == usd(text)


@pytest.mark.parametrize("text", ["0.001", "0.005", "1000000000000000.00", "-1000000000000000.00"])
def test_what_is_finer_than_a_cent_or_10_to_the_15_and_more_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not an amount in cents: "):
        money.amount(text)


def test_an_amount_may_be_below_zero_unless_the_reader_says_so() -> None:
    assert money.amount("-0.01") == usd("-0.01")
    with pytest.raises(ValueError, match=r"^-0\.01 is negative$"):
        money.not_negative("-0.01")


@pytest.mark.parametrize("text", ["0.005", "0.01", "0.50", "1", "161.905", "999999999999999.995"])
def test_a_price_is_a_whole_number_of_half_ticks(text: str) -> None:
    assert money.price(text) == usd(text)


@pytest.mark.parametrize("text", ["0.001", "161.901", "0", "0.00", "-0.01", "-0.005", "1000000000000000.00"])
def test_what_is_finer_than_half_a_tick_or_not_above_zero_or_10_to_the_15_and_more_is_no_price(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a price in half ticks: "):
        money.price(text)


@pytest.mark.parametrize(
    ("read", "refused", "words"),
    [
        (money.decimal, "x" * 41, "not a decimal number"),
        (money.amount, "x" * 41, "not an amount"),
        (money.amount, "0.001" + "0" * 36, "not an amount in cents"),
        (money.price, "x" * 41, "not a price"),
        (money.price, "0.001" + "0" * 36, "not a price in half ticks"),
    ],
)
def test_forty_characters_of_what_is_refused_are_shown(
    read: Callable[[str], Decimal], refused: str, words: str
) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 # the text is compared whole
        read(refused)
    assert str(raised.value) == f"{words}: {json.dumps(refused)[:40]}"


@pytest.mark.parametrize(("read", "name"), [(money.amount, "an amount"), (money.price, "a price")])
def test_what_is_not_text_is_refused_by_the_name_of_what_it_is(read: Callable[[object], Decimal], name: str) -> None:
    for value, kind in ((1, "int"), (1.5, "float"), (None, "NoneType")):
        with pytest.raises(ValueError, match=f"^{name} is a string, not {kind}$"):
            read(value)


def test_amounts_are_written_with_two_decimals_and_prices_on_half_a_tick_with_three() -> None:
    assert [money.text(usd(each)) for each in ("1", "-0.5", "1234567.89")] == ["1.00", "-0.50", "1234567.89"]
    assert [money.price_text(usd(each)) for each in ("161.9", "161.905", "0.01")] == ["161.90", "161.905", "0.01"]


def test_prices_are_counted_in_half_ticks() -> None:
    assert (money.half_ticks(usd("161.905")), money.from_half_ticks(32_381)) == (32_381, usd("161.905"))
    assert money.cents(usd("1.23")) == 123


def test_what_a_trade_is_worth_is_rounded_half_to_even() -> None:
    worth = [money.notional(usd(price), 1) for price in ("0.005", "0.015", "0.025", "0.035")]
    assert worth == [usd("0.00"), usd("0.02"), usd("0.02"), usd("0.04")]
    assert money.notional(usd("161.905"), 1000) == usd("161905.00")


def test_a_part_is_rounded_half_to_even_and_the_whole_has_everything() -> None:
    assert [money.part(usd(each), 1, 2) for each in ("0.01", "0.03", "0.05")] == [usd("0.00"), usd("0.02"), usd("0.02")]
    assert money.part(usd("10.00"), 2, 3) == usd("6.67")
    assert money.part(usd("10.00"), 3, 3) == usd("10.00")


def test_what_is_rounded_down_loses_its_fractions_of_a_cent_below_zero_too() -> None:
    assert [money.rounded_down(usd(each)) for each in ("0.0290", "0.03", "-0.0290")] == [
        usd("0.02"),
        usd("0.03"),
        usd("-0.03"),
    ]


def test_what_is_rounded_up_gains_its_fraction_of_a_cent() -> None:
    assert [money.rounded_up(usd(each)) for each in ("0.003", "0.03", "0.033")] == [
        usd("0.01"),
        usd("0.03"),
        usd("0.04"),
    ]


def test_rounding_does_not_depend_on_the_decimal_context_of_the_caller() -> None:
    with localcontext(rounding=ROUND_UP):
        assert money.notional(usd("0.005"), 1) == usd("0.00")
        assert money.part(usd("0.01"), 1, 2) == usd("0.00")
        assert money.rounded_down(usd("0.029")) == usd("0.02")
        assert money.highest_buy(usd("0.99"), usd("0.05")) == usd("1.03")
        assert money.average(usd("0.00005"), 1) == usd("0.0000")
        assert money.on_tick(usd("0.005")) == usd("0.00")


def test_a_collar_is_rounded_towards_the_quote_and_never_below_a_tick() -> None:
    collar = usd("0.05")
    assert money.highest_buy(usd("161.90"), collar) == usd("169.99")
    assert money.lowest_sell(usd("161.88"), collar) == usd("153.79")
    assert (money.highest_buy(usd("0.12"), collar), money.lowest_sell(usd("0.12"), collar)) == (
        usd("0.12"),
        usd("0.12"),
    )
    assert money.lowest_sell(usd("0.01"), usd("0.99")) == usd("0.01")


def test_nothing_is_written_with_two_decimals() -> None:
    assert str(money.ZERO) == "0.00"


@pytest.mark.parametrize(
    ("total", "quantity", "average"),
    [
        ("10.00", 3, "3.3333"),
        ("20.00", 3, "6.6667"),
        ("0.00025", 1, "0.0002"),
        ("0.00035", 1, "0.0004"),
        ("-1.00", 8, "-0.1250"),
    ],
)
def test_an_average_is_rounded_once_half_to_even_to_a_hundredth_of_a_cent(
    total: str, quantity: int, average: str
) -> None:
    assert str(money.average(Decimal(total), quantity)) == average


def test_a_price_in_whole_ticks_has_the_two_decimals_of_a_tick() -> None:
    assert [str(money.on_tick(Decimal(price))) for price in ("10", "10.0100", "10.005")] == ["10.00", "10.01", "10.00"]

"""Money: `Decimal` from strings, never `float`. Only this module knows the tick and rounds.

Orders are priced in ticks of 0.01 (the minimum for stocks of 1.00 USD or more: SEC Rule 612 of Regulation NMS). A
midpoint may fall on half a tick, so engines count in half ticks. The value of a trade is rounded, half to even, to the
cent that both sides book.
"""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from trading.domain.errors import shown

TICK = Decimal("0.01")
HALF_TICK = Decimal("0.005")
HUNDREDTH_OF_A_CENT = Decimal("0.0001")
ZERO = Decimal("0.00")
HIGHEST = Decimal(10) ** 15
"""USD; amounts on the wire are below it, so that what is computed with them stays exact in Decimal's 28 digits."""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""`Decimal` alone also reads digits of other scripts, underscores, spaces, signs, exponents and NaN."""


def decimal(text: str) -> Decimal:
    """A decimal number from its only wire form: digits, with a point between them or none. Raises ValueError."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"not a decimal number: {shown(text)}")
    return Decimal(text)


def amount(text: str) -> Decimal:
    """An amount in USD from its wire form. Raises ValueError unless it is a decimal number in whole cents, and below
    HIGHEST.
    """
    if not isinstance(text, str):
        raise ValueError(f"an amount is a string, not {type(text).__name__}")
    try:
        exact = decimal(text)
        value = exact.quantize(TICK)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"not an amount: {shown(text)}") from error
    if value != exact or abs(value) >= HIGHEST:
        raise ValueError(f"not an amount in cents: {shown(text)}")
    return value


def not_negative(text: str) -> Decimal:
    """An amount of zero or more. Raises ValueError for all else."""
    value = amount(text)
    if value < 0:
        raise ValueError(f"{text:.40} is negative")
    return value


def text(value: Decimal) -> str:
    """The wire form: a string with two decimals."""
    return f"{value:.2f}"


def price(text: str) -> Decimal:
    """A price in USD a share from its wire form. Raises ValueError unless it is above zero and a whole number of half
    ticks.
    """
    if not isinstance(text, str):
        raise ValueError(f"a price is a string, not {type(text).__name__}")
    try:
        value = decimal(text)
        whole = 0 < value < HIGHEST and value % HALF_TICK == 0
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"not a price: {shown(text)}") from error
    if not whole:
        raise ValueError(f"not a price in half ticks: {shown(text)}")
    return value


def price_text(value: Decimal) -> str:
    """The wire form of a price: two decimals, three where it is on half a tick."""
    return f"{value:.2f}" if value % TICK == 0 else f"{value:.3f}"


def half_ticks(value: Decimal) -> int:
    """A price in half ticks."""
    return int(value / HALF_TICK)


def from_half_ticks(number: int) -> Decimal:
    """The price of so many half ticks, USD a share."""
    return number * HALF_TICK


def notional(price: Decimal, quantity: int) -> Decimal:
    """What a trade is worth, USD, to the cent."""
    return (price * quantity).quantize(TICK, ROUND_HALF_EVEN)


def part(amount: Decimal, of: int, whole: int) -> Decimal:
    """The part of an amount that `of` out of `whole` shares have, USD, to the cent; all of them have all of it."""
    return (amount * of / whole).quantize(TICK, ROUND_HALF_EVEN)


def average(total: Decimal, quantity: int) -> Decimal:
    """USD a share, to a hundredth of a cent (FIX 6, AvgPx), rounded half to even."""
    return (total / quantity).quantize(HUNDREDTH_OF_A_CENT, ROUND_HALF_EVEN)


def on_tick(price: Decimal) -> Decimal:
    """A price in whole ticks, with their two decimals."""
    return price.quantize(TICK, ROUND_HALF_EVEN)


def rounded_down(exact: Decimal) -> Decimal:
    """Rounds down to the cent, USD."""
    return exact.quantize(TICK, ROUND_FLOOR)


def rounded_up(exact: Decimal) -> Decimal:
    """Rounds up to the cent, USD."""
    return exact.quantize(TICK, ROUND_CEILING)


def cents(value: Decimal) -> int:
    return int(value / TICK)


def highest_buy(ask: Decimal, collar: Decimal) -> Decimal:
    """The most that a market buy pays: the ask and a collar (0.05 is 5 %), rounded towards the ask."""
    return rounded_down(ask * (1 + collar))


def lowest_sell(bid: Decimal, collar: Decimal) -> Decimal:
    """The least that a market sell gets, rounded towards the bid and never below one tick."""
    return max(rounded_up(bid * (1 - collar)), TICK)

"""Money: `Decimal` from strings, never `float`. This module alone knows the tick and rounds.

Prices have a tick of 0.01 (the minimum for stocks of 1.00 USD or more: SEC Rule 612 of Regulation NMS), so price times
a whole quantity is exact in cents and only a collar, a fraction of a price, is ever rounded.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

TICK = Decimal("0.01")
ZERO = Decimal("0.00")


def amount(text: str) -> Decimal:
    """An amount in USD from its wire form. Raises ValueError for what is not finite or finer than a tick."""
    if not isinstance(text, str):
        raise ValueError(f"an amount is a string, not {type(text).__name__}")
    try:
        exact = Decimal(text)
        value = exact.quantize(TICK)
    except ArithmeticError as error:
        raise ValueError(f"not an amount: {text[:40]!r}") from error
    if not value.is_finite() or value != exact:
        raise ValueError(f"not an amount in cents: {text[:40]!r}")
    return value


def text(value: Decimal) -> str:
    """The wire form: a string with two decimals."""
    return f"{value:.2f}"


def cents(value: Decimal) -> int:
    return int(value / TICK)


def highest_buy(ask: Decimal, collar: Decimal) -> Decimal:
    """The most that a market buy pays: the ask and a collar (0.05 is 5 %), rounded towards the ask."""
    return (ask * (1 + collar)).quantize(TICK, ROUND_FLOOR)


def lowest_sell(bid: Decimal, collar: Decimal) -> Decimal:
    """The least that a market sell gets, rounded towards the bid and never below one tick."""
    return max((bid * (1 - collar)).quantize(TICK, ROUND_CEILING), TICK)

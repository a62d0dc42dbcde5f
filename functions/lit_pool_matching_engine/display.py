"""Publishes what the lit pools display: a ticker's best bid and offer and the depth behind them, when they have
changed.

It does not show whose orders these are, nor what is hidden: dark orders are in other pools, stops wait outside the
book.
"""

from decimal import Decimal
from typing import Any

from trading.aws.engine.engine import Engine
from trading.aws.store import items
from trading.domain import money
from trading.domain.matching.lit import LitPool
from trading.domain.matching.price_levels import Depth

PRICES = 10
"""How many prices are displayed on each side."""


class Display:
    """Publishes what the engine last committed. It remembers what it published, to save writes."""

    def __init__(self, table: str, engine: Engine) -> None:
        self._table = table
        self._engine = engine
        self._displayed: dict[str, tuple[Depth, Depth]] = {}

    def show(self, ticker: str) -> None:
        """A ticker's best prices with their sizes, over all exchanges and by exchange."""
        ticker_state = self._engine.last(ticker)
        if ticker_state is None or not isinstance(ticker_state.pool, LitPool):
            return
        depth = ticker_state.pool.book.depth(PRICES)
        if self._displayed.get(ticker) != depth:
            bids, asks = (_levels(side) for side in depth)
            items.publish_depth(
                self._table, ticker, ticker_state.sequence, best_of(ticker_state.pool), {"bids": bids, "asks": asks}
            )
            self._displayed[ticker] = depth


def best_of(pool: LitPool) -> dict[str, Any]:
    """The best bid and offer; an empty side is left out."""
    bid, offer = pool.quote
    sides = {"bid": bid, "ask": offer}
    best: dict[str, Any] = {name: _price(top[0]) for name, top in sides.items() if top}
    return best | {f"{name}Size": top[1] for name, top in sides.items() if top}


def _levels(side: Depth) -> list[tuple[str, dict[str, tuple[int, int]]]]:
    return [(money.price_text(money.from_half_ticks(price)), exchanges) for price, exchanges in side.items()]


def _price(half_ticks: int) -> Decimal:
    return money.from_half_ticks(half_ticks).quantize(money.TICK)

"""Stores what the lit pools display, a ticker's best prices and the depth behind them, when that has changed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trading.aws.engine.engine import Engine
from trading.aws.store import displayed_book
from trading.domain.messages.market import display_fields
from trading.domain.tape import Display as Displayed


class Display:
    """Stores what the engine last committed. It remembers what was displayed as of which entry, to save writes."""

    def __init__(self, table: str, engine: Engine) -> None:
        self._table = table
        self._engine = engine
        self._stored: dict[str, tuple[int, Displayed]] = {}

    def show(self, ticker: str) -> None:
        """A ticker's best prices with their sizes, over all exchanges and by exchange."""
        ticker_state = self._engine.last(ticker)
        if ticker_state is None:
            return
        display = ticker_state.display or ticker_state.pool.display()
        sequence, stored = self._stored.get(ticker, (0, None))
        alone = ticker_state.sequence <= sequence + 1  # else another instance may have displayed something since
        if display is not None and not (alone and stored == display):
            fields = display_fields(display)
            best = _amounts(fields["best"])
            depth: dict[str, Any] = {name: value for name, value in fields.items() if name in {"session", "auction"}}
            depth |= fields["depth"]
            displayed_book.publish_depth(self._table, ticker, ticker_state.sequence, best, depth)
        if display is not None:
            self._stored[ticker] = ticker_state.sequence, display


def _amounts(best: Mapping[str, Any]) -> dict[str, Any]:
    """The best prices as numbers."""
    return {name: Decimal(value) if isinstance(value, str) else value for name, value in best.items()}

"""Takes in a quote of a ticker that is listed: refuses what the stage `market_data` would not accept now, and publishes
any other. `market_data` decides in the end.
"""

from collections.abc import Callable
from typing import Any

from trading.aws import clock
from trading.aws.api import http
from trading.aws.messaging.topics import PublishFailed, Topics
from trading.aws.store import reference_quotes
from trading.domain import money
from trading.domain.errors import Refusal, Unavailable
from trading.domain.market import Market
from trading.domain.messages.quotes import quote_message
from trading.domain.quotes import QuoteUpdate, Verdict, verdict_of

REFUSALS = {
    Verdict.NOT_POSITIVE: ("quote-not-positive", "A price is below 0.01 USD."),
    Verdict.OFF_TICK: ("quote-off-tick", "A price is not a whole number of ticks of 0.01 USD."),
    Verdict.CROSSED: ("quote-crossed", "The bid is not below the ask."),
    Verdict.AHEAD: ("quote-ahead", "The time of the quote is more than 5 s ahead of the clock."),
    Verdict.LATE: ("quote-late", "There is a quote of this time, or of a later one."),
    Verdict.OUTSIDE_BAND: (
        "quote-outside-band",
        "The midpoint is too far from the last one. If it is right, send it with confirmed.",
    ),
}


class LaterQuotes:
    """Takes quotes of the tickers of a TradesStore. `market` gives the configuration."""

    def __init__(self, table: str, topics: Topics, market: Callable[[], Market]) -> None:
        self._table = table
        self._topics = topics
        self._market = market

    def take(self, update: QuoteUpdate) -> dict[str, Any]:
        """Publishes a quote, and returns it as it was taken. Raises Refusal if it would not be accepted now."""
        known = reference_quotes.read(self._table, update.ticker)
        if known is None:
            raise Refusal("not-found", f"{update.ticker} is not traded here.")
        verdict = verdict_of(update, known.last, clock.now(), self._market().limits.quote_band)
        if verdict in REFUSALS:
            raise Refusal(*REFUSALS[verdict])
        try:
            self._topics.publish([quote_message(update)])
        except PublishFailed as failed:
            raise Unavailable(http.SEND_AGAIN) from failed
        return {
            "ticker": update.ticker,
            "bid": money.text(update.bid),
            "ask": money.text(update.ask),
            "bidSize": update.bid_size,
            "askSize": update.ask_size,
            "time": update.time,
            "source": update.source,
        }

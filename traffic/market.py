"""The market of a stack: what its tickers are quoted at, and how it is made to move."""

from ops import stack
from ops.console import Failure
from trading.aws.store import directory
from trading.aws.store.quotes import reference_quotes
from trading.domain import money
from traffic import random_market
from traffic.feed import Feed, Wait, move
from traffic.tick_quotes import TickQuote

SIZE = 500
"""Shares on each side of a quote that the market starts from."""
RANDOM, REPLAY = "random", "replay"
"""Sources of quotes."""
SECONDS = 1000
GENTLE_MILLISECONDS = 15_000
"""How often a ticker moves while a laptop beside it is to stay idle; the tickers take turns."""
VOLATILITY = 20
"""Percent a year: that of a large stock."""


def feed(name: str, source: str) -> Feed:
    """Of a stack. Raises Failure if it is of a release without a Quotes topic."""
    outputs = stack.outputs(name)
    if "QuotesTopicArn" not in outputs:
        raise Failure(f"The stack {name} takes no quotes: it is of an earlier release.")
    return Feed(outputs["QuotesTopicArn"], source)


def quoted(name: str) -> list[TickQuote]:
    """The reference quotes of a stack, by ticker. Raises Failure if there are none."""
    table = stack.outputs(name)["TradesStoreName"]
    found = reference_quotes(table, directory.tickers(table))
    if not found:
        raise Failure(f"The stack {name} has no ticker with a quote.")
    return [
        TickQuote(ticker, bid := money.cents(quote.bid), max(money.cents(quote.ask), bid + 1), SIZE, SIZE)
        for ticker, quote in sorted(found.items())
    ]


def wander_gently(name: str, wait: Wait) -> None:
    """Moves the market of a stack by chance until `wait` says that it is over, so gently that a laptop stays idle: the
    tickers take turns. The first such market of a stack is always the same.
    """
    steps = random_market.quotes(quoted(name), 1, GENTLE_MILLISECONDS, VOLATILITY)
    move(steps, GENTLE_MILLISECONDS / SECONDS, 1, feed(name, RANDOM).send, wait)

"""What is told of quotes that are sent."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from rich.console import Console

from traffic import view
from traffic.quote_files import Recording
from traffic.tick_quotes import TickQuote, TimedQuote

QUOTES = [TickQuote(ticker, 2029, 2030, 1, 1) for ticker in ("AMD", "COIN", "F", "IBM", "MO", "SPY", "T")]


class Counter:
    """Counts what is sent, and is interrupted before it sends more than `most`."""

    def __init__(self, most: int = 1_000) -> None:
        self.sent, self._most = 0, most

    def send(self, quotes: Sequence[TickQuote]) -> None:
        if self.sent + len(quotes) > self._most:
            raise KeyboardInterrupt
        self.sent += len(quotes)


def feed(most: int = 1_000) -> Any:
    return Counter(most)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is told off a terminal."""
    text = io.StringIO()
    monkeypatch.setattr(view, "console", Console(file=text, highlight=False, soft_wrap=True))
    return text


def recording(seconds: int) -> Recording:
    return Recording([TimedQuote(seconds * 10**9 * n // 6, quote) for n, quote in enumerate(QUOTES)], left_out=1_234)


def test_a_replay_says_what_it_will_send_and_what_it_has_sent(said: io.StringIO) -> None:
    view.show_replay(recording(3_600), 99_999, feed())
    assert said.getvalue() == (
        "7 quotes of AMD, COIN, F, IBM, MO and 2 more over 1:00:00, replayed in 00:00; "
        "1,234 rows without a quote of both sides.\n7 of 7 quotes sent.\n"
    )


def test_a_replay_that_is_stopped_says_how_much_it_has_sent(said: io.StringIO) -> None:
    with pytest.raises(KeyboardInterrupt):
        view.show_replay(recording(0), 1, feed(most=0))
    assert said.getvalue().endswith("\n0 of 7 quotes sent.\n")


def test_off_a_terminal_a_line_tells_how_far_it_is(said: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "LINE_SECONDS", 0.0)
    view.show_replay(recording(3_600), 99_999, feed())
    assert "  at 1:00:00: 7 of 7 quotes sent\n" in said.getvalue()


def test_a_market_says_its_last_quotes() -> None:
    shown = view.MarketView(feed(), QUOTES, 0.0)
    shown.send([TickQuote("COIN", 16188, 16190, 1, 1)])
    last = "AMD 20.29/20.30, COIN 161.88/161.90, F 20.29/20.30, IBM 20.29/20.30, MO 20.29/20.30"
    assert shown.line() == f"00:00: 1 quote sent; {last}, …"


def test_a_market_is_over_after_its_time() -> None:
    assert view.MarketView(feed(), QUOTES, 0.0).wait(100.0)
    assert not view.MarketView(feed(), QUOTES, None).wait(0.0)

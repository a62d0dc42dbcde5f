"""Traffic on the deployed system: hundreds of quotes, orders and changes at once, and everything reconciles."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ops import reference
from tests.e2e.deployed import said
from tests.e2e.promises import Stored, broken, drain
from tests.e2e.system import System, eventually
from tests.support import tape_invariants
from trading.domain.times import iso

TRADERS, ORDERS, QUOTES = 8, 300, 200
BY_HAND, HANDS, ACCEPTED, LATE = 100, 2, 202, 409
SECONDS = 180.0
"""Until a busy machine has followed all quotes and booked all orders."""


def test_hundreds_of_quotes_and_orders_at_once_reconcile_and_the_last_quotes_stand(
    system: System, tmp_path: Path
) -> None:
    since, before = iso(datetime.now(UTC)), quoted(system)
    market = ("market", "--every", "1s", "--volatility", "200", "--duration", "20s", "--seed", "3")
    trading = ("traders", "--count", str(TRADERS), "--rate", "50", "--orders", str(ORDERS))
    try:
        with ThreadPoolExecutor(2 + HANDS) as pool:
            moved = pool.submit(said, *market)
            put = [pool.submit(put_quotes, system, ticker) for ticker in ("COIN", "AMD")]
            traded = said(*trading, "--duration", "5m", "--seed", "4")
        assert calls(moved.result(), r"([\d,]+) quotes sent; ")[-1] >= QUOTES
        assert sum(each.result() for each in put) >= BY_HAND
        require_traded(traded)
        after = quoted(system)
        assert len([ticker for ticker in after if after[ticker] != before[ticker]]) > 10
    finally:
        send_last(tmp_path / "quotes.csv")
        eventually(lambda: quoted(system) == listed() or None, "the last quotes to be the reference", SECONDS)
    drain(system, SECONDS)
    eventually(lambda: displayed(system) == listed() or None, "the market makers to follow", SECONDS)
    assert journaled(system) == listed()
    stored = Stored(system)
    assert broken(stored) == []
    assert list(tape_invariants.mistakes(stored.archived(), lambda *asked: answered(system, *asked), since)) == []
    assert "\nNo break. The report: s3://" in said("reconcile")


def put_quotes(system: System, ticker: str) -> int:
    """A broker moves a ticker up and down by a cent, as fast as it is answered. Returns how many quotes were taken: one
    that the market overtakes is late.
    """
    bid, ask = (round(float(price) * 100) for price in listed()[ticker])
    answers = []
    for number in range(BY_HAND):
        up = number % 2
        prices = {"bid": f"{(bid + up) / 100:.2f}", "ask": f"{(ask + up) / 100:.2f}"}
        body = {**prices, "bidSize": 100, "askSize": 100}
        answers.append(system.broker.change("PUT", f"/tickers/{ticker}/quote", body).status)
    assert set(answers) <= {ACCEPTED, LATE}
    return answers.count(ACCEPTED)


def require_traded(words: str) -> None:
    """Traders of all habits were at work, each call was answered, and the day reconciled."""
    made = {kind: calls(words, rf"^{kind} +([\d,]+) ")[0] for kind in ("enter", "replace", "cancel", "list", "quotes")}
    assert made["enter"] + made["replace"] + made["cancel"] >= ORDERS
    assert min(made.values()) > 0
    assert re.search(r"Orders: .*[1-9][\d,]* Filled", words)
    assert calls(words, r"([\d,]+) shares traded")[0] > 0
    assert "no-answer" not in words
    assert "\nNo break. The report: s3://" in words


def send_last(file: Path) -> None:
    """Each ticker's quote of the first day, once more, from a file."""
    rows = [f"{number},{ticker},{bid},{ask},500,500" for number, (ticker, (bid, ask)) in enumerate(listed().items())]
    file.write_text("\n".join(["time,ticker,bid,ask,bidSize,askSize", *rows]))
    assert said("quotes", str(file), "--speed", "20").endswith(f"\n{len(rows)} of {len(rows)} quotes sent.\n")


def calls(words: str, pattern: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(pattern, words, re.MULTILINE)]


def listed() -> dict[str, tuple[str, str]]:
    return {ticker: (quote["bid"], quote["ask"]) for ticker, quote in reference.quotes().items()}


def quoted(system: System) -> dict[str, tuple[str, str]]:
    """The reference quotes."""
    return {each["ticker"]: (each["reference"]["bid"], each["reference"]["ask"]) for each in _tickers(system)}


def displayed(system: System) -> dict[str, tuple[str, str]]:
    """What the lit pools display."""
    return {each["ticker"]: (each["bid"], each["ask"]) for each in _tickers(system)}


def journaled(system: System) -> dict[str, tuple[str, str]]:
    """The quotes that the engines' journals have last."""
    last: dict[str, tuple[int, str]] = {}
    for entry in (item for item in system.items("ORDER_BOOKS_NAME") if item["PK"].startswith("lit#")):
        if "quote" in entry:
            ticker = entry["PK"].split("#")[1]
            last[ticker] = max(last.get(ticker, (0, "")), (int(entry["SK"]), entry["quote"]))
    found = {ticker: quote.split("/") for ticker, (_, quote) in last.items()}
    return {ticker: (bid, ask) for ticker, (bid, ask) in found.items() if ticker in listed()}


def answered(system: System, what: str, ticker: str, query: Mapping[str, str]) -> Mapping[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return dict(system.broker.get(f"/tickers/{ticker}/{what}?{asked}").body)


def _tickers(system: System) -> list[dict[str, Any]]:
    """Those of the reference data: other tests list some of their own."""
    return [each for each in system.broker.get("/tickers").body["tickers"] if each["ticker"] in listed()]

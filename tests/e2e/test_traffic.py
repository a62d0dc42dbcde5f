"""Traffic on the deployed system: hundreds of quotes, orders and changes at once, and everything reconciles."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ops import reference
from tests.e2e.deployed import said
from tests.e2e.system import System, eventually

SECONDS = 120.0
"""Until a busy machine has followed all quotes."""


def test_traders_trade_over_the_api_and_everything_reconciles(system: System) -> None:
    words = said("traders", "--count", "4", "--rate", "50", "--orders", "200", "--duration", "5m", "--seed", "4")
    calls = {
        kind: int(number.replace(",", "")) for kind, number in re.findall(r"^(\w+) +([\d,]+) ", words, re.MULTILINE)
    }
    assert calls["enter"] + calls["replace"] + calls["cancel"] >= 200
    assert min(calls[kind] for kind in ("enter", "replace", "cancel", "list", "quotes")) > 0
    assert re.search(r"Orders: .*[1-9][\d,]* Filled", words)
    assert int(re.findall(r"([\d,]+) shares traded", words)[0].replace(",", "")) > 0
    assert "no-answer" not in words
    assert "\nNo break. The report: s3://" in words


def test_a_market_moves_while_traders_trade_and_is_brought_back_by_a_replay(system: System, tmp_path: Path) -> None:
    before = quoted(system)
    market = ("market", "--every", "1s", "--volatility", "200", "--duration", "15s", "--seed", "3")
    try:
        with ThreadPoolExecutor(1) as pool:
            moved = pool.submit(said, *market)
            traded = said(
                "traders", "--count", "4", "--rate", "20", "--orders", "100", "--duration", "5m", "--seed", "5"
            )
        assert int(re.findall(r"([\d,]+) quotes sent; ", moved.result())[0].replace(",", "")) >= 100
        assert "no-answer" not in traded
        after = quoted(system)
        assert len([ticker for ticker in after if after[ticker] != before[ticker]]) > 10
    finally:
        file = tmp_path / "quotes.csv"
        rows = [
            f"{number},{ticker},{bid},{ask},500,500" for number, (ticker, (bid, ask)) in enumerate(listed().items())
        ]
        file.write_text("\n".join(["time,ticker,bid,ask,bidSize,askSize", *rows]))
        assert said("quotes", str(file), "--speed", "20").endswith("\n15 of 15 quotes sent.\n")
        eventually(lambda: quoted(system) == listed() or None, "the quotes to be as they were", SECONDS)
    assert "\nNo break. The report: s3://" in said("reconcile")


def listed() -> dict[str, tuple[str, str]]:
    return {ticker: (quote["bid"], quote["ask"]) for ticker, quote in reference.quotes().items()}


def quoted(system: System) -> dict[str, tuple[str, str]]:
    tickers = system.broker.get("/tickers").body["tickers"]
    return {each["ticker"]: (each["reference"]["bid"], each["reference"]["ask"]) for each in tickers}

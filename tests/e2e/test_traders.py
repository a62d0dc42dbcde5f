"""Traders of all habits at once, on the deployed system: hundreds of orders and changes, and everything reconciles."""

import re

from tests.e2e.deployed import said
from tests.e2e.system import System


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

"""What must hold of the tape and the bars when all is quiet: both are what was traded, each execution once, whoever it
was between. What is compared is what the API answers.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.bars import MINUTES, start_of

Ask = Callable[[str, str, Mapping[str, str]], Mapping[str, Any]]
"""Answers `GET /tickers/{ticker}/bars` or `/trades`: what of it, the ticker, the query."""
PLACE = ("quantity", "price", "exchange", "exchangeType")


def mistakes(archived: Sequence[Mapping[str, Any]], ask: Ask, since: str = "") -> Iterator[str]:
    """Every ticker whose tape or bars `since` a time are not what the archived trades make."""
    once = [trade for trade in archived if trade.get("counted", True) and trade["tradeDate"] >= since]
    for ticker in sorted({trade["ticker"] for trade in once}):
        traded = [trade for trade in once if trade["ticker"] == ticker]
        prints = _all(ask, "trades", ticker, {})
        yield from _of_tape(ticker, traded, [each for each in prints if each["time"] >= since])
        first = min(trade["tradeDate"] for trade in traded)[:10]
        for timeframe in MINUTES:
            bars = _all(ask, "bars", ticker, {"timeframe": timeframe, "from": first})
            whole = [each for each in bars if each["time"] >= since]
            in_them = [each for each in traded if start_of(timeframe, each["tradeDate"]) >= since]
            yield from _of_bars(ticker, timeframe, in_them, whole)


def _of_tape(ticker: str, traded: Sequence[Mapping[str, Any]], tape: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shown = Counter((each["time"], *(each[name] for name in PLACE)) for each in tape)
    wanted = Counter((each["tradeDate"], *(each[name] for name in PLACE)) for each in traded)
    if shown != wanted:
        yield f"the tape of {ticker} lacks {wanted - shown} and has {shown - wanted} too much"
    ids = [each["printId"] for each in tape]
    if len(set(ids)) < len(ids):
        yield f"the tape of {ticker} has {len(ids)} prints with {len(set(ids))} ids"
    if ids != sorted(ids, key=_turn, reverse=True):
        yield f"the tape of {ticker} is not in its order: {ids}"


def _of_bars(
    ticker: str, timeframe: str, traded: Sequence[Mapping[str, Any]], bars: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    starts = sorted({start_of(timeframe, each["tradeDate"]) for each in traded})
    if [bar["time"][:16] for bar in bars] != starts:
        yield f"{ticker} was traded in {starts}, its bars of {timeframe} are {bars}"
        return
    for start, bar in zip(starts, bars, strict=True):
        its_own = [each for each in traded if start_of(timeframe, each["tradeDate"]) == start]
        if any(bar[name] not in possible for name, possible in _possible(its_own).items()):
            yield f"{ticker} has the bar {bar} of {timeframe}, its trades make {_possible(its_own)}"


def _possible(traded: Sequence[Mapping[str, Any]]) -> dict[str, set[Any]]:
    """What a bar may say. Trades of one instant are in no order here: each of them may be the first or the last."""
    times = [each["tradeDate"] for each in traded]
    prices = [Decimal(each["price"]) for each in traded]
    quantity = sum(each["quantity"] for each in traded)
    notional = sum((Decimal(each["price"]) * each["quantity"] for each in traded), Decimal(0))
    return {
        "open": {each["price"] for each in traded if each["tradeDate"] == min(times)},
        "high": {money.price_text(max(prices))},
        "low": {money.price_text(min(prices))},
        "close": {each["price"] for each in traded if each["tradeDate"] == max(times)},
        "quantity": {quantity},
        "averagePrice": {f"{notional / quantity:.4f}"},
        "trades": {len(traded)},
    }


def _turn(print_id: str) -> tuple[str, int]:
    update_id, _, number = print_id.rpartition(".")
    return update_id, int(number)


def _all(ask: Ask, what: str, ticker: str, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """All pages of an answer."""
    found: list[Mapping[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = ask(what, ticker, {**query, **token})
        found += answer[what]
        if "nextToken" not in answer:
            return found
        token = {"nextToken": answer["nextToken"]}

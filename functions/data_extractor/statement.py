"""A statement as JSON and as CSV (RFC 4180), a page at a time."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pages import Page, next_token

from trading.domain import money
from trading.domain.accounts.ledger import ACCOUNTS, Line, Posting, Shares
from trading.domain.accounts.statements import Balances, DaySummary

TRADE_COLUMNS = ("orderId", "ticker", "direction", "quantity", "price", "exchange", "fee", "valueDate")
SHARES_COLUMNS = tuple(f"{name}Shares" for name in Shares.__slots__)
COLUMNS = ("dateTime", "kind", "id", "reference", *TRADE_COLUMNS, *ACCOUNTS, *SHARES_COLUMNS)
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that starts with one of these for a formula."""


@dataclass(frozen=True, slots=True)
class Csv:
    """A page of CSV. The pages put together are the whole table: only the first has the header."""

    text: str
    first: bool
    next_page: str | None

    @property
    def content_type(self) -> str:
        return f"text/csv; charset=utf-8; header={'present' if self.first else 'absent'}"

    @property
    def headers(self) -> dict[str, str]:
        """Where the next page is (RFC 8288), relative to this one."""
        return {"Link": f'<{self.next_page}>; rel="next"'} if self.next_page else {}


def line_fields(line: Line) -> dict[str, Any]:
    """A line of the ledger, with those accounts and shares that change."""
    fields = {
        "time": line.time,
        "kind": line.kind,
        "id": line.its_id,
        "reference": line.reference,
        "ticker": line.ticker,
        "postings": {name: text for name, text in _amounts(line.posting).items() if getattr(line.posting, name)},
        "shares": {name: number for name in Shares.__slots__ if (number := getattr(line.shares, name))},
    }
    return {name: value for name, value in fields.items() if value is not None}


def as_json(summary: DaySummary, page: Page, *, final: bool) -> dict[str, Any]:
    turnover = summary.turnover
    return {
        "final": final,
        "opening": _amounts(summary.opening.accounts),
        "changes": _amounts(summary.changes),
        "closing": _amounts(summary.closing.accounts),
        "totals": {
            "bought": money.text(turnover.bought),
            "sold": money.text(turnover.sold),
            "fees": money.text(summary.changes.fees),
            "deposits": money.text(turnover.deposits),
            "withdrawals": money.text(turnover.withdrawals),
            "trades": turnover.trades,
        },
        "positions": list(_positions(summary)),
        "lines": [line_fields(each) for each in page.entries if isinstance(each, Line)],
        "trades": [each for each in page.entries if not isinstance(each, Line)],
    } | next_token(page.rest)


def as_csv(date: str, summary: DaySummary, page: Page, *, final: bool, query: Mapping[str, str]) -> Csv:
    """A row per line and trade. The first page starts with the opening balances, in accounts and of each ticker. The
    last one ends with the final balances: `Closing`, or `Preliminary` if the day is not closed yet.
    """
    first = "nextToken" not in query
    token = next_token(page.rest)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    if first:
        writer.writeheader()
        writer.writerows(_balances(f"{date}T00:00:00.000Z", "Opening", summary.opening))
    writer.writerows(_row(each) for each in page.entries)
    if not token:
        kind = "Closing" if final else "Preliminary"
        writer.writerows(_balances(f"{date}T23:59:59.999Z", kind, summary.closing))
    return Csv(text.getvalue(), first, "?" + urlencode({**query, **token}) if token else None)


def _amounts(posting: Posting) -> dict[str, str]:
    return {name: money.text(getattr(posting, name)) for name in ACCOUNTS}


def _positions(summary: DaySummary) -> Iterator[dict[str, Any]]:
    """The positions that were or are open, and those in which something moved."""
    before = summary.opening.shares
    for ticker, shares in sorted(summary.closing.shares.items()):
        opened = before.get(ticker, Shares())
        if opened or shares or ticker in summary.moved:
            quantity = shares.available + shares.reserved
            yield {
                "ticker": ticker,
                "openingQuantity": opened.available + opened.reserved,
                "quantity": quantity,
                "available": shares.available,
                "reserved": shares.reserved,
                "settled": shares.settled,
                "unsettled": quantity - shares.settled,
            }


def _balances(time: str, kind: str, balances: Balances) -> Iterator[dict[str, Any]]:
    row = {"dateTime": time, "kind": kind}
    yield row | _amounts(balances.accounts)
    for ticker, shares in sorted(balances.shares.items()):
        if shares:
            yield row | {"ticker": ticker} | _shares(shares)


def _row(entry: Line | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(entry, Line):
        row = {"dateTime": entry.time, "kind": entry.kind, "id": entry.its_id, "ticker": entry.ticker}
        row |= {"reference": _guarded(entry.reference)} | _amounts(entry.posting)
        return row | (_shares(entry.shares) if entry.ticker else {})
    row = {"dateTime": entry["tradeDate"], "kind": "Trade", "id": entry["tradeId"]}
    return row | {"reference": _guarded(entry.get("clientOrderId"))} | {name: entry[name] for name in TRADE_COLUMNS}


def _shares(shares: Shares) -> dict[str, int]:
    return {column: getattr(shares, name) for name, column in zip(Shares.__slots__, SHARES_COLUMNS, strict=True)}


def _guarded(text: str | None) -> str | None:
    """A text that no spreadsheet takes for a formula: one that it would take for one gets an apostrophe in front."""
    return f"'{text}" if text and text.startswith(STARTS_FORMULA) else text

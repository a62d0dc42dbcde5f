"""What positions and accounts are worth, in the form that answers show. Amounts are USD."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import balances, customer_items
from trading.aws.store.positions import position_of
from trading.domain import money
from trading.domain.accounts.positions import Holding
from trading.domain.quotes import Quote


def position_fields(item: Mapping[str, Any], quote: Quote | None) -> dict[str, Any]:
    """A position and, if there is a quote, what closing it at that quote would bring: a long position at the bid, a
    short one at the ask. A closed position is worth nothing, whatever the quote.
    """
    fields, holding = balances.position_fields(item), position_of(item).holding
    if (worth := _worth(holding, quote)) is not None:
        fields |= {"marketValue": money.text(worth), "unrealisedProfit": money.text(worth - holding.cost)}
    return fields


def account_fields(
    account: Mapping[str, Any], positions: Mapping[str, Mapping[str, Any]], quotes: Mapping[str, Quote]
) -> dict[str, Any]:
    """A customer's cash, and what its positions are worth. `equity = cash + reserved + marketValue`. Positions without
    a quote are not in it; `withoutQuote` names them.
    """
    holdings = {ticker: position_of(item).holding for ticker, item in positions.items()}
    worths = {ticker: _worth(holding, quotes.get(ticker)) for ticker, holding in holdings.items()}
    valued = {ticker: worth for ticker, worth in worths.items() if worth is not None}
    value = sum(valued.values(), money.ZERO)
    fields: dict[str, Any] = balances.cash_fields(account) | {
        "marketValue": money.text(value),
        "realisedProfit": money.text(sum((each.realised for each in holdings.values()), money.ZERO)),
        "unrealisedProfit": money.text(value - sum((holdings[ticker].cost for ticker in valued), money.ZERO)),
        "equity": money.text(account["cash"] + account["reserved"] + value),
    }
    fields |= balances.limits_shown(account)
    if without := [ticker for ticker in worths if ticker not in valued]:
        fields["withoutQuote"] = without
    return fields


def summary_fields(account: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's totals and limits, without what its positions are worth."""
    return {
        **{name: money.text(account[name]) for name in balances.TOTALS},
        "openOrders": int(account.get("openOrders", 0)),
        "halted": "halted" in account,
        "customerSequence": customer_items.sequence_of(account),
        "accountSequence": customer_items.account_sequence_of(account),
        **balances.limits_shown(account),
    }


def _worth(holding: Holding, quote: Quote | None) -> Decimal | None:
    if not holding.quantity:
        return money.ZERO
    return holding.worth(quote) if quote else None

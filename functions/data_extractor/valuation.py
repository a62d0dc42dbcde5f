"""What positions and accounts are worth, in the form that answers show. Amounts are USD."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import customer_items
from trading.aws.store.positions import position_of
from trading.domain import money
from trading.domain.accounts.ledger import withdrawable
from trading.domain.accounts.positions import Holding
from trading.domain.orders import Quote

TOTALS = ("cash", "reserved", "spent", "fees", "proceeds", "deposits", "withdrawals")
LIMITS: dict[str, Callable[[Decimal], str | int]] = {
    "highestOrderValue": money.text,
    "highestOpenOrders": int,
    "collar": "{:f}".format,
    "highestShort": int,
}
"""A customer's limits, and how each is shown."""


def position_fields(item: Mapping[str, Any], quote: Quote | None) -> dict[str, Any]:
    """A position and, if there is a quote, what closing it at that quote would bring: a long position at the bid, a
    short one at the ask. A closed position is worth nothing, whatever the quote.
    """
    holding = position_of(item).holding
    settled = int(item.get("settled", 0))
    fields = {
        "quantity": holding.quantity,
        "available": int(item["available"]),
        "reserved": int(item["reserved"]),
        "settled": settled,
        "unsettled": holding.quantity - settled,
        "averageCost": f"{holding.average_cost}" if holding.quantity else None,
        "cost": money.text(holding.cost),
        "realisedProfit": money.text(holding.realised),
        "commission": money.text(item.get("fees", money.ZERO)),
    }
    if (worth := _worth(holding, quote)) is not None:
        fields |= {"marketValue": money.text(worth), "unrealisedProfit": money.text(worth - holding.cost)}
    return {name: value for name, value in fields.items() if value is not None}


def account_fields(
    account: Mapping[str, Any], positions: Mapping[str, Mapping[str, Any]], quotes: Mapping[str, Quote]
) -> dict[str, Any]:
    """A customer's totals, and what follows from them and its positions. For the totals, always `cash + reserved +
    spent + fees = deposits - withdrawals + proceeds`.

    `settledCash + unsettledCash = cash + reserved`: unsettled cash is what sales will bring in, less what purchases
    will take. `equity = cash + reserved + marketValue`. Positions without a quote are not in it; `withoutQuote` names
    them. New buys can reserve all of `buyingPower`, unsettled cash included.
    """
    cash, reserved = account["cash"], account["reserved"]
    clearing = customer_items.clearing_of(account)
    holdings = {ticker: position_of(item).holding for ticker, item in positions.items()}
    worths = {ticker: _worth(holding, quotes.get(ticker)) for ticker, holding in holdings.items()}
    valued = {ticker: worth for ticker, worth in worths.items() if worth is not None}
    value = sum(valued.values(), money.ZERO)
    fields: dict[str, Any] = {name: money.text(account[name]) for name in TOTALS} | {
        "buyingPower": money.text(cash),
        "withdrawable": money.text(withdrawable(cash, clearing, account.get("shorted", money.ZERO))),
        "settledCash": money.text(cash + reserved + clearing),
        "unsettledCash": money.text(-clearing),
        "openOrders": int(account.get("openOrders", 0)),
        "halted": "halted" in account,
        "customerSequence": customer_items.sequence_of(account),
        "marketValue": money.text(value),
        "realisedProfit": money.text(sum((each.realised for each in holdings.values()), money.ZERO)),
        "unrealisedProfit": money.text(value - sum((holdings[ticker].cost for ticker in valued), money.ZERO)),
        "equity": money.text(cash + reserved + value),
    }
    fields |= _limits(account)
    if without := [ticker for ticker in worths if ticker not in valued]:
        fields["withoutQuote"] = without
    return fields


def summary_fields(account: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's totals and limits, without what its positions are worth."""
    return {
        **{name: money.text(account[name]) for name in TOTALS},
        "openOrders": int(account.get("openOrders", 0)),
        "halted": "halted" in account,
        "customerSequence": customer_items.sequence_of(account),
        **_limits(account),
    }


def _limits(account: Mapping[str, Any]) -> dict[str, Any]:
    if "limits" not in account:
        return {}
    limits = account["limits"]
    return {"limits": {name: shown(limits[name]) for name, shown in LIMITS.items() if name in limits}}


def _worth(holding: Holding, quote: Quote | None) -> Decimal | None:
    if not holding.quantity:
        return money.ZERO
    return holding.worth(quote) if quote else None

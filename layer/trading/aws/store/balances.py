"""A customer's cash and positions as answers and updates show them. Amounts are USD."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import customer_items, dynamodb, keys
from trading.aws.store.positions import position_of
from trading.domain import money
from trading.domain.accounts.ledger import withdrawable

LIMITS: dict[str, Callable[[Decimal], str | int]] = {
    "highestOrderValue": money.text,
    "highestOpenOrders": int,
    "collar": "{:f}".format,
    "highestShort": int,
}
"""A customer's limits, and how each is shown."""
TOTALS = ("cash", "reserved", "spent", "fees", "proceeds", "deposits", "withdrawals")


def balances_of(table: str, customer_id: str, tickers: Collection[str]) -> dict[str, Any]:
    """The members `account` and `positions` of an update: a customer's cash and limits, with the numbers that they are
    of, and its positions in these tickers, as they are stored now.
    """
    wanted = [keys.customer(customer_id), *(keys.position(customer_id, each) for each in sorted(tickers))]
    items = {item["SK"]: item for item in dynamodb.get_many(table, wanted, consistent=True)}
    account = items.pop(keys.customer(customer_id)["SK"])
    positions = [
        {"ticker": sort_key.removeprefix(keys.POSITION), **position_fields(item)}
        for sort_key, item in sorted(items.items())
    ]
    return {"account": cash_fields(account) | limits_shown(account), "positions": positions}


def cash_fields(account: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's totals, and what follows from them alone. Always `cash + reserved + spent + fees = deposits -
    withdrawals + proceeds`, and `settledCash + unsettledCash = cash + reserved`: unsettled cash is what sales will
    bring in, less what purchases will take. New buys can reserve all of `buyingPower`, unsettled cash included.
    """
    cash, reserved = account["cash"], account["reserved"]
    clearing = customer_items.clearing_of(account)
    return {name: money.text(account[name]) for name in TOTALS} | {
        "buyingPower": money.text(cash),
        "withdrawable": money.text(withdrawable(cash, clearing, account.get("shorted", money.ZERO))),
        "settledCash": money.text(cash + reserved + clearing),
        "unsettledCash": money.text(-clearing),
        "openOrders": int(account.get("openOrders", 0)),
        "halted": "halted" in account,
        "customerSequence": customer_items.sequence_of(account),
        "accountSequence": customer_items.account_sequence_of(account),
    }


def limits_shown(account: Mapping[str, Any]) -> dict[str, Any]:
    """The member `limits`, if the customer has any."""
    if "limits" not in account:
        return {}
    limits = account["limits"]
    return {"limits": {name: shown(limits[name]) for name, shown in LIMITS.items() if name in limits}}


def position_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """A position: its shares, some of which open sell orders may reserve, what it cost, and what it has earned."""
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
    return {name: value for name, value in fields.items() if value is not None}

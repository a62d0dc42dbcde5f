"""What must hold of the stored accounts and orders at every instant, whatever happened."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Protocol

from trading.aws.store import customer_items, ledger, order_bookings
from trading.aws.store.items import reports_of
from trading.domain.accounts.ledger import Shares


class Stores(Protocol):
    """The tables, of a test's own world or of the deployed system."""

    def items(self, table: str = "TradesStore", *, pk: str = "", sk: str = "") -> list[dict[str, Any]]:
        """A table's items whose keys begin so."""
        ...


def mistakes(stored: Stores) -> list[str]:
    """Every rule of bookkeeping that the tables break. Empty, always."""
    items = stored.items(pk="CUST#")
    orders = _of_kind(items, "ORDER#")
    found = list(_of_due(_of_kind(items, "POSITION#"), stored.items(pk="DUE#")))
    found += [mistake for order in orders for mistake in _of_order(order)]
    for customer in _of_kind(items, "CUST#"):
        theirs = [item for item in items if item["PK"] == customer["PK"]]
        found += _of_customer(customer, _of_kind(theirs, "ORDER#"), _of_kind(theirs, "POSITION#"))
        found += _of_postings(customer, theirs)
        found += _of_settlements(customer, theirs)
        found += _of_numbers(customer, theirs)
        for position in _of_kind(theirs, "POSITION#"):
            found += _of_position(position, theirs)
            found += _of_shares(position, theirs)
    return found


def missing(stored: Stores) -> Decimal:
    """The money of all customers that is not where it belongs when all is settled, too much of it included."""
    amount = Decimal(0)
    for item in stored.items(pk="CUST#", sk="CUST#"):
        has = item["cash"] + item["reserved"] + item["spent"] + item["fees"]
        amount += abs(has - (item["deposits"] - item["withdrawals"] + item["proceeds"])) + abs(item["reserved"])
    return amount


def open_ends(stored: Stores) -> list[str]:
    """What is still reserved or unfilled: nothing, when all is settled."""
    items = stored.items(pk="CUST#")
    unfilled = [order["SK"] for order in _of_kind(items, "ORDER#") if order["leavesQuantity"]]
    return unfilled + [f"{item['PK']} {item['SK']}" for item in items if item.get("reserved")]


def _of_kind(items: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    return [item for item in items if item["SK"].startswith(prefix)]


def _of_order(order: dict[str, Any]) -> Iterator[str]:
    name = order["SK"]
    accepted = order["acceptance"] == "Accepted"
    if (
        accepted
        and order.get("orderQuantity", order["initialQuantity"])
        != order["cumulativeQuantity"] + order["canceledQuantity"] + order["leavesQuantity"]
    ):
        yield f"{name} has lost shares"
    if "pendingReplace" not in order and order.get("openQuantity", order["leavesQuantity"]) != order["leavesQuantity"]:
        yield f"{name} may close more or less than it has open"
    if not accepted and any(order[field] for field in ("cumulativeQuantity", "leavesQuantity", "reserved")):
        yield f"{name} is rejected and goes on"
    if min(order["cumulativeQuantity"], order["leavesQuantity"], order["reserved"]) < 0:
        yield f"{name} is below zero"


def _of_customer(
    customer: dict[str, Any], orders: list[dict[str, Any]], positions: list[dict[str, Any]]
) -> Iterator[str]:
    name = customer["PK"]
    has = customer["cash"] + customer["reserved"] + customer["spent"] + customer["fees"]
    if has != customer["deposits"] - customer["withdrawals"] + customer["proceeds"]:
        yield f"{name} has {has}, which is not what came in"
    if min(customer["cash"], customer["reserved"]) < 0:
        yield f"{name} is overdrawn"
    if customer["reserved"] != sum((order["reserved"] for order in orders), Decimal(0)):
        yield f"{name} has reserved what no order needs"
    if customer["fees"] != sum((order["fees"] for order in orders), Decimal(0)):
        yield f"{name} pays fees that are no order's"
    sold_short = -sum((each["cost"] for each in positions if each["available"] + each["reserved"] < 0), Decimal(0))
    if customer.get("shorted", 0) != sold_short:
        yield f"{name} sold {sold_short} short, counted are {customer.get('shorted')}"
    short = customer.get("limits", {}).get("highestShort", 0)
    still_open = sum(order["acceptance"] == "Accepted" and order["leavesQuantity"] > 0 for order in orders)
    if customer["openOrders"] != still_open:
        yield f"{name} has {still_open} open orders, counted are {customer['openOrders']}"
    listed = customer_items.open_orders_of(customer) + [order["orderId"] for order in orders if "openOrder" in order]
    if sorted(listed) != sorted(order["orderId"] for order in orders if order["leavesQuantity"]):
        yield f"{name} has other open orders than are listed, each once: {sorted(listed)}"
    for position in positions:
        ticker = position["SK"].removeprefix("POSITION#")
        sales = [order for order in orders if (order["direction"], order["ticker"]) == ("Sell", ticker)]
        selling = sum(order.get("openQuantity", order["leavesQuantity"]) for order in sales)
        if position["reserved"] != selling or position["available"] < -short:
            yield f"{name} has {position['reserved']} {ticker} reserved, orders need {selling}"


def _of_postings(customer: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    """Balances are the sum of postings, each of which sums to zero."""
    sums = dict.fromkeys(("cash", "reserved", "fees", "clearing", "house"), Decimal(0))
    for item in items:
        posting = item.get("posting", {})
        if sum(posting.values()):
            yield f"{item['SK']} posts {posting}, which is not zero together"
        for account, amount in posting.items():
            sums[account] += amount
    settled = customer["settled"]
    has = {
        "cash": customer["cash"],
        "reserved": customer["reserved"],
        "fees": customer["fees"],
        "clearing": customer["spent"] - customer["proceeds"] - settled,
        "house": customer["withdrawals"] - customer["deposits"] + settled,
    }
    if sums != has:
        yield f"{customer['PK']} has {has}, its postings make {sums}"


def _of_numbers(customer: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    """The customer's bookings are numbered 1, 2, 3 and so on, without a gap. Each order has the number of the last one
    that changed it, and names all that did.
    """
    bookings = {item["SK"]: item for item in items if "bookingId" in item}
    numbers, last = sorted(item["customerSequence"] for item in bookings.values()), customer.get("customerSequence", 0)
    if numbers != list(range(1, int(last) + 1)):
        yield f"{customer['PK']} has booking {last}, the numbers are {numbers}"
    reporting: dict[str, list[str]] = defaultdict(list)
    for key, item in sorted(bookings.items(), key=lambda each: each[1]["customerSequence"]):
        for each in reports_of(item).orders:
            reporting[each.order.order_id].append(key)
    orders = _of_kind(items, "ORDER#")
    named, _ = order_bookings.read("a table of which nothing is read", orders, bookings)
    for order in orders:
        theirs = reporting[order["orderId"]]
        number = bookings[theirs[-1]]["customerSequence"] if theirs else None
        if order.get("customerSequence") != number:
            yield f"{order['SK']} has number {order.get('customerSequence')}, not {number}"
        if named[order["orderId"]] != theirs:
            yield f"{order['SK']} names {named[order['orderId']]}, its bookings are {theirs}"


def _of_due(positions: list[dict[str, Any]], listed: list[dict[str, Any]]) -> Iterator[str]:
    """What is due of a position on a date, and nothing else, is listed under the date."""
    due = {
        (f"DUE#{field.split(':')[1]}", f"{item['PK'][5:]}#{item['SK'][9:]}")
        for item in positions
        for field in item
        if field.startswith("due:")
    }
    there = {(item["PK"], item["SK"]) for item in listed}
    if due != there:
        yield f"due are {sorted(due)}, listed are {sorted(there)}"


def _of_settlements(customer: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    """What was bought and sold is settled, by an entry, or due."""
    entries = [item for item in _of_kind(items, "ENTRY#") if item["kind"] == "Settlement"]
    paid = sum((item.get("posting", {}).get("house", Decimal(0)) for item in entries), Decimal(0))
    due = sum(
        (
            value
            for position in _of_kind(items, "POSITION#")
            for field, value in position.items()
            if field.startswith("due:") and field.endswith(":cash")
        ),
        Decimal(0),
    )
    traded = customer["spent"] - customer["proceeds"]
    if (customer["settled"], due) != (paid, traded - paid):
        yield f"{customer['PK']} traded {traded}, settled {customer['settled']}, {due} are due, entries say {paid}"


def _of_position(position: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    """What it cost less what it earned is what was brought in and bought less what was sold; what is not settled is
    due.
    """
    ticker = position["SK"].removeprefix("POSITION#")
    name = f"{position['PK']} {ticker}"
    theirs = [item for item in items if item.get("ticker") == ticker]
    brought_in = sum((item.get("cost", Decimal(0)) for item in _of_kind(theirs, "ENTRY#")), Decimal(0))
    cleared = sum(
        (item.get("posting", {}).get("clearing", Decimal(0)) for item in _of_kind(theirs, "TRADE#")), brought_in
    )
    if position.get("cost", Decimal(0)) - position.get("realised", Decimal(0)) != cleared:
        yield f"{name} cost {position.get('cost')} and earned {position.get('realised')}, which is not {cleared}"
    delivered = sum(item.get("shares", {}).get("settled", 0) for item in _of_kind(theirs, "ENTRY#"))
    if position.get("settled", 0) != delivered:
        yield f"{name} has {position.get('settled')} shares settled, its entries deliver {delivered}"
    due = sum(value for field, value in position.items() if field.startswith("due:") and field.endswith(":shares"))
    if position.get("settled", 0) + due != position["available"] + position["reserved"]:
        yield f"{name} has {position}, which is not what is settled and what is due"


def _of_shares(position: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    """Shares are where the ledger's lines have put them."""
    ticker = position["SK"].removeprefix("POSITION#")
    lines = [
        ledger.line_of(item) for prefix in ("ENTRY#", "ORDER#", "REPORT#", "TRADE#") for item in _of_kind(items, prefix)
    ]
    moved = sum((line.shares for line in lines if line.ticker == ticker), Shares())
    has = Shares(*(int(position.get(name, 0)) for name in Shares.__slots__))
    if has != moved:
        yield f"{position['PK']} {ticker} has {has}, its lines make {moved}"

"""Events in files, as `make invoke` gives them to a stage.

The samples in `events/` are about orders of a day that is over. A system that does not have these orders would dead-
letter the samples. So the orders are accepted first, and the sample gets the day on which they were. Reports to be
booked tell of executions that no engine has made. They are booked, and the day's reconciliation says that no journal
has them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.paths import ROOT
from ops.console import Failure
from ops.wait import deadline
from trading.aws import clients, clock
from trading.aws.store import dynamodb, items, keys, transactions
from trading.aws.store import ledger as entries
from trading.domain.accounts import ledger
from trading.domain.accounts.ledger import EntryKind, LedgerEntry
from trading.domain.market import Market
from trading.domain.messages.command_messages import commands_from
from trading.domain.messages.commands import CancelOrder, Change, NewOrder, ReplaceOrder
from trading.domain.messages.events import reports_from
from trading.domain.orders import Order, PoolType, Side
from trading.domain.quotes import DisplayedQuote
from trading.domain.routing import route_of
from trading.domain.times import iso

SAMPLES = ROOT / "events"
TIME = "2026-11-22T14:30:00.123Z"
"""When everything in the samples happens."""
ROUTER, BOOKING = "smart_order_router", "post_trade_processor"
ENGINES = {f"{pool.value.lower()}_pool_matching_engine": pool for pool in PoolType}
SECONDS = 30.0


def check(event: Path, stage: str) -> str:
    """The event's text. Raises Failure for a file that holds no event, or one of the samples of another stage."""
    try:
        text = event.read_text()
        content = json.loads(text)
    except OSError as error:
        raise Failure(f"{event} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Failure(f"{event} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise Failure(f"{event} is not an event: an event is a JSON object.")
    if _is_sample(event) and (its := event.resolve().relative_to(SAMPLES).parts[0]) != stage:
        raise Failure(f"{event} is an event for {its}, not for {stage}.")
    return text


def given(event: Path, stage: str, table: str, market: Market) -> str:
    """The text that the stage is to get. For a sample the orders that it is about are accepted, unless they are there:
    routed by `market`, as the API does.

    Raises Failure where it tells of executions of an order that has had others.
    """
    text = check(event, stage)
    if not _is_sample(event) or stage not in {ROUTER, BOOKING, *ENGINES}:
        return text
    there = {each.order_id: item for each in orders(stage, json.loads(text)) if (item := _stored(table, each))}
    time = next((item["orderDate"] for item in there.values()), iso(clock.now()))
    text = text.replace(TIME, time).replace(TIME[:10], time[:10])
    for order in orders(stage, json.loads(text)):
        if order.order_id not in there:
            accept(table, order, market, streamed=stage != BOOKING)
        elif stage == BOOKING and there[order.order_id]["cumulativeQuantity"]:
            raise Failure(f"The order {order.order_id} of this sample has been executed: its reports would not fit.")
    for change in (each for each in subjects(stage, json.loads(text)) if isinstance(each, CancelOrder | ReplaceOrder)):
        changed = _stored(table, change.order)
        if changed is not None and dynamodb.get(table, _key_of(change)) is None:
            request(table, change, changed["route"])
    return text


def orders(stage: str, event: dict[str, Any]) -> Iterator[Order]:
    """The orders that an event of a stage is about."""
    return (each if isinstance(each, Order) else each.order for each in subjects(stage, event))


def subjects(stage: str, event: dict[str, Any]) -> Iterator[Order | NewOrder | Change]:
    """The orders, and the commands about one order, that are in an event of a stage."""
    for record in event["Records"]:
        if stage == ROUTER:
            item = dynamodb.from_item(record["dynamodb"]["NewImage"])
            if item["SK"].startswith(keys.CHANGE):
                yield items.change_of(item)
            elif item["SK"].startswith(keys.ORDER):
                yield items.order_of(item)
        elif stage == BOOKING:
            yield from (each.order for each in reports_from(record["body"]).orders)
        else:
            commands = commands_from(record["body"], ENGINES[stage])
            yield from (command for command in commands if isinstance(command, NewOrder | Change))


def request(table: str, change: CancelOrder | ReplaceOrder, route: Mapping[str, Any]) -> None:
    """Stores a request to change an order, with what it reserves on top. `route` is the order's, as it is stored."""
    order = change.order
    its_key, whose = keys.order(order.customer_id, order.order_id), keys.customer(order.customer_id)
    writes = [transactions.put_new(table, items.change_item(change, route))]
    if isinstance(change, CancelOrder):
        writes.append(transactions.update(table, its_key, "SET pendingCancel = :id", None, {":id": change.change_id}))
    else:
        held = LedgerEntry(
            entry_id=change.change_id,
            customer_id=order.customer_id,
            kind=EntryKind.HOLD,
            time=iso(clock.now()),
            reference=order.order_id,
            posting=ledger.held(change.reserved),
            ticker=order.ticker,
        )
        amounts = {":id": change.change_id, ":more": change.more, ":needed": change.reserved}
        pending = "SET pendingReplace = :id, openQuantity = if_not_exists(openQuantity, leavesQuantity) + :more"
        taken = {":taken": -change.reserved, ":needed": change.reserved}
        writes += [
            transactions.update(table, its_key, f"{pending} ADD reserved :needed", None, amounts),
            transactions.put_new(table, entries.entry_item(held)),
            transactions.update(table, whose, "ADD cash :taken, reserved :needed", None, taken),
        ]
    transactions.write(writes, deadline(SECONDS))


def accept(table: str, order: Order, market: Market, *, streamed: bool = True) -> None:
    """Stores an order with its route and what it reserves, without a look at what the customer has. The stream passes
    over an order that is not accepted yet when it is inserted: no engine gets it.
    """
    needed = order.reservation(order.quantity)
    displayed = DisplayedQuote(order.order_date, order.arrival_bid, order.arrival_ask)
    item = items.order_item(order, None, displayed, route_of(order, market))
    acceptance = item.pop("acceptance")
    writes = [
        transactions.put_new(table, item | ({"acceptance": acceptance} if streamed else {})),
        transactions.update(
            table,
            keys.customer(order.customer_id),
            "ADD cash :taken, reserved :needed, openOrders :one",
            None,
            {":taken": -needed, ":needed": needed, ":one": 1},
        ),
    ]
    if order.side is Side.SELL:
        position = keys.position(order.customer_id, order.ticker)
        shares = {":taken": -order.quantity, ":sold": order.quantity}
        writes.append(transactions.update(table, position, "ADD available :taken, reserved :sold", None, shares))
    transactions.write(writes, deadline(SECONDS))
    if not streamed:
        clients.dynamodb().update_item(
            TableName=table,
            Key=dynamodb.to_item(keys.order(order.customer_id, order.order_id)),
            UpdateExpression="SET acceptance = :acceptance",
            ExpressionAttributeValues=dynamodb.to_item({":acceptance": acceptance}),
        )


def _key_of(change: CancelOrder | ReplaceOrder) -> keys.Key:
    return keys.change(change.order.customer_id, change.order.order_id, change.change_id)


def _is_sample(event: Path) -> bool:
    return event.resolve().is_relative_to(SAMPLES)


def _stored(table: str, order: Order) -> dict[str, Any] | None:
    return dynamodb.get(table, keys.order(order.customer_id, order.order_id))

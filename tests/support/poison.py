"""Broken and hostile messages: what a consumer must dead-letter, whoever sent it."""

import json
from collections.abc import Callable
from typing import Any

from trading.domain.messages.wire import compact

QUEUE_BYTES = 262_144
"""What SNS delivers at the most, and a queue that feeds a stage takes."""
ITEM_BYTES = 390_000
"""Nearly what an item of DynamoDB may have."""

TEXTS = {
    "nothing": " ",
    "not JSON": "{",
    "two values": "{} {}",
    "null": "null",
    "a list": "[]",
    "a number": "17",
    "a text": '"order"',
    "NaN": "NaN",
    "infinity": "-Infinity",
    "a number of 5,000 digits": "9" * 5000,
    "a byte order mark": "\ufeff{}",
    "half a surrogate pair": '"\\ud800"',
    "arrays nested deeply": "[" * 100_000 + "]" * 100_000,
    "objects nested deeply": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "as long as can be": '{"type":"' + "x" * (QUEUE_BYTES - 11) + '"}',
}
"""Texts that are no message of anybody."""

Sent = tuple[str, str]
"""Group and body."""
Falsify = Callable[[str, dict[str, Any]], Sent]
"""From a good message's group and content to a bad one."""


def text(body: str) -> Falsify:
    return lambda group, _: (group, body)


def fields(**changed: Any) -> Falsify:
    return lambda group, content: (group, compact(content | changed))


def without(name: str) -> Falsify:
    return lambda group, content: (group, compact({key: value for key, value in content.items() if key != name}))


def replaced(name: str, literal: str) -> Falsify:
    """Every member of this name has the value that stands here as JSON, however deep it is."""

    def falsify(group: str, content: dict[str, Any]) -> Sent:
        marked = json.loads(compact(content), object_hook=lambda each: each | ({name: "@"} if name in each else {}))
        return group, compact(marked).replace('"@"', literal)

    return falsify


def both(first: Falsify, second: Falsify) -> Falsify:
    def falsify(group: str, content: dict[str, Any]) -> Sent:
        group, body = first(group, content)
        return second(group, json.loads(body))

    return falsify


def elsewhere(group: str) -> Falsify:
    """The good message in another group."""
    return lambda _, content: (group, compact(content))


def everywhere(old: str, new: str) -> Falsify:
    """Another ticker or customer, in the group and wherever it is named."""
    return lambda group, content: (group.replace(old, new), compact(content).replace(f'"{old}"', f'"{new}"'))


LONG_ID = f'"{"x" * 50_000}"'

OF_ALL: dict[str, Falsify] = {
    **{name: text(body) for name, body in TEXTS.items()},
    "another type": fields(type="other"),
    "a schema of before": fields(version=0),
    "a version below zero": fields(version=-1),
    "a version that is a text": fields(version="1"),
    "no version": without("version"),
    "no ticker": without("ticker"),
    "a ticker that is a number": fields(ticker=1),
    "a ticker that nobody trades": everywhere("COIN", "ZZZZ"),
    "another group": elsewhere("OTHER"),
    "an invalid pool type": fields(poolType="Grey"),
    "a price that is no number": replaced("price", '"much"'),
    "a price that is NaN": replaced("price", '"NaN"'),
    "a price in fractions": replaced("price", "161.9"),
    "a price beyond any": replaced("price", '"1e30"'),
    "shares of 4,000 digits": replaced("initialQuantity", "9" * 4000),
    "a billion shares": replaced("initialQuantity", "1000000000"),
    "shares below zero": replaced("initialQuantity", "-1"),
    "shares that are NaN": replaced("initialQuantity", "NaN"),
    "a customer that is a list": replaced("customerId", "[[[]]]"),
    "half a surrogate pair in an id": replaced("orderId", '"\\ud800"'),
    "an order id of 50,000 characters": replaced("orderId", LONG_ID),
    "an invalid order id": replaced("orderId", '"o-1"'),
    "an order id in capitals": replaced("orderId", '"01A203A9-F6BB-7000-8000-000000000001"'),
    "a customer id that is a path": replaced("customerId", '"../"'),
    "a customer id of 50,000 characters": replaced("customerId", LONG_ID),
    "a customer id with a line break": replaced("customerId", '"000002\\n"'),
    "a client order id of 50,000 characters": replaced("direction", f'"Buy","clientOrderId":{LONG_ID}'),
    "a session before there were markets": replaced("sessionDate", '"0001-01-01"'),
    "a session in a year that nothing follows": replaced("sessionDate", '"9999-12-31"'),
    "slices of one share": both(replaced("initialQuantity", "3000000"), replaced("sliceSize", "1")),
    "a price of a billion": replaced("protectionPrice", '"1000000000.00"'),
}
"""Falsifications of every message that has orders in COIN."""

COMMAND_ID = "11111111-1111-5111-8111-111111111111"

OF_COMMANDS = OF_ALL | {
    "invalid commands": fields(commands={"a": 1}),
    "an invalid command": fields(commands=[None]),
    "a command that nobody knows": replaced("command", '"buyAll"'),
    "more shares than the order has": replaced("quantity", "999999"),
    "a command id of 50,000 characters": replaced("commandId", LONG_ID),
    "an invalid command id": replaced("commandId", '"c-1"'),
    "the end of a session to come": fields(
        commands=[{"command": "expireOrders", "commandId": COMMAND_ID, "sessionDate": "2999-12-31"}]
    ),
}


def _other(report: dict[str, Any], number: int) -> dict[str, Any]:
    """The report, of another order."""
    return report | {"order": report["order"] | {"orderId": f"{number:08}-f6bb-7000-8000-000000000001"}}


OF_REPORTS = OF_ALL | {
    "no orders": fields(orders=[]),
    "invalid orders": fields(orders=[None]),
    "a customer that is not there": everywhere("000002", "999999"),
    "an invalid time": fields(time="yesterday"),
    "invalid executions": replaced("executions", "[[1]]"),
    "a time that nothing follows": fields(time="9999-12-31T23:59:59.999Z"),
    "a booking id of 50,000 characters": fields(bookingId="x" * 50_000),
    "a booking id that is a path": fields(bookingId="../../secret"),
    "more orders than a transaction takes": lambda group, content: (
        group,
        compact(content | {"orders": [_other(content["orders"][0], number) for number in range(41)]}),
    ),
    "more executions than a message takes": replaced("executions", compact([[1, "161.90", "IEX", "0.00"]] * 251)),
    "a venue of 50,000 characters": replaced("executions", f'[[1,"161.90",{LONG_ID},"0.00"]]'),
    "a trade's price beyond any": replaced("executions", '[[1,"99999999999.00","IEX","0.00"]]'),
    "a reason of 50,000 characters": replaced("executions", f'[],"ending":[1,"Canceled",{LONG_ID}]'),
    "a change by more shares than there are": replaced(
        "executions",
        f'[],"changes":[{{"changeId":"{COMMAND_ID}","kind":"Replace","quantity":1,"price":"1.00","by":-99999999}}]',
    ),
    "a release below zero": replaced("released", '"-1.00"'),
    "a release beyond any": replaced("released", '"1e40"'),
    "the booking in full instead": fields(type="tradesSettled"),
}

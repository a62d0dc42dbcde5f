"""Broken and hostile messages: what a consumer must park, whoever sent it."""

import json
from collections.abc import Callable
from typing import Any

from trading.domain.wire import compact

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


def elsewhere(group: str) -> Falsify:
    """The good message in another group."""
    return lambda _, content: (group, compact(content))


def everywhere(old: str, new: str) -> Falsify:
    """Another ticker or customer, in the group and wherever it is named."""
    return lambda group, content: (group.replace(old, new), compact(content).replace(f'"{old}"', f'"{new}"'))


OF_ALL: dict[str, Falsify] = {
    **{name: text(body) for name, body in TEXTS.items()},
    "another type": fields(type="other"),
    "a schema of before": fields(version=0),
    "a schema to come": fields(version=2),
    "a version that is a text": fields(version="1"),
    "no version": without("version"),
    "no ticker": without("ticker"),
    "a ticker that is a number": fields(ticker=1),
    "a ticker that nobody trades": everywhere("COIN", "ZZZZ"),
    "another group": elsewhere("OTHER"),
    "a pool type that is none": fields(poolType="Grey"),
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
}
"""Falsifications of every message that has orders in COIN."""

OF_COMMANDS = OF_ALL | {
    "commands that are none": fields(commands={"a": 1}),
    "a command that is none": fields(commands=[None]),
    "a command that nobody knows": replaced("command", '"buyAll"'),
    "more shares than the order has": replaced("quantity", "999999"),
    "the end of a session to come": fields(
        commands=[{"command": "expireOrders", "commandId": "c-1", "sessionDate": "9999-12-31"}]
    ),
}

OF_REPORTS = OF_ALL | {
    "no orders": fields(orders=[]),
    "orders that are none": fields(orders=[None]),
    "a customer that is not there": everywhere("000002", "999999"),
    "a time that is none": fields(time="yesterday"),
    "executions that are none": replaced("executions", "[[1]]"),
    "a release below zero": replaced("released", '"-1.00"'),
    "a release beyond any": replaced("released", '"1e40"'),
    "the booking in full instead": fields(type="tradesSettled"),
}

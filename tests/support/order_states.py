"""Every life of an order that a test sees, compared with the table of states: what its item was after each write, as
the stream of the table has it, and what the API answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from trading.aws.store import dynamodb, order_state
from trading.domain.order_status import TRANSITIONS, OrderEvent, OrdStatus

REQUESTS = {OrderEvent.CANCEL_REQUESTED, OrderEvent.REPLACE_REQUESTED}
PENDING = {OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE}


def may_follow(before: OrdStatus, after: OrdStatus) -> bool:
    """Whether a booking can bring an order from one state to the other; it may be of several events."""
    reached, waiting = {before}, [before]
    while waiting:
        here = waiting.pop()
        following = {to for (state, event), to in TRANSITIONS.items() if state is here and event not in REQUESTS}
        waiting += following - reached
        reached |= following
    return after in reached


def forbidden(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What the table forbids of how a stream's records have orders change. What was taken out of the table and is put
    back begins anew, in whatever state it was, and so does an item that a test has damaged.
    """
    lives: dict[str, Mapping[str, Any]] = {}
    for record in records:
        order = record["dynamodb"]["Keys"]["SK"].get("S", "")
        if not order.startswith("ORDER#"):
            continue
        if record["eventName"] == "REMOVE":
            lives.pop(order, None)
            continue
        item = dynamodb.from_item(record["dynamodb"]["NewImage"])
        if "acceptance" not in item:
            lives.pop(order, None)
            continue
        if order in lives:
            yield from _forbidden(order, lives[order], item)
        lives[order] = item


def _forbidden(order: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    states = _reported(before), _reported(after)
    if not may_follow(*states):
        yield f"{order} is {states[0]}, then {states[1]}"
    for name, event in order_state.REQUESTS.items():
        if name in after and name not in before:
            shown = order_state.state(before), order_state.state(after)
            if TRANSITIONS.get((shown[0], event)) is not shown[1]:
                yield f"{order} is {shown[0]}, then after {event} {shown[1]}"


def _reported(item: Mapping[str, Any]) -> OrdStatus:
    """The order's state by what engines reported, whatever is asked of it."""
    return order_state.state({name: value for name, value in item.items() if name not in order_state.REQUESTS})


def misshown(answer: Mapping[str, Any]) -> list[str]:
    """What the table forbids of an order as the API shows it: its transitions, and its state after the last of them."""
    states = [OrdStatus(each["state"]) for each in answer["transitions"]]
    found = [f"{before}, then {after}" for before, after in pairwise(states) if not may_follow(before, after)]
    shown = OrdStatus(answer["state"])
    if "nextToken" not in answer and states and not (shown is states[-1] or shown in PENDING):
        found.append(f"{shown}, its last transition is to {states[-1]}")
    return found

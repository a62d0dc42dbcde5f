"""Every state of an order and everything that may be reported or asked of it then: what the table of states permits is
booked or stored, and what it forbids is refused and changes nothing.
"""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.order_states import REQUESTS
from tests.support.orders import entered
from tests.support.world import World
from trading.aws import clock
from trading.aws.store import items, keys
from trading.domain.executions import Ending, Execution, ExecutionReports, OrderReport
from trading.domain.ids import derived
from trading.domain.messages.events import reports_message
from trading.domain.order_status import ENDED, TRANSITIONS, OrderEvent, OrdStatus
from trading.domain.orders import PoolType
from trading.domain.times import iso

BOOKING = "post_trade_processor"
REPORTS = [event for event in OrderEvent if event not in REQUESTS]
WAYS: dict[OrdStatus, list[OrderEvent]] = {
    OrdStatus.PENDING_NEW: [],
    OrdStatus.NEW: [OrderEvent.ACKNOWLEDGED],
    OrdStatus.PARTIALLY_FILLED: [OrderEvent.TRADED],
    OrdStatus.PENDING_CANCEL: [OrderEvent.CANCEL_REQUESTED],
    OrdStatus.PENDING_REPLACE: [OrderEvent.REPLACE_REQUESTED],
    OrdStatus.FILLED: [OrderEvent.FILLED],
    OrdStatus.CANCELED: [OrderEvent.CANCELED],
    OrdStatus.EXPIRED: [OrderEvent.EXPIRED],
    OrdStatus.REJECTED: [OrderEvent.REJECTED],
}
"""How an order comes into each state."""


@pytest.fixture(scope="module")
def machine(new_world: NewWorld) -> Iterator[World]:
    """No engine is given anything: the test says what one reports."""
    with new_world() as world:
        yield world


def tell(world: World, order_id: str, event: OrderEvent, number: int) -> None:
    """Asks for the order's change, or books the report that this happened to it."""
    if event is OrderEvent.CANCEL_REQUESTED:
        world.change("DELETE", order_id)
    elif event is OrderEvent.REPLACE_REQUESTED:
        world.change("PATCH", order_id, {"price": "99.00"})
    else:
        [item] = world.items(pk="CUST#000002", sk=f"ORDER#{order_id}")
        order = items.standing_order(item)
        leaves = int(item["leavesQuantity"]) or 100  # a report of what has ended says that it was open
        filled = {OrderEvent.TRADED: 10, OrderEvent.FILLED: leaves}.get(event, 0)
        ended = leaves if event in {OrderEvent.CANCELED, OrderEvent.EXPIRED, OrderEvent.REJECTED} else 0
        trades = (Execution(filled, Decimal("99.00"), "IEX", Decimal("0.00")),) if filled else ()
        ending = Ending(ended, OrdStatus(event), "told") if ended else None
        released = order.reservation(leaves) - order.reservation(leaves - filled - ended)
        report = OrderReport(order, trades, released, ending, closed=filled + ended == leaves)
        its_id = derived(order_id, f"report {number}")
        reports = ExecutionReports(its_id, "000002", "COIN", PoolType.LIT, iso(clock.now()), (report,))
        world.deliver(BOOKING, events.sqs([events.sqs_record("000002", reports_message(reports).body, number)]))


def new_order(world: World, state: OrdStatus) -> str:
    _, answer = world.post(entered(quantity=100, price="100.00"))
    order_id = str(answer["orders"][0]["orderId"])
    for number, event in enumerate(WAYS[state]):
        tell(world, order_id, event, number)
    assert world.order(order_id)["state"] == state
    return order_id


def dead_lettered(world: World) -> list[str]:
    """What was dead-lettered because it did not fit, taken out of the queue."""
    found = world.dead_lettered(BOOKING)
    url = world.cloud.environment(BOOKING)["DEAD_LETTER_QUEUE"]
    for message in world.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        world.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert all("the reports do not fit" in reason for reason, _ in found)
    return [body for _, body in found]


@pytest.mark.parametrize("event", REPORTS)
@pytest.mark.parametrize("state", OrdStatus)
def test_a_report_is_booked_where_the_table_permits_it_and_dead_lettered_elsewhere(
    machine: World, state: OrdStatus, event: OrderEvent
) -> None:
    """A request that waits is shown until the order has ended, whatever is reported meanwhile. That an engine has an
    order may be booked late, when the order has ended: then it says nothing new.
    """
    order_id = new_order(machine, state)
    machine.clock.advance(seconds=1)
    waits = WAYS[state] and WAYS[state][0] in REQUESTS
    after = TRANSITIONS.get((OrdStatus.PENDING_NEW if waits else state, event))
    before = machine.order(order_id)
    tell(machine, order_id, event, 9)
    shown = machine.order(order_id)
    if after is not None:
        assert shown["state"] == (state if waits and after not in ENDED else after)
        assert dead_lettered(machine) == []
    elif event is OrderEvent.ACKNOWLEDGED:
        assert shown["state"] == state
    else:
        assert shown == before
        [body] = dead_lettered(machine)
        assert json.loads(body)["orders"][0]["order"]["orderId"] == order_id


@pytest.mark.parametrize(
    ("event", "method", "body"),
    [
        (OrderEvent.CANCEL_REQUESTED, "DELETE", None),
        (OrderEvent.REPLACE_REQUESTED, "PATCH", {"price": "98.00"}),
    ],
)
@pytest.mark.parametrize("state", OrdStatus)
def test_a_request_is_stored_where_the_table_permits_it_and_refused_elsewhere(
    machine: World, state: OrdStatus, event: OrderEvent, method: str, body: object
) -> None:
    order_id = new_order(machine, state)
    before = machine.items(pk=keys.customer("000002")["PK"])
    status, answer = machine.change(method, order_id, body)
    after = TRANSITIONS.get((state, event))
    if after is not None:
        assert (status, answer["state"], machine.order(order_id)["state"]) == (202, after, after)
    elif state is OrdStatus.PENDING_CANCEL and event is OrderEvent.CANCEL_REQUESTED:
        assert (status, answer["state"]) == (202, state)  # asked again, it is answered as the first time
    elif state in ENDED and event is OrderEvent.CANCEL_REQUESTED:
        assert (status, answer) == (200, {"orderId": order_id, "state": state})
    else:
        assert answer["code"] == ("too-late" if state in ENDED else "change-pending")
    if after is None:
        assert machine.items(pk=keys.customer("000002")["PK"]) == before

"""The table of an order's states: FIX's matrix of what may follow what, and the states that follow from it."""

import pytest

from local.orders import ANSWERED
from tests.support.matching import command
from trading.domain.errors import IllegalTransition
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.pool import HOUSE
from trading.domain.matching.working_order import Canceled, Rested, Traded, WorkingOrder
from trading.domain.order_status import ENDED, FIX_CODES, TRANSITIONS, OrderEvent, OrdStatus, next_state, state_of

MATRIX = """
                Acknowledged    Traded          Filled Canceled Expired Rejected CancelRequested ReplaceRequested
PendingNew      New             PartiallyFilled Filled Canceled Expired Rejected PendingCancel   PendingReplace
New             New             PartiallyFilled Filled Canceled Expired Rejected PendingCancel   PendingReplace
PartiallyFilled PartiallyFilled PartiallyFilled Filled Canceled Expired Rejected PendingCancel   PendingReplace
PendingReplace  -               -               -      -        -       -        PendingCancel   -
PendingCancel   -               -               -      -        -       -        -               -
Filled          -               -               -      -        -       -        -               -
Canceled        -               -               -      -        -       -        -               -
Expired         -               -               -      -        -       -        -               -
Rejected        -               -               -      -        -       -        -               -
"""
EVENTS, *ROWS = (line.split() for line in MATRIX.strip().splitlines())
CELLS = [(row[0], event, after) for row in ROWS for event, after in zip(EVENTS, row[1:], strict=True)]


@pytest.mark.parametrize(("before", "event", "after"), CELLS)
def test_what_follows_a_state_is_what_the_matrix_says(before: str, event: str, after: str) -> None:
    if after == "-":
        with pytest.raises(IllegalTransition, match=rf"^an order that is {before} cannot become {event}$"):
            next_state(OrdStatus(before), OrderEvent(event))
    else:
        assert next_state(OrdStatus(before), OrderEvent(event)) is OrdStatus(after)


def test_the_matrix_has_every_state_and_event() -> None:
    assert {row[0] for row in ROWS} == {state.value for state in OrdStatus}
    assert set(EVENTS) == {event.value for event in OrderEvent}
    assert len(TRANSITIONS) == sum(after != "-" for _, _, after in CELLS)


def test_each_state_has_the_code_that_fix_gives_it() -> None:
    """FIX 4.4, field 39 (OrdStatus)."""
    assert {state.value: code for state, code in FIX_CODES.items()} == {
        "New": "0",
        "PartiallyFilled": "1",
        "Filled": "2",
        "Canceled": "4",
        "PendingCancel": "6",
        "Rejected": "8",
        "PendingNew": "A",
        "Expired": "C",
        "PendingReplace": "E",
    }


def test_an_order_that_is_filled_canceled_expired_or_rejected_has_ended() -> None:
    assert {"Filled", "Canceled", "Expired", "Rejected"} == ENDED
    assert {"New", "PartiallyFilled"} == ANSWERED


REPLACE, CANCEL = OrderEvent.REPLACE_REQUESTED, OrderEvent.CANCEL_REQUESTED


@pytest.mark.parametrize(
    ("cumulative", "leaves", "ending", "answered", "requests", "state"),
    [
        (0, 100, None, False, (), "PendingNew"),
        (0, 100, None, True, (), "New"),
        (40, 60, None, True, (), "PartiallyFilled"),
        (100, 0, None, True, (), "Filled"),
        (40, 0, "Canceled", True, (), "Canceled"),
        (40, 60, "Canceled", True, (), "PartiallyFilled"),
        (0, 0, "Expired", True, (), "Expired"),
        (0, 0, "Rejected", False, (), "Rejected"),
        (0, 100, None, False, (CANCEL,), "PendingCancel"),
        (0, 100, None, True, (REPLACE,), "PendingReplace"),
        (40, 60, None, True, (REPLACE, CANCEL), "PendingCancel"),
        (100, 0, None, True, (REPLACE, CANCEL), "Filled"),
        (40, 0, "Canceled", True, (CANCEL,), "Canceled"),
    ],
)
def test_a_state_follows_from_the_quantities_and_the_requests_that_wait(
    cumulative: int, leaves: int, ending: str | None, answered: bool, requests: tuple[OrderEvent, ...], state: str
) -> None:
    assert state_of(cumulative, leaves, ending, answered=answered, requests=requests) == state


def test_a_replacement_that_is_asked_for_after_a_cancel_is_no_state() -> None:
    with pytest.raises(IllegalTransition):
        state_of(0, 100, requests=(CANCEL, REPLACE))


def test_an_engine_that_would_report_a_trade_or_an_ending_of_an_order_that_has_ended_is_stopped() -> None:
    placed = command("Buy", 100, "100.00")
    own = WorkingOrder(placed.order.order_id, placed.order.customer_id, True, 100, 20_000, terms=placed)
    other = WorkingOrder("house", HOUSE, False, 100, 20_000)
    canceled, traded = Canceled(own, 100, 0, "requested"), Traded(other, own, 100, 20_000, 0, 0)
    for ended in (canceled, traded):
        for late in (canceled, traded, Rested(own, 100)):
            reporter = Reporter(lambda event, rested: placed.order.highest_fee)
            with pytest.raises(IllegalTransition):
                reporter.add(placed, [ended, late])


@pytest.mark.parametrize(
    ("cumulative", "leaves", "ending", "state"),
    [
        (0, 100, None, OrdStatus.NEW),
        (1, 99, None, OrdStatus.PARTIALLY_FILLED),
        (1, 99, "Canceled", OrdStatus.PARTIALLY_FILLED),  # the rest of it is still open
        (100, 0, None, OrdStatus.FILLED),
        (40, 0, "Canceled", OrdStatus.CANCELED),
        (0, 0, "Expired", OrdStatus.EXPIRED),
        (0, 0, OrdStatus.REJECTED, OrdStatus.REJECTED),
    ],
)
def test_the_state_of_an_order_follows_from_its_quantities(
    cumulative: int, leaves: int, ending: OrdStatus | str | None, state: OrdStatus
) -> None:
    assert state_of(cumulative, leaves, ending) is state


def test_an_order_that_no_engine_has_answered_is_pending() -> None:
    assert state_of(0, 100, answered=False) is OrdStatus.PENDING_NEW
    assert state_of(1, 99, answered=False) is OrdStatus.PARTIALLY_FILLED


def test_an_order_with_nothing_left_and_no_ending_is_filled() -> None:
    assert state_of(40, 0) is OrdStatus.FILLED

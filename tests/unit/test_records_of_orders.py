"""What an order stores is compared with what its bookings say, whatever order these came in."""

from dataclasses import replace
from typing import Any

import pytest

from reconciliation.rules.balances import held_on_top
from reconciliation.rules.customer_records import common_breaks
from tests.support.balanced_records import (
    BOUGHT,
    ENTRIES,
    PLACED,
    RECORDS,
    REPLACED,
    REPLACEMENT,
    REPORTS,
    TODAY,
    TOMORROW,
    WAITING,
    told,
    usd,
)
from trading.domain.accounts.ledger import held
from trading.domain.executions import Ending
from trading.domain.order_status import OrdStatus


@pytest.mark.parametrize(("date", "late"), [(TODAY, False), (TOMORROW, True), ("2026-11-24", True)])
def test_an_accepted_order_is_to_be_answered_by_the_end_of_its_day(date: str, late: bool) -> None:
    line = f"unanswered 000002 COIN waiting whole: the order accepted {WAITING.order_date} / the engines nothing"
    found = told(common_breaks(RECORDS, date))
    assert [each for each in found if each.startswith("unanswered")] == [line] * late


def test_what_requests_to_replace_an_order_hold_is_the_sum_of_the_holds_that_name_it() -> None:
    other = replace(ENTRIES["hold"], entry_id="other", reference=BOUGHT.order_id, posting=held(usd("7.00")))
    again = replace(ENTRIES["hold"], entry_id="again", posting=held(usd("0.98")))
    paid_in = replace(ENTRIES["deposit"], reference=REPLACED.order_id)
    assert held_on_top((ENTRIES["hold"], other, paid_in, again), REPLACED.order_id) == usd("40.00")
    assert str(held_on_top((other,), REPLACED.order_id)) == "0.00"


def test_while_a_request_to_replace_it_waits_an_order_holds_what_it_held_and_its_open_quantity_is_not_known() -> None:
    """The stored open quantity already has what the request takes away; the hold is released with the answer."""

    def asked(name: str, **fields: Any) -> list[str]:
        [life] = [each for each in RECORDS.histories if each.placed is PLACED[name]]
        waits = replace(life.placed, replacing=True, stands={**life.placed.stands, **fields})
        lives = (replace(life, placed=waits, on_top=life.on_top + 5),)
        return [
            each for each in told(common_breaks(replace(RECORDS, histories=lives), TODAY)) if each.startswith("order")
        ]

    assert asked("replaced", openQuantity=30, reserved=usd("404.42")) == []
    assert asked("bought", reserved=usd("5.00")) == []
    assert asked("bought") == ["order 000002 COIN bought reserved: the order 0.00 / its bookings 5.00"]


def test_of_several_limits_and_endings_that_which_stands_is_right_and_any_other_is_the_last_ones() -> None:
    """Bookings come in any order, so which one was stored last is not known."""
    [life] = [each for each in RECORDS.histories if each.placed is PLACED["replaced"]]
    again = replace(REPORTS["replaced"], changes=(replace(REPLACEMENT, price=usd("9.75"), by=0),))
    lives = (replace(life, reported=(*life.reported, (f"{TODAY}T18:00:00.000Z", again))),)

    def found(price: str) -> list[str]:
        stood = replace(lives[0].placed, stands={**lives[0].placed.stands, "price": usd(price)})
        breaks = told(common_breaks(replace(RECORDS, histories=(replace(lives[0], placed=stood),)), TODAY))
        return [each for each in breaks if each.startswith("order")]

    assert found("9.50") == found("9.75") == []
    assert found("9.00") == ["order 000002 COIN replaced price: the order 9.00 / its bookings 9.75"]


def test_an_order_that_ended_in_two_parts_ended_as_either_of_them_did() -> None:
    """As by a self-trade and then by its customer."""
    [life] = [each for each in RECORDS.histories if each.placed is PLACED["waiting"]]
    parts = ("self-trade", 4), ("requested", 6)
    reported = tuple(
        (f"{TOMORROW}T15:00:0{number}.000Z", replace(
            REPORTS["taken in"], order=WAITING, released=usd("25.05"), ending=Ending(part, OrdStatus.CANCELED, reason)
        ))
        for number, (reason, part) in enumerate(parts)
    )  # fmt: skip

    def found(ending: str) -> list[str]:
        stood = {**life.placed.stands, "canceledQuantity": 10, "leavesQuantity": 0, "openQuantity": 0,
                 "reserved": usd("0.00"), "answered": True, "ending": ending}  # fmt: skip
        lives = (replace(life, placed=replace(life.placed, stands=stood), reported=reported),)
        breaks = told(common_breaks(replace(RECORDS, histories=lives), TODAY))
        return [each for each in breaks if each.startswith("order")]

    assert found("Canceled self-trade") == found("Canceled requested") == []
    assert found("Expired expired") == [
        "order 000002 COIN waiting ending: the order Expired expired / its bookings Canceled requested"
    ]


def test_reports_of_the_same_instant_are_one_after_the_other_as_they_come() -> None:
    [life] = [each for each in RECORDS.histories if each.placed is PLACED["replaced"]]
    at = f"{TODAY}T14:32:00.000Z"
    both = tuple((at, REPORTS[name]) for name in ("taken in", "replaced"))
    found = told(common_breaks(replace(RECORDS, histories=(replace(life, reported=both),)), TODAY))
    assert [each for each in found if each.startswith("order")] == []

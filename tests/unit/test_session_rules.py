"""Which orders are taken in which phase of a session: the table at the head of `session_rules`, cell by cell."""

from dataclasses import replace

import pytest

from tests.support.samples import order
from trading.domain.hours import ALWAYS_OPEN, ON_COMMAND, Session
from trading.domain.orders import Order, OrdType, Side, TimeInForce
from trading.domain.session_rules import Phase, phase_of, refused

LIMIT = order(1, "000002", Side.BUY, "COIN", 100, "100.00")
MARKET = replace(LIMIT, type=OrdType.MARKET, price=None)
CLOSED_HOURS = Session(has_auctions=True, by_clock=True, closed="2026-11-20T21:00:00.000Z")


@pytest.mark.parametrize(
    ("time_in_force", "always", "open_", "closed"),
    [
        ("Day", None, None, None),
        ("GTC", None, None, None),
        ("IOC", None, None, "market-closed"),
        ("FOK", None, None, "market-closed"),
        ("OPG", "no-auction", "auction-over", None),
        ("CLS", "no-auction", None, None),
    ],
)
@pytest.mark.parametrize("placed", [LIMIT, MARKET], ids=["limit", "market"])
def test_an_order_is_taken_or_refused_by_its_time_in_force_and_the_phase(
    placed: Order, time_in_force: str, always: str | None, open_: str | None, closed: str | None
) -> None:
    placed = replace(placed, time_in_force=TimeInForce(time_in_force))
    phases = (Phase.ALWAYS, Phase.OPEN, Phase.CLOSED)
    assert [refused(placed, phase) for phase in phases] == [always, open_, closed]


@pytest.mark.parametrize("terms", [{"minimum_quantity": 10}, {"pool_only": True}])
def test_a_market_order_that_no_auction_could_execute_is_refused_while_the_market_is_closed(
    terms: dict[str, int],
) -> None:
    assert refused(replace(MARKET, **terms), Phase.CLOSED) == "market-closed"  # type: ignore[arg-type] # one of two fields
    assert refused(replace(MARKET, **terms), Phase.OPEN) is None  # type: ignore[arg-type] # one of two fields
    assert refused(replace(LIMIT, **terms), Phase.CLOSED) is None  # type: ignore[arg-type] # one of two fields


@pytest.mark.parametrize(
    ("session", "phase"),
    [
        (ALWAYS_OPEN, Phase.ALWAYS),
        (ON_COMMAND, None),
        (CLOSED_HOURS, Phase.CLOSED),
        (replace(CLOSED_HOURS, opened="2026-11-23T14:30:00.000Z"), Phase.OPEN),
    ],
)
def test_the_phase_is_what_the_hours_say_and_none_where_commands_decide(session: Session, phase: Phase | None) -> None:
    assert phase_of(session) is phase

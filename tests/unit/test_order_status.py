"""The table of an order's states."""

from trading.domain.orders import TRANSITIONS, OrdStatus


def test_every_state_is_in_the_table_with_a_code_of_its_own() -> None:
    assert set(TRANSITIONS) == set(OrdStatus)
    assert len({code for code, _ in TRANSITIONS.values()}) == len(TRANSITIONS)


def test_nothing_follows_on_how_an_order_ended() -> None:
    ended = {OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED}
    assert {state for state, (_, following) in TRANSITIONS.items() if not following} == ended


def test_every_open_state_can_end_in_every_way() -> None:
    for state in (OrdStatus.PENDING_NEW, OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED, OrdStatus.PENDING_CANCEL):
        following = TRANSITIONS[state][1]
        assert {OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.EXPIRED} <= following

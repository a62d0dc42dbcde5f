"""Identifiers, bit by bit."""

from uuid import UUID

from trading.domain import ids


def test_an_order_id_is_a_version_7_with_48_bits_of_time_and_74_of_chance() -> None:
    assert ids.order_id(1, 0) == "00000000-0001-7000-8000-000000000000"
    assert ids.order_id(0, 1) == "00000000-0000-7000-8000-000000000001"
    assert ids.order_id(0, 1 << 62) == "00000000-0000-7001-8000-000000000000"
    assert ids.order_id((1 << 48) - 1, (1 << 74) - 1) == "ffffffff-ffff-7fff-bfff-ffffffffffff"
    assert ids.RANDOM_BITS == 74


def test_an_id_of_a_sequence_is_a_version_8_with_time_journal_entry_and_number() -> None:
    parent = "an entry"
    rest = UUID(ids.sequenced(parent, 0, 0, 0, 0)).int & ids.REST
    for place, bits in [((0, 0, 1), 1 << 33), ((0, 1, 0), 1 << 49), ((0, 1, 1), (1 << 49) + (1 << 33))]:
        assert UUID(ids.sequenced(parent, 0, *place)).int & (1 << 62) - 1 == bits | rest
    # of the 74 bits the journal has the first, the entry 24, the number 16, and 33 are from the parent
    assert ids.sequenced(parent, 1, 1, 0, 0)[:18] == "00000000-0001-8800"
    assert ids.sequenced(parent, 0, 0, (1 << 24) - 1, 0)[:18] == "00000000-0000-87ff"
    assert ids.sequenced(parent, 0, 0, 1 << 24, 0) == ids.sequenced(parent, 0, 0, 0, 0)


def test_from_its_last_number_on_the_ids_of_an_entry_differ_in_their_last_33_bits_alone() -> None:
    before, last, beyond = (UUID(ids.sequenced("an entry", 0, 0, 0, number)).int for number in (65_534, 65_535, 65_536))
    assert last & ~ids.REST == beyond & ~ids.REST == (before & ~ids.REST) + (1 << 33)
    assert last & ids.REST == UUID(ids.derived("an entry", "65535")).int & ids.REST
    assert beyond & ids.REST == UUID(ids.derived("an entry", "65536")).int & ids.REST


def test_an_id_beside_another_differs_in_its_last_33_bits_alone() -> None:
    one = ids.sequenced("an entry", 1_795_357_800_123, 1, 7, 2)
    beside = ids.beside(one, "x")
    assert UUID(beside).int & ~ids.REST == UUID(one).int & ~ids.REST
    assert UUID(beside).int & ids.REST == UUID(ids.derived(one, "x")).int & ids.REST


def test_derived_ids_stay_the_same_from_release_to_release() -> None:
    assert ids.derived("a", "x") == "955481a9-5d14-53ee-8c98-8029c69763c9"
    assert ids.draw("a", "x", 1000) == UUID(ids.derived("a", "x")).int % 1000

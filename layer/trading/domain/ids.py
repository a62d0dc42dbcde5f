"""Identifiers: an order's is drawn once, all others follow from it, so a redelivered message finds its own traces."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6f1d3e6c-6a5b-5c0e-9d0a-3f6f0b8c2a11")
RANDOM_BITS = 74
REST = 0x1_FFFF_FFFF
"""The last bits of an id of a sequence: they tell it from other ids and do not sort it."""
LAST_IN_ORDER = 0xFFFF
"""The numbers of a sequence sort up to this one; what comes after it is told apart and comes in no order."""


def order_id(milliseconds: int, randomness: int) -> str:
    """A UUIDv7 (RFC 9562, 5.7): sorts by the time in its first 48 bits; `randomness` gives RANDOM_BITS bits."""
    return _timed(7, milliseconds, randomness)


def derived(parent: str, purpose: str) -> str:
    """The id (UUIDv5) of what follows from `parent` for `purpose`: the same however often it is asked."""
    return str(uuid5(NAMESPACE, f"{parent}/{purpose}"))


def sequenced(parent: str, milliseconds: int, journal: int, entry: int, number: int) -> str:
    """An id (UUIDv8, RFC 9562, 5.8) that sorts by a time, then by the journal, 0 or 1, the number of its entry and the
    number within that. `parent` is the entry's id, from which the rest follows that tells it from all other ids.
    """
    order = (journal << 24 | entry & 0xFF_FFFF) << 16 | min(number, LAST_IN_ORDER)
    rest = order << 33 | uuid5(NAMESPACE, parent if number < LAST_IN_ORDER else f"{parent}/{number}").int & REST
    return _timed(8, milliseconds, rest)


def beside(booking_id: str, purpose: str) -> str:
    """Another id that follows from one of a sequence and has its place in it."""
    return str(UUID(int=UUID(booking_id).int & ~REST | uuid5(NAMESPACE, f"{booking_id}/{purpose}").int & REST))


def _timed(version: int, milliseconds: int, rest: int) -> str:
    """A time of 48 bits, 74 bits after it, and between these what makes it a UUID."""
    head = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | version << 12 | (rest >> 62) & 0xFFF
    tail = 0b10 << 62 | rest & 0x3FFF_FFFF_FFFF_FFFF
    return str(UUID(int=head << 64 | tail))


def draw(seed: str, purpose: str, choices: int) -> int:
    """A number in `range(choices)` that follows from the seed: chance that a replay repeats."""
    return uuid5(NAMESPACE, f"{seed}/{purpose}").int % choices

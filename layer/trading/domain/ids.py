"""Identifiers. An order's id is drawn once and all others are derived from it, so a redelivered message finds what it
did before.
"""

from uuid import UUID, uuid5

NAMESPACE = UUID("6f1d3e6c-6a5b-5c0e-9d0a-3f6f0b8c2a11")
RANDOM_BITS = 74
REST = 0x1_FFFF_FFFF
"""The last bits of a sequenced id: they tell it from other ids and do not sort it."""
LAST_IN_ORDER = 0xFFFF
"""Ids with numbers up to this one sort by them; ids beyond it are distinct, but do not sort."""


def order_id(milliseconds: int, randomness: int) -> str:
    """A UUIDv7 (RFC 9562, 5.7), which sorts by the time in its first 48 bits. `randomness` has RANDOM_BITS bits."""
    return _timed(7, milliseconds, randomness)


def derived(parent: str, purpose: str) -> str:
    """The id (UUIDv5) that is derived from `parent` for `purpose`: the same on every call."""
    return str(uuid5(NAMESPACE, f"{parent}/{purpose}"))


def sequenced(parent: str, milliseconds: int, journal: int, entry: int, number: int) -> str:
    """An id (UUIDv8, RFC 9562, 5.8) that sorts by time, then by `journal`, 0 or 1, then by the number of the entry,
    then by `number` within the entry. The other bits are derived from `parent`, the entry's id, and tell it from all
    other ids.
    """
    order = (journal << 24 | entry & 0xFF_FFFF) << 16 | min(number, LAST_IN_ORDER)
    rest = order << 33 | uuid5(NAMESPACE, parent if number < LAST_IN_ORDER else f"{parent}/{number}").int & REST
    return _timed(8, milliseconds, rest)


def of_one_entry(its_id: str) -> tuple[str, str]:
    """The lowest and the highest of the sequenced ids that have the time, the journal and the entry of this one."""
    numbered = LAST_IN_ORDER << 33 | REST
    value = UUID(its_id).int
    return str(UUID(int=value & ~numbered)), str(UUID(int=value | numbered))


def beside(booking_id: str, purpose: str) -> str:
    """Another id, derived from a sequenced one, that sorts in the same place."""
    return str(UUID(int=UUID(booking_id).int & ~REST | uuid5(NAMESPACE, f"{booking_id}/{purpose}").int & REST))


def _timed(version: int, milliseconds: int, rest: int) -> str:
    """The UUID of a version: 48 bits of time, then the 74 bits of `rest`."""
    head = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | version << 12 | (rest >> 62) & 0xFFF
    tail = 0b10 << 62 | rest & 0x3FFF_FFFF_FFFF_FFFF
    return str(UUID(int=head << 64 | tail))


def draw(seed: str, purpose: str, choices: int) -> int:
    """A number in `range(choices)`, derived from the seed: a replay draws the same."""
    return uuid5(NAMESPACE, f"{seed}/{purpose}").int % choices

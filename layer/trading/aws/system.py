"""What a stage takes from outside once and hands to the domain: the clock and chance."""

import random
from datetime import UTC, datetime

from trading.domain import ids

_chance = random.SystemRandom()


def now() -> datetime:
    return datetime.now(UTC)


def new_order_id(instant: datetime) -> str:
    return ids.order_id(int(instant.timestamp() * 1000), _chance.getrandbits(ids.RANDOM_BITS))


def jitter(seconds: float) -> float:
    """A time between half of `seconds` and `seconds`."""
    return _chance.uniform(seconds / 2, seconds)

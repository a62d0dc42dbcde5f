"""What a stage takes from outside: the time and random numbers, for the domain, and the function's own version."""

import os
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


def function_version() -> str:
    """The version of this function: one of two while traffic shifts to a new one."""
    return os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")

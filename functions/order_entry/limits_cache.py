"""What this function last saw of customers: their limits, and whether their items name as many open orders as they may.
What is decided by it is committed on condition that it is still true, so nothing has to be read first.
"""

import time
from collections.abc import Mapping
from typing import Any

from trading.aws.store import customer_items
from trading.domain.accounts.limits import UNLIMITED, CustomerLimits
from trading.domain.errors import Refusal

CROWDED_SECONDS = 60.0
"""For how long the orders of a customer whose item is full go into the index, before it is tried again to name them."""


class LastKnown:
    """What is known by customer; one without limits, and with few open orders, takes no memory."""

    def __init__(self) -> None:
        self._limits: dict[str, CustomerLimits] = {}
        self._crowded: dict[str, float] = {}

    def of(self, customer_id: str) -> CustomerLimits:
        return self._limits.get(customer_id, UNLIMITED)

    def learn(self, customer_id: str, item: Mapping[str, Any]) -> CustomerLimits:
        """Remembers what a customer's item says, which was just seen, and returns its limits."""
        self._crowded.pop(customer_id, None)
        if customer_items.is_crowded(item):
            self._crowded[customer_id] = time.monotonic() + CROWDED_SECONDS
        limits = customer_items.limits_of(item)
        if limits == UNLIMITED:
            self._limits.pop(customer_id, None)
        else:
            self._limits[customer_id] = limits
        return limits

    def is_crowded(self, customer_id: str) -> bool:
        """Whether the customer's item named as many open orders as it may, a short while ago."""
        return time.monotonic() < self._crowded.get(customer_id, 0.0)


def suspended(customer_id: str) -> Refusal:
    return Refusal("trading-halted", f"Customer {customer_id} is suspended.")

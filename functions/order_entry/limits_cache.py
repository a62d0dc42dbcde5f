"""The limits of customers as this function last saw them. What is decided by them is committed on condition that they
are still the same, so nothing has to be read first.
"""

from collections.abc import Mapping
from typing import Any

from trading.aws.store import customer_items
from trading.domain.accounts.limits import UNLIMITED, CustomerLimits
from trading.domain.errors import Refusal


class LastKnown:
    """The limits by customer; a customer without limits takes no memory."""

    def __init__(self) -> None:
        self._limits: dict[str, CustomerLimits] = {}

    def of(self, customer_id: str) -> CustomerLimits:
        return self._limits.get(customer_id, UNLIMITED)

    def learn(self, customer_id: str, item: Mapping[str, Any]) -> CustomerLimits:
        """Remembers and returns the limits in a customer's item, which was just seen."""
        limits = customer_items.limits_of(item)
        if limits == UNLIMITED:
            self._limits.pop(customer_id, None)
        else:
            self._limits[customer_id] = limits
        return limits


def suspended(customer_id: str) -> Refusal:
    return Refusal("trading-halted", f"Customer {customer_id} is suspended.")

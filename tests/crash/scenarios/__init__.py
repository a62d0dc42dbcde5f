"""Scenarios: what is tried at every one of its points. Each ends with all orders done."""

from tests.crash.scenarios import market, orders  # noqa: F401 # they fill SCENARIOS
from tests.crash.scenarios.scenario import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario"]

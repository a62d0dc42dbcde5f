"""What a scenario is, and all that there are, by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.crash.story import Story
from tests.support.orders import entered

SCENARIOS: dict[str, "Scenario"] = {}


@dataclass(frozen=True, slots=True)
class Scenario:
    """`filled` are the orders that are filled if nothing fails: the scenario does what it is there for. What is done
    `by_clock` leads to something else hours later. `parameters` are those of the template.
    """

    name: str
    play: Callable[[Story], None]
    filled: frozenset[str] = frozenset()
    parameters: dict[str, str] = field(default_factory=dict)
    by_clock: bool = False


def scenario(
    *filled: str, by_clock: bool = False, **parameters: str
) -> Callable[[Callable[[Story], None]], Callable[[Story], None]]:
    def named(play: Callable[[Story], None]) -> Callable[[Story], None]:
        name = play.__name__.replace("_", "-")
        SCENARIOS[name] = Scenario(name, play, frozenset(filled), parameters, by_clock)
        return play

    return named


def mine(name: str, **fields: Any) -> dict[str, Any]:
    """An order with its client's own id; the seed's where nothing else is said."""
    return entered(clientOrderId=name, **fields)

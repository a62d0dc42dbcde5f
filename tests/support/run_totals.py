"""What the tests of this process have tried, and what came of it: summed up and printed when all of them are done."""

from collections import Counter
from collections.abc import Mapping

BAD_INPUTS = "bad inputs tried"
FAILURES = "failures of calls of AWS tried"
SCHEDULES = "random schedules run"
REPEATED = "deliveries and requests repeated"
LOST, DOUBLED, CENTS = "orders lost", "orders doubled", "cents missing"


class RunTotals:
    """Counts by name; `taken` gives what was counted since it was last asked."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()

    def count(self, name: str, number: int = 1) -> None:
        self._numbers[name] += number

    def taken(self) -> Mapping[str, int]:
        numbers, self._numbers = self._numbers, Counter()
        return numbers


run_totals = RunTotals()

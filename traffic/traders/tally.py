"""What came of the traders' calls: how many, how long they took, what was refused and why."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

ENTER, REPLACE, CANCEL, LIST, QUOTES = "enter", "replace", "cancel", "list", "quotes"
KINDS = (ENTER, REPLACE, CANCEL, LIST, QUOTES)
"""Of calls."""
ORDERS_AND_CHANGES = (ENTER, REPLACE, CANCEL)
MS = 1000.0


@dataclass(frozen=True, slots=True)
class Times:
    """How long calls took, milliseconds: the median, and what 99 of 100 were answered in."""

    calls: int
    p50: float
    p99: float


@dataclass(slots=True)
class Interval:
    """What was measured from one moment to another: seconds of each call by kind, and refusals by their code."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def calls(self) -> int:
        return sum(map(len, self.took.values()))

    @property
    def made(self) -> int:
        """Orders and changes."""
        return sum(len(self.took.get(kind, ())) for kind in ORDERS_AND_CHANGES)

    def times(self, kind: str | None = None) -> Times:
        """Of one kind of call, or of all."""
        return times_of([each for name, them in self.took.items() if kind in {None, name} for each in them])

    def add(self, other: "Interval") -> None:
        for kind, seconds in other.took.items():
            self.took[kind] += seconds
        self.refused += other.refused


class Tally:
    """Adds up what many threads did. `taken` gives what came since it was asked last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._interval = Interval()

    def answered(self, kind: str, seconds: float, refused: str | None = None) -> None:
        """Notes a call, and the code of its refusal if it was refused."""
        with self._lock:
            self._interval.took[kind].append(seconds)
            if refused is not None:
                self._interval.refused[refused] += 1

    def taken(self) -> Interval:
        with self._lock:
            taken, self._interval = self._interval, Interval()
        return taken


def times_of(seconds: Sequence[float]) -> Times:
    """Zero where nothing was measured."""
    if len(seconds) < 2:  # noqa: PLR2004 # quantiles need two
        only = MS * seconds[0] if seconds else 0.0
        return Times(len(seconds), only, only)
    return Times(
        len(seconds), MS * statistics.median(seconds), MS * statistics.quantiles(seconds, n=100, method="inclusive")[98]
    )


def refusals(refused: Counter[str]) -> str:
    """Codes with their numbers, the most frequent first."""
    return ", ".join(f"{code} {number:,}" for code, number in refused.most_common()) or "nothing"

"""What the figures are to reach: half of the predecessor's latency, three times its trades a second, a third of its
processors' time per trade; what was wished since, where that is more.

The predecessor, in Node.js on SNS alone, was measured on the same local cloud on two idle processors, without its
artificial delays. It had one client for the latencies and four for the rest; here eight post at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.figures import Figure
from tests.support.costs import SHOWN


@dataclass(frozen=True, slots=True)
class Target:
    """`theirs` is what the predecessor did, if it was measured; `bound` is to be reached; more is better, or less."""

    theirs: float | None
    bound: float
    more: bool = False

    def reached(self, figure: Figure) -> bool:
        return figure.median >= self.bound if self.more else figure.median <= self.bound


def _half(theirs: float) -> Target:
    return Target(theirs, theirs / 2)


def _third(theirs: float) -> Target:
    return Target(theirs, theirs / 3)


def _three_times(theirs: float) -> Target:
    return Target(theirs, theirs * 3, more=True)


def _budget(*most: float) -> Mapping[str, float]:
    return dict(zip(SHOWN, most, strict=True))


TARGETS: Mapping[str, Target] = {
    "post_p50_ms": _half(90),
    "settled_p50_ms": _half(137),
    "settled_p99_ms": Target(268, 90),
    "post_busy_p50_ms.single": _half(350),
    "trades_booked_per_second.single": _three_times(72),
    "trades_booked_per_second.array50": _three_times(250),
    "trades_per_second.single": _three_times(45),
    "trades_per_second.array50": _three_times(98),
    "cpu_ms_per_trade.single": _third(26),
    "cpu_ms_per_trade.array50": _third(14),
    "stream_p50_ms": Target(None, 50),
    "burst.post_last_over_first": Target(None, 1.5),
    "usd_per_million_orders.single": Target(74, 20),
    "usd_per_million_orders.array50": Target(27, 4.50),
}

MOST_OF_QUOTES: Mapping[tuple[int, bool], Mapping[str, float]] = {
    (1, False): _budget(2, 6, 4, 1, 2, 6, 0, 270),
    (10, False): _budget(0.2, 0.6, 0.4, 0.1, 0.2, 1.5, 0, 27),
    (1, True): _budget(3, 9, 5, 2, 3, 9, 0, 390),
}
"""What a quote may ask of AWS at the most, by how many wait together, and by whether an order rests in the dark pools.
Conflated, ten write as much as one. To have the dark engine follow takes a message and a journal entry.
"""

MOST_OF_UPDATES: Mapping[int, Mapping[str, float]] = {
    0: _budget(2, 2, 0, 2, 0, 6, 0, 290),
    1: _budget(2, 5, 0, 4, 0, 6, 0, 290),
}
"""What telling an order to whoever listens may ask of AWS at the most, by how many listen."""

MOST_OF_ARCHIVED: Mapping[int, Mapping[str, float]] = {
    1: _budget(1, 1, 0, 0, 0, 0, 1, 240),
    500: _budget(0.002, 0.002, 0, 0, 0, 0, 0.002, 0.48),
}
"""What archiving a booking may ask of AWS at the most, by how many come in one batch."""

MOST: Mapping[str, Mapping[str, float]] = {
    "single": _budget(5, 10, 15, 3, 5, 6, 0, 640),
    "array50": _budget(0.1, 0.22, 4.7, 1.04, 0.18, 0.14, 0, 170),
    "mixed.single": _budget(5.4, 11.6, 17, 3.4, 6.2, 7.4, 0, 710),
    "mixed.array50": _budget(0.14, 1.3, 6, 1.28, 1.1, 0.6, 0, 220),
}
"""What an order may ask of AWS at the most, by case: what is counted, with a little room for bytes and for what depends
on how well they are compressed. Whoever needs more says so here, and why.

The index of open orders takes nothing: these customers have few. Alone, 4 write units are for the order and what it
reserves, one for the journal, 8 for the booking and what it changes, one each for the ticker's day and its tape. The 3
read units are for the customer, the position and the order before they are booked.
"""

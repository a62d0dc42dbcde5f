"""What the figures are to reach: half of the predecessor's latency and cost, three times its trades a second, a third
of its processors' time per trade.

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
    "settled_p99_ms": _half(268),
    "post_busy_p50_ms.single": _half(350),
    "trades_booked_per_second.single": _three_times(72),
    "trades_booked_per_second.array50": _three_times(250),
    "trades_per_second.single": _three_times(45),
    "trades_per_second.array50": _three_times(98),
    "cpu_ms_per_trade.single": _third(26),
    "cpu_ms_per_trade.array50": _third(14),
    "stream_p50_ms": Target(None, 50),
    "burst.post_last_over_first": Target(None, 1.5),
    "usd_per_million_orders.single": _half(74),
    "usd_per_million_orders.array50": _half(27),
}

MOST_OF_QUOTES: Mapping[tuple[int, bool], Mapping[str, float]] = {
    (1, False): _budget(2, 6, 4, 1, 2, 6, 0, 1_000),
    (10, False): _budget(0.2, 0.6, 0.4, 0.1, 0.2, 1.5, 0, 100),
    (1, True): _budget(3, 10, 6, 2, 3, 9, 0, 1_500),
}
"""What a quote may ask of AWS at the most, by how many wait together, and by whether an order rests in the dark pools.
Conflated, ten write as much as one. To have the dark engine follow takes a message and a journal entry.
"""

MOST_OF_UPDATES: Mapping[int, Mapping[str, float]] = {
    0: _budget(2, 2, 0, 2, 0, 6, 0, 900),
    1: _budget(2, 5, 0, 4, 0, 6, 0, 900),
}
"""What telling an order to whoever listens may ask of AWS at the most, by how many listen."""

MOST_OF_ARCHIVED: Mapping[int, Mapping[str, float]] = {
    1: _budget(1, 1, 0, 0, 0, 0, 1, 500),
    500: _budget(0.002, 0.002, 0, 0, 0, 0, 0.002, 1),
}
"""What archiving a booking may ask of AWS at the most, by how many come in one batch."""

MOST: Mapping[str, Mapping[str, float]] = {
    "single": _budget(5, 10, 15, 3, 5, 6, 0, 1_400),
    "array50": _budget(0.1, 0.24, 4.7, 1.1, 0.18, 0.15, 0, 190),
    "mixed.single": _budget(6, 13, 19, 4.7, 6.5, 8, 0, 1_600),
    "mixed.array50": _budget(0.2, 1.6, 8.1, 1.6, 1.2, 0.8, 0, 300),
}
"""What an order may ask of AWS at the most, by case: whoever needs more says so here, and why. The index of
open orders takes none: these customers have few. In arrays a tenth of one is for the quote of its
arrival, which takes 31 bytes in its journal entry and in its booking. A commit is published to the Market topic and put
on the tape: a message, two calls, a write unit, and some 200 bytes of the journal entry. Bars take two write units.
Two read units and a message are for telling what a booking changed: the customer and the order are read before it. A
read unit is for the ticker's day, before it is written.
"""

"""Quotes are sent when they are due: those of a recording, and those of a market that moves."""

from collections.abc import Sequence
from itertools import count, repeat

from traffic import feed
from traffic.tick_quotes import TickQuote, TimedQuote

SECOND = 1_000_000_000


class Clock:
    """A clock that moves when somebody sleeps, or when something is sent that takes a while."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.seconds += seconds


def quotes(*nanoseconds: int) -> list[TimedQuote]:
    return [TimedQuote(at, TickQuote("F", 2000 + number, 2001 + number, 1, 1)) for number, at in enumerate(nanoseconds)]


def replayed(recorded: Sequence[TimedQuote], speed: int, sending: float = 0.0) -> list[tuple[float, list[int]]]:
    """When which quotes were sent, by their number."""
    clock = Clock()
    sent: list[tuple[float, list[int]]] = []
    told: list[int] = []

    def send(batch: Sequence[TickQuote]) -> None:
        sent.append((clock.seconds - 100, [each.bid - 2000 for each in batch]))
        clock.seconds += sending

    feed.replay(recorded, speed, send, told.append, now=clock.now, sleep=clock.sleep)
    assert told == [numbers[-1] + 1 for _, numbers in sent]
    return [(round(at, 3), numbers) for at, numbers in sent]


def test_each_quote_goes_at_its_time() -> None:
    start = 34_200 * SECOND
    assert replayed(quotes(start, start + SECOND, start + SECOND, start + 3 * SECOND), 1) == [
        (0.0, [0]),
        (1.0, [1, 2]),
        (3.0, [3]),
    ]


def test_a_speed_of_ten_takes_a_tenth_of_the_time() -> None:
    assert replayed(quotes(0, SECOND, 5 * SECOND), 10) == [(0.0, [0]), (0.1, [1]), (0.5, [2])]


def test_a_batch_has_ten_quotes_at_the_most_and_keeps_their_order() -> None:
    sent = replayed(quotes(*[0] * 25), 1)
    assert [numbers for _, numbers in sent] == [list(range(10)), list(range(10, 20)), list(range(20, 25))]


def test_nothing_is_left_out_where_sending_takes_longer_than_there_is_time() -> None:
    sent = replayed(quotes(*(number * SECOND for number in range(12))), 1, sending=4.0)
    assert [number for _, numbers in sent for number in numbers] == list(range(12))
    assert sent == [(0.0, [0]), (4.0, [1, 2, 3, 4]), (8.0, [5, 6, 7, 8]), (12.0, [9, 10, 11])]


def moved(
    steps: list[int], every: float, at_once: int, sending: float = 0.0, until: float = 1e9
) -> list[tuple[float, int]]:
    """When how many quotes were sent, of a market whose steps have so many."""
    clock = Clock()
    sent: list[tuple[float, int]] = []

    def send(batch: Sequence[TickQuote]) -> None:
        sent.append((round(clock.seconds - 100, 3), len(batch)))
        clock.seconds += sending

    def wait(seconds: float) -> bool:
        clock.seconds += seconds
        return clock.seconds - 100 >= until

    numbers = count(2000)
    quotes = [[TickQuote("F", bid := next(numbers), bid + 1, 1, 1) for _ in range(length)] for length in steps]
    feed.move(quotes, every, at_once, send, wait, now=clock.now)
    return sent


def test_a_market_moves_every_so_many_seconds_in_batches() -> None:
    assert moved([15, 10, 3], 1.0, 10) == [(0.0, 10), (0.5, 5), (1.0, 10), (2.0, 3)]


def test_tickers_take_turns_where_one_is_sent_at_once() -> None:
    assert moved([3, 2], 15.0, 1) == [(0.0, 1), (5.0, 1), (10.0, 1), (15.0, 1), (22.5, 1)]


def test_a_step_without_a_change_takes_its_time() -> None:
    assert moved([1, 0, 0, 1], 2.0, 10) == [(0.0, 1), (6.0, 1)]


def test_a_market_that_is_late_does_not_catch_up() -> None:
    assert moved([1, 1, 1], 1.0, 10, sending=5.0) == [(0.0, 1), (5.0, 1), (10.0, 1)]


def test_a_market_moves_until_it_is_told_that_it_is_over() -> None:
    assert moved(list(repeat(1, 1_000)), 1.0, 10, until=2.5) == [(0.0, 1), (1.0, 1), (2.0, 1)]

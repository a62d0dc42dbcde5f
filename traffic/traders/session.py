"""A session of traders: all of them at work for a while, shown live; then everything that is open is canceled."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from ops.console import Failure, stage
from ops.wait import until
from trading_client import Client
from traffic.traders import accounts
from traffic.traders.display import Display
from traffic.traders.habits import HABITS
from traffic.traders.tally import Interval, Tally
from traffic.traders.trader import Board, Trader

TICKERS_EACH = 4
LOOK_SECONDS = 0.5
SAMPLES, SHORTEST_SAMPLE_SECONDS = 30, 10.0
DRAIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many traders, how many orders and changes they make a second together, for how many seconds, and the seed of
    all that they draw. They end before if they have made `orders` orders and changes.
    """

    count: int
    rate: int
    seconds: float
    seed: int
    orders: int | None = None

    def is_over(self, seconds: float, made: int) -> bool:
        """After so many seconds, and orders and changes."""
        return seconds >= self.seconds or (self.orders is not None and made >= self.orders)


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of a part of the session, and the memory of the system then, MB, where that is known."""

    seconds: float
    interval: Interval
    megabytes: int | None


@dataclass(slots=True)
class Outcome:
    """What came of the session."""

    seconds: float = 0.0
    total: Interval = field(default_factory=Interval)
    samples: list[Sample] = field(default_factory=list)
    interrupted: bool = False


class Session:
    """The traders of a plan. `memory` gives the system's memory, MB, or None."""

    def __init__(self, api: Client, plan: Plan, dark: frozenset[str], memory: Callable[[], int | None]) -> None:
        self._api, self._plan, self._dark, self._memory = api, plan, dark, memory
        self._tally = Tally()
        self._board = Board(api, self._tally)
        self.traders = list(_traders(plan, sorted(self._quotes()), dark))

    def prepare(self) -> None:
        """Opens the traders' accounts."""
        bids = {ticker: bid for ticker, (bid, _) in self._quotes().items()}
        with stage(f"opening {len(self.traders)} accounts", f"{len(self.traders)} traders have accounts"):
            for trader in self.traders:
                accounts.open_account(self._api, trader.customer, sorted(trader.tickers), bids)
        self._tally.taken()

    def trade(self) -> Outcome:
        """Lets all of them trade for as long as the plan says, or until Ctrl-C."""
        outcome, stop = Outcome(), Event()
        start = time.monotonic()
        with ThreadPoolExecutor(len(self.traders)) as pool, Display(self._plan.seconds) as display, _ended(stop):
            works = [pool.submit(self._work, trader, stop) for trader in self.traders]
            try:
                self._watch(works, start, outcome, display)
            except KeyboardInterrupt:
                outcome.interrupted = True
        outcome.seconds = time.monotonic() - start
        outcome.total.add(self._tally.taken())  # what was under way at the end
        return outcome

    def drain(self) -> None:
        """Cancels all that is open, and waits until nothing is. Raises Failure if that takes too long."""
        with stage("canceling what is open", "all orders have ended"):
            for trader in self.traders:
                self._api.orders.cancel_all(trader.customer)
            if not until(lambda: not self.open_orders(), DRAIN_SECONDS):
                raise Failure(f"{self.open_orders()} orders are still open after {DRAIN_SECONDS:.0f} s: `make status`.")

    def open_orders(self) -> int:
        return sum(int(self._api.accounts.get(each.customer)["openOrders"]) for each in self.traders)

    @property
    def accepted(self) -> int:
        return sum(trader.accepted for trader in self.traders)

    def _quotes(self) -> dict[str, tuple[int, int]]:
        found = dict(self._board.quotes())
        if not found:
            raise Failure("No ticker has a reference quote, so there is nothing to trade.")
        return found

    def _work(self, trader: Trader, stop: Event) -> None:
        trader.work(self._api, self._board, self._dark, self._plan.count / self._plan.rate, self._tally, stop)

    def _watch(self, works: Sequence["Future[None]"], start: float, outcome: Outcome, display: Display) -> None:
        length = max(SHORTEST_SAMPLE_SECONDS, self._plan.seconds / SAMPLES)
        current, since = Interval(), start
        while not self._plan.is_over((now := time.monotonic()) - start, outcome.total.made):
            time.sleep(min(LOOK_SECONDS, self._plan.seconds))
            for work in works:
                if work.done():
                    work.result()  # it ends by itself only if it fails
            taken = self._tally.taken()
            current.add(taken)
            outcome.total.add(taken)
            now = time.monotonic()
            display.show(now - start, outcome.total)
            if now - since >= length:
                sample = Sample(now - since, current, self._memory())
                outcome.samples.append(sample)
                display.line(now - start, sample.seconds, current, sample.megabytes)
                current, since = Interval(), now


@contextmanager
def _ended(stop: Event) -> Iterator[None]:
    """Whatever happens inside, the traders stop."""
    try:
        yield
    finally:
        stop.set()


def _traders(plan: Plan, tickers: Sequence[str], dark: frozenset[str]) -> Iterator[Trader]:
    """The habits in turn; each trader has tickers, draws and ids of its own. The ids are of this session alone, because
    an order that is entered again under its id is the same order.
    """
    habits = list(HABITS.items())
    run = f"t{time.time_ns() // 1_000_000_000:x}"
    for number in range(plan.count):
        name, habit = habits[number % len(habits)]
        draws = random.Random(f"{plan.seed}-{number}")  # noqa: S311 # play
        known = [each for each in tickers if each in dark] if name == "block trader" else tickers
        mine = frozenset(draws.sample(known or tickers, min(TICKERS_EACH, len(known or tickers))))
        yield Trader(accounts.customer_id(number), habit, mine, draws, run)

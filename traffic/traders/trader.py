"""A trader at work: it looks, wants something by its habit, and asks the API for it."""

import random
import time
from collections.abc import Callable, Mapping
from itertools import count, islice
from threading import Event, Lock
from typing import Any, TypeVar

from trading.domain import money
from trading_client import Client, NoAnswer, Problem, TradingError
from trading_client.schemas import Order
from traffic.traders.habits import Action, Cancel, Enter, Habit, OpenOrder, Replace, Sight
from traffic.traders.tally import CANCEL, ENTER, LIST, QUOTES, REPLACE, Tally

T = TypeVar("T")
MAX_SEEN = 20
"""Open orders that a trader looks at; it keeps fewer."""
QUOTES_SECONDS = 1.0
"""How old the quotes are that traders look at, at the most."""


class Board:
    """The reference quotes, in ticks, which all traders look at. One of them asks for them when they are old."""

    def __init__(self, api: Client, tally: Tally) -> None:
        self._api, self._tally = api, tally
        self._lock = Lock()
        self._quotes: dict[str, tuple[int, int]] = {}
        self._read = -QUOTES_SECONDS

    def quotes(self) -> Mapping[str, tuple[int, int]]:
        """Bid and ask by ticker; the last ones if there is no answer."""
        with self._lock:
            if time.monotonic() - self._read >= QUOTES_SECONDS:
                listed = timed(self._tally, QUOTES, lambda: list(self._api.market.tickers()))
                if listed is not None:
                    self._quotes = {
                        each["ticker"]: (_ticks(each["bid"]), _ticks(each["ask"]))
                        for each in listed
                        if "bid" in each and "ask" in each
                    }
                self._read = time.monotonic()
            return self._quotes


class Trader:
    """One trader: a customer, its habit, and draws of its own."""

    def __init__(self, customer: str, habit: Habit, tickers: frozenset[str], draws: random.Random, run: str) -> None:
        self.customer, self.tickers = customer, tickers
        self._habit, self._draws = habit, draws
        self._ids = (f"{run}-{customer}-{number}" for number in count(1))
        self.accepted = 0

    def work(self, api: Client, board: Board, dark: frozenset[str], pause: float, tally: Tally, stop: Event) -> None:
        """Acts until it is told to stop, once in so many seconds on average, at random moments."""
        due = time.monotonic()
        while True:
            # One that is late does not make up for all that it has missed.
            due = max(due + self._draws.expovariate(1 / pause), time.monotonic() - pause)
            if stop.wait(max(0.0, due - time.monotonic())):
                return
            self._act(api, Sight(self._quoted(board), dark, self._open_orders(api, tally)), tally)

    def _quoted(self, board: Board) -> dict[str, tuple[int, int]]:
        return {ticker: quote for ticker, quote in board.quotes().items() if ticker in self.tickers}

    def _open_orders(self, api: Client, tally: Tally) -> list[OpenOrder]:
        """The oldest first."""
        newest = timed(
            tally,
            LIST,
            lambda: list(islice(api.orders.list(self.customer, state="open", page_size=MAX_SEEN), MAX_SEEN)),
        )
        return [_seen(order) for order in reversed(newest or [])]

    def _act(self, api: Client, sight: Sight, tally: Tally) -> None:
        action: Action = self._habit(self._draws, sight)
        match action:
            case Enter(terms):
                order: Any = {**terms, "customerId": self.customer, "clientOrderId": next(self._ids)}
                self.accepted += timed(tally, ENTER, lambda: api.orders.enter(order)) is not None
            case Replace(order_id, quantity, price):
                own = next(self._ids)
                timed(
                    tally,
                    REPLACE,
                    lambda: api.orders.replace(
                        self.customer, order_id, quantity=quantity, price=price, client_order_id=own
                    ),
                )
            case Cancel(order_id):
                timed(tally, CANCEL, lambda: api.orders.cancel(self.customer, order_id))


def timed(tally: Tally, kind: str, call: Callable[[], T]) -> T | None:
    """What a call gives, None if it was refused or had no answer: noted with its time either way."""
    start = time.perf_counter()
    code = None
    try:
        return call()
    except Problem as problem:
        code = problem.code
    except NoAnswer:
        code = "no-answer"
    except TradingError as error:
        code = type(error).__name__
    finally:
        tally.answered(kind, time.perf_counter() - start, code)
    return None


def _seen(order: Order) -> OpenOrder:
    price = order.get("price")
    return OpenOrder(
        order["orderId"],
        order["ticker"],
        order["direction"] == "Buy",
        order["quantity"],
        order["cumulativeQuantity"],
        None if price is None else _ticks(price),
    )


def _ticks(price: str) -> int:
    """A price in whole ticks, rounded down where it is on half a tick."""
    return money.half_ticks(money.price(price)) // 2

"""What the system's own decisions take of an order, without AWS: from the text of a request to the text of the engine's
reports. The functions that the stages call, on one core, in the processor's time.
"""

import gc
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from statistics import median
from types import ModuleType
from typing import Any
from unittest import mock

from benchmarks.figures import Figure, Section, figure
from benchmarks.progress import shown
from tests.support import events, samples
from tests.support.clock import START
from tests.support.matching import never
from tests.support.orders import SEED, entered
from tests.support.stages import FUNCTIONS
from trading.aws.api.requests import body_of
from trading.domain.ids import derived, order_id
from trading.domain.matching import models
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.models import POOLS
from trading.domain.matching.pool import Conditions
from trading.domain.messages.command_messages import commands_from, orders_messages
from trading.domain.messages.events import reports_message
from trading.domain.orders import PoolType
from trading.domain.quotes import DisplayedQuote, MarketQuote
from trading.domain.routing import command_of, route_of
from trading.domain.times import iso

RUNS, WARM_UP, SAMPLES = 9, 100, 1_000
"""Orders that are not measured first, and orders of a run."""
CASES = {
    "single": ("the seed's order alone", SEED, 1),
    "array50": ("the seed's order in an array of 50", SEED, 50),
    "dark": ("an order for the dark pools alone", entered(ticker="AMD", price="114.25", quantity=5_500), 1),
}
STEPS = {
    "validate": "reading the request, holding it against the schema and the rules",
    "route": "choosing the pool",
    "publish": "writing the message for the engine, and reading it there",
    "match": "the order book",
    "split": "dividing what happened into executions, by order and customer, with fees",
    "encode": "writing the reports",
}
Steps = dict[str, float]


class Path:
    """One engine with its book, and the steps that lead to it."""

    def __init__(self, order: dict[str, Any], number: int) -> None:
        self._event = events.post_orders([order] * number if number > 1 else order)
        quote = samples.quote(order["ticker"])
        displayed = DisplayedQuote(iso(START), quote.bid, quote.ask, 1_000, 1_000)
        self._quotes = {order["ticker"]: MarketQuote(quote, displayed)}
        self._conditions = Conditions(samples.MARKET, quote)
        self._number = number
        self._bodies, self._factory = _modules("request_bodies", "order_factory")
        self._pools = {pool: POOLS[samples.MARKET.matching_models[pool], pool]() for pool in PoolType}
        self._ids = (order_id(int(START.timestamp() * 1000), each) for each in count(1))
        self._clock = time.process_time

    def seconds(self) -> Steps:
        """What each step took for one request."""
        ids = [next(self._ids) for _ in range(self._number)]
        marks = [self._clock()]
        orders = self._validate(ids)
        marks.append(self._clock())
        routed = [(route_of(each, samples.MARKET).pool, command_of(each)) for each in orders]
        pool = routed[0][0]
        marks.append(self._clock())
        messages = orders_messages("smart_order_router", pool, [command for _, command in routed])
        commands = [command for message in messages for command in commands_from(message.body, pool)]
        marks.append(self._clock())
        happened = [self._pools[pool].execute(each, self._conditions, never) for each in commands]
        marks.append(self._clock())
        reporter = Reporter(fees_of(pool, samples.MARKET))
        for command, each in zip(commands, happened, strict=True):
            reporter.add(command, each)
        entry = derived(commands[0].command_id, "entry")
        bookings = list(models.bookings(entry, 1, pool, reporter.reports(), iso(START)))
        marks.append(self._clock())
        reports = [reports_message(each) for each in bookings]
        passed_on = list(orders_messages(entry, PoolType.LIT, reporter.to_lit))
        marks.append(self._clock())
        assert reports or passed_on
        return dict(zip(STEPS, (after - before for before, after in pairwise(marks)), strict=True))

    def _validate(self, ids: Sequence[str]) -> list[Any]:
        values = self._bodies.values_of(body_of(self._event))
        read = [self._bodies.entered(value, f"/{number}") for number, value in enumerate(values)]
        checked: Callable[..., Any] = self._factory.checked
        return [
            checked(each, its_id, START, self._quotes, samples.MARKET) for each, its_id in zip(read, ids, strict=True)
        ]


def measure(runs: int = RUNS) -> Section:
    taken: dict[str, list[Steps]] = {name: [] for name in CASES}
    paths = {name: Path(order, number) for name, (_, order, number) in CASES.items()}
    for name, path in paths.items():
        _microseconds(path, CASES[name][2], WARM_UP)
    for _ in shown(range(runs), "the path of an order"):
        for name, path in paths.items():
            taken[name].append(_microseconds(path, CASES[name][2], SAMPLES))
    return Section("An order's way through the code", tuple(_figures(taken)), _table(taken))


def _microseconds(path: Path, number: int, orders: int) -> Steps:
    """Of each step, for one of the orders, over so many of them."""
    gc.collect()
    requests = max(orders // number, 1)
    found = [path.seconds() for _ in range(requests)]
    return {step: 1e6 * sum(each[step] for each in found) / (requests * number) for step in STEPS}


def _modules(*names: str) -> Iterator[ModuleType]:
    """Modules of the stage that takes orders in, which are only there for it."""
    folder = FUNCTIONS / "order_entry"
    with mock.patch.object(sys, "path", [str(folder), *sys.path]):
        for name in names:
            yield importlib.import_module(name)
    for name in names:
        sys.modules.pop(name, None)


def _figures(taken: dict[str, list[Steps]]) -> Iterator[Figure]:
    for name, found in taken.items():
        whole = [sum(run.values()) for run in found]
        yield figure(f"path_us.{name}", f"{CASES[name][0]}, all the code without AWS", "µs an order", whole)
    for step, what in STEPS.items():
        each = [run[step] for run in taken["single"]]
        yield figure(f"path_us.step.{step}", f"{CASES['single'][0]}: {what}", "µs", each)


def _table(taken: dict[str, list[Steps]]) -> str:
    lines = [f"| µs of an order, the median | {' | '.join(what for what, _, _ in CASES.values())} |"]
    lines.append("|---" * (len(CASES) + 1) + "|")
    for step, what in STEPS.items():
        cells = [f"{median(run[step] for run in found):.0f}" for found in taken.values()]
        lines.append(f"| {step}: {what} | {' | '.join(cells)} |")
    whole = [f"**{median(sum(run.values()) for run in found):.0f}**" for found in taken.values()]
    return "\n".join([*lines, f"| all | {' | '.join(whole)} |"])

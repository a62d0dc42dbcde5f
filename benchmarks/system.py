"""The system on AWS as the simulation knows it: what each stage does in its order, with which limits, and how long it
takes. An order is a customer, a ticker and the time at which it was posted.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

import simpy

from benchmarks.flow import Groups, Items, Rates, Steps, Stream
from benchmarks.service_times import LATENCY, ServiceTimes
from tests.support.cloud import TEMPLATE
from tests.support.costs import PRICES
from trading.aws.clients import MAX_THREADS
from trading.domain.executions import MAX_BOOKED_EXECUTIONS

ASSUMED = PRICES["assumed"]
SPREAD, SHARDS = ASSUMED["spread_of_latency"], ASSUMED["shards_of_the_stream"]
DELIVERY = "from a topic through its queue to the function"
SLICES = 9
"""Trades of the seed's order."""
PUBLISHED_AT_ONCE = 10
MESSAGES_OF_A_BOOKING = 2
"""Its trades, and the orders that it changed."""
BOOKINGS_PER_TRANSACTION = 90

KEY_UNITS, TABLE_UNITS = 1_000.0, 40_000.0
"""Write units a second of a partition, and of a table by an account's default quota (documentation of DynamoDB)."""
GROUP_MESSAGES = 300.0
"""Messages a second in a group of a FIFO topic, published in calls of one (documentation of SNS and SQS)."""
CONCURRENCY = 1_000
"""Functions at once, by the default quota of an account (documentation of Lambda)."""
POLLS = 4.0
"""Times a second that Lambda looks at a shard (documentation of Lambda)."""


def _mapping(stage: str) -> dict[str, Any]:
    properties: dict[str, Any] = TEMPLATE["Resources"][f"{stage}Mapping"]["Properties"]
    return properties


ROUTER, ENGINE = _mapping("SmartOrderRouter"), _mapping("LitPoolMatchingEngine")
PROCESSOR, AGGREGATOR = _mapping("PostTradeProcessor"), _mapping("TradesDataAggregator")
API_REQUESTS: float = TEMPLATE["Resources"]["TradingApi"]["Properties"]["MethodSettings"][0]["ThrottlingRateLimit"]


class Order(NamedTuple):
    customer: str
    ticker: str
    posted: float


Done = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Busy:
    """A part of the system, and how much of the time the one of its kind that had most to do was at work."""

    part: str
    share: float


class System:
    """`booked` and `counted` have of every order when it came so far, and how long that was after it was posted."""

    def __init__(self, env: simpy.Environment, times: ServiceTimes, seed: int) -> None:
        self.env = env
        self._times = times
        self._random = random.Random(seed)
        self._functions = simpy.Resource(env, CONCURRENCY)
        self._api, self._tables, self._keys = Rates(env, API_REQUESTS), Rates(env, TABLE_UNITS), Rates(env, KEY_UNITS)
        self._published = Rates(env, GROUP_MESSAGES)
        self._items = Items(env)
        self.router = Groups(env, ROUTER["BatchSize"], self._route)
        self.engine = Groups(env, ENGINE["BatchSize"], self._match)
        self.processor = Groups(env, PROCESSOR["BatchSize"], self._book)
        self.aggregator = Groups(env, AGGREGATOR["BatchSize"], self._aggregate)
        self._accepted = Stream(env, SHARDS, ROUTER["ParallelizationFactor"], POLLS, self.router)
        self._bookings = Stream(env, SHARDS, AGGREGATOR["ParallelizationFactor"], POLLS, self.aggregator)
        self.booked: Done = []
        self.counted: Done = []

    # --------------------------------------------------------------- the stages

    def post(self, orders: Sequence[Order]) -> Steps:
        """A request with orders of one customer."""
        yield self.env.timeout(self._api.take("requests", 1))
        customer = orders[0].customer
        with self._functions.request() as function:
            yield function
            yield self._processor_time("order_entry", len(orders))
            yield from self._transaction("order_entry", len(orders), "TradesStore", customer)
        for order in orders:
            self._accepted.put(customer, order)

    def _route(self, _: Any, orders: list[Order]) -> Steps:
        with self._functions.request() as function:
            yield function
            yield self._processor_time("smart_order_router", len(orders))
            for first in range(0, len(orders), MAX_THREADS):
                waits = [self._written("TradesStore", each.customer, 1) for each in orders[first : first + MAX_THREADS]]
                yield self.env.all_of([self._call("UpdateItem", wait) for wait in waits])
            yield from self._publish([(ticker, its) for ticker, its in _by(orders, "ticker")], self.engine)

    def _match(self, ticker: Any, messages: list[list[Order]]) -> Steps:
        orders = [order for message in messages for order in message]
        with self._functions.request() as function:
            yield function
            yield self._processor_time("lit_pool_matching_engine", len(orders))
            units = self._times.units["lit_pool_matching_engine"].of(len(orders))
            wait = self._written("OrderBooks", ticker, ceil(units))
            yield self._call("PutItem", wait)
            most = MAX_BOOKED_EXECUTIONS // SLICES
            bookings = [(customer, part) for customer, its in _by(orders, "customer") for part in _parts(its, most)]
            yield from self._publish(bookings, self.processor)

    def _book(self, customer: Any, bookings: list[list[Order]]) -> Steps:
        with self._functions.request() as function:
            yield function
            yield self._processor_time("post_trade_processor", sum(map(len, bookings)))
            yield self._call("BatchGetItem")
            for orders in bookings:
                yield from self._transaction("post_trade_processor", len(orders), "TradesStore", customer)
                self.booked += self._done(orders)
                self._bookings.put(customer, orders)
            wait = self._published.take(customer, MESSAGES_OF_A_BOOKING * len(bookings))
            yield self._call("PublishBatch", wait)

    def _aggregate(self, _: Any, bookings: list[list[Order]]) -> Steps:
        with self._functions.request() as function:
            yield function
            yield self._processor_time("trades_data_aggregator", len(bookings))
            for ticker, orders in _by([each[0] for each in bookings], "ticker"):
                for part in _parts(orders, BOOKINGS_PER_TRANSACTION):
                    yield from self._transaction("trades_data_aggregator", len(part), "TradesStore", ticker)
        self.counted += self._done([order for orders in bookings for order in orders])

    def _done(self, orders: Sequence[Order]) -> Done:
        return [(self.env.now, self.env.now - order.posted) for order in orders]

    # ----------------------------------------------------------- what they rest on

    def _processor_time(self, stage: str, orders: int) -> simpy.Event:
        return self.env.timeout(self._times.seconds[stage].of(orders))

    def _seconds(self, call: str) -> float:
        """Of a call of AWS: around what is assumed, seldom far longer (log-normal)."""
        return LATENCY[call] * self._random.lognormvariate(-(SPREAD**2) / 2, SPREAD)

    def _call(self, name: str, wait: float = 0.0) -> simpy.Event:
        return self.env.timeout(wait + self._seconds(name))

    def _written(self, table: str, key: str, units: float) -> float:
        return max(self._tables.take(table, units), self._keys.take((table, key), units))

    def _transaction(self, stage: str, orders: int, table: str, key: str) -> Steps:
        """The customer's item, or the ticker's day, is in every transaction of its own: they come one after another."""
        yield self.env.timeout(self._written(table, key, self._times.units[stage].of(orders)))
        yield from self._items.change(key, self._seconds("TransactWriteItems"))

    def _publish(self, messages: list[tuple[str, list[Order]]], queue: Groups) -> Steps:
        for part in _parts(messages, PUBLISHED_AT_ONCE):
            wait = max(self._published.take(group, 1) for group, _ in part)
            yield self._call("PublishBatch", wait)
            for group, message in part:
                self.env.process(self._deliver(queue, group, message))

    def _deliver(self, queue: Groups, group: str, message: list[Order]) -> Steps:
        yield self.env.timeout(LATENCY[DELIVERY])
        queue.put(group, message)

    # -------------------------------------------------------------- how it stands

    def busiest(self) -> list[Busy]:
        """The parts, the one with most to do first."""
        parts = {
            "requests to the API": self._api.busy,
            "write units of a table": self._tables.busy,
            "write units of a customer or ticker": self._keys.busy,
            "messages of a group": self._published.busy,
            "transactions on one customer or one ticker's day": self._items.busy,
            "`smart_order_router`, a lane of a shard": self.router.busy,
            "`lit_pool_matching_engine`, a ticker": self.engine.busy,
            "`post_trade_processor`, a customer": self.processor.busy,
            "`trades_data_aggregator`, a shard": self.aggregator.busy,
        }
        shares = [Busy(part, max(busy.values(), default=0.0) / self.env.now) for part, busy in parts.items()]
        return sorted(shares, key=lambda each: -each.share)


def _by(orders: Sequence[Order], what: str) -> Iterator[tuple[str, list[Order]]]:
    found: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        found[getattr(order, what)].append(order)
    return iter(found.items())


def _parts(values: Sequence[Any], most: int) -> Iterator[list[Any]]:
    return (list(values[first : first + most]) for first in range(0, len(values), most))

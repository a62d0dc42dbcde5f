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
from trading.domain.messages.market import MAX_PRINTS

ASSUMED = PRICES["assumed"]
SPREAD, SHARDS = ASSUMED["spread_of_latency"], ASSUMED["shards_of_the_stream"]
DELIVERY = "from a topic through its queue to the function"
NEXT_BATCH = "from the end of a FIFO group's batch to its next"
"""Lambda removes the batch from the queue, and only then SQS gives it further messages of the group."""
SLICES = 9
"""Trades of the seed's order."""
PUBLISHED_AT_ONCE = 10
MESSAGES_OF_A_BOOKING = 2
"""Its trades, and the orders that it changed."""
WRITES_PER_TRANSACTION = 97
"""Of bookings and orders; the customer, a position and what is due are the others."""
UNITS_OF_A_BOOKING = 4
"""Write units of a booking's own item, in a transaction."""
PUT_AT_ONCE = 25
"""Items of a batch."""

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


@dataclass(frozen=True, slots=True)
class Setting:
    """What may be otherwise: how many shards the tables' streams have, how many lanes each of them gives the router,
    and how many times as long as assumed the calls of AWS and deliveries take.
    """

    shards: int = SHARDS
    lanes: int = ROUTER["ParallelizationFactor"]
    slower: float = 1.0


AS_DEPLOYED = Setting()


class System:
    """`booked` and `counted` have of every order when it came so far, and how long that was after it was posted."""

    def __init__(self, env: simpy.Environment, times: ServiceTimes, seed: int, setting: Setting = AS_DEPLOYED) -> None:
        self.env = env
        self._times = times
        self._slower = setting.slower
        self._random = random.Random(seed)
        self._functions = simpy.Resource(env, CONCURRENCY)
        self._api, self._tables, self._keys = Rates(env, API_REQUESTS), Rates(env, TABLE_UNITS), Rates(env, KEY_UNITS)
        self._published = Rates(env, GROUP_MESSAGES)
        self._items = Items(env)
        self.router = Groups(env, ROUTER["BatchSize"], self._route)
        pause = self._slower * LATENCY[NEXT_BATCH]
        self.engine = Groups(env, ENGINE["BatchSize"], self._match, pause)
        self.processor = Groups(env, PROCESSOR["BatchSize"], self._book, pause)
        self.aggregator = Groups(env, AGGREGATOR["BatchSize"], self._aggregate)
        self._accepted = Stream(env, setting.shards, setting.lanes, POLLS, self.router)
        self._entries = Stream(env, setting.shards, AGGREGATOR["ParallelizationFactor"], POLLS, self.aggregator)
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
            yield from self._publish([(ticker, its) for ticker, its in _by(orders, "ticker")], self.engine)

    def _match(self, ticker: Any, messages: list[list[Order]]) -> Steps:
        orders = [order for message in messages for order in message]
        with self._functions.request() as function:
            yield function
            customers = len({order.customer for order in orders})
            yield self._processor_time("lit_pool_matching_engine", len(orders), self._times.customer * (customers - 1))
            units = self._times.units["lit_pool_matching_engine"].of(len(orders))
            wait = self._written("OrderBooks", ticker, ceil(units))
            yield self._call("PutItem", wait)
            most = MAX_BOOKED_EXECUTIONS // SLICES
            bookings = [(customer, part) for customer, its in _by(orders, "customer") for part in _parts(its, most)]
            market = self._published.take(f"market {ticker}", ceil(len(orders) * SLICES / MAX_PRINTS))
            yield from self._publish(bookings, self.processor, self._call("PublishBatch", market))
        self._entries.put(ticker, orders)

    def _book(self, customer: Any, bookings: list[list[Order]]) -> Steps:
        with self._functions.request() as function:
            yield function
            yield self._processor_time("post_trade_processor", sum(map(len, bookings)))
            yield self._call("BatchGetItem")
            for part in _fitting(bookings):
                orders = [order for booking in part for order in booking]
                more = UNITS_OF_A_BOOKING * (len(part) - 1)
                yield from self._transaction("post_trade_processor", len(orders), "TradesStore", customer, more)
                self.booked += self._done(orders)
            for messages in _parts(range(MESSAGES_OF_A_BOOKING * len(bookings)), PUBLISHED_AT_ONCE):
                yield self._call("PublishBatch", self._published.take(customer, len(messages)))

    def _aggregate(self, _: Any, entries: list[list[Order]]) -> Steps:
        orders = [order for entry in entries for order in entry]
        with self._functions.request() as function:
            yield function
            yield self._processor_time("trades_data_aggregator", len(orders))
            its_days = [self.env.process(self._count(*each)) for each in _by(orders, "ticker")]
            yield self.env.all_of(its_days)
        self.counted += self._done(orders)

    def _count(self, ticker: str, orders: list[Order]) -> Steps:
        """The day of a ticker, then its tape."""
        units = ceil(self._times.units["trades_data_aggregator"].of(len(orders)))
        yield self._call("PutItem", self._written("TradesStore", ticker, units))
        for _ in _parts(range(ceil(len(orders) * SLICES / MAX_PRINTS)), PUT_AT_ONCE):
            yield self._call("BatchWriteItem")

    def _done(self, orders: Sequence[Order]) -> Done:
        return [(self.env.now, self.env.now - order.posted) for order in orders]

    # ----------------------------------------------------------- what they rest on

    def _processor_time(self, stage: str, orders: int, more: float = 0.0) -> simpy.Event:
        return self.env.timeout(self._times.seconds[stage].of(orders) + more)

    def _seconds(self, call: str) -> float:
        """Of a call of AWS: around what is assumed, seldom far longer (log-normal)."""
        return self._slower * LATENCY[call] * self._random.lognormvariate(-(SPREAD**2) / 2, SPREAD)

    def _call(self, name: str, wait: float = 0.0) -> simpy.Event:
        return self.env.timeout(wait + self._seconds(name))

    def _written(self, table: str, key: str, units: float) -> float:
        return max(self._tables.take(table, units), self._keys.take((table, key), units))

    def _transaction(self, stage: str, orders: int, table: str, key: str, more: float = 0.0) -> Steps:
        """The customer's item is in each of its transactions, so they come one after another. `more` are write units
        beside those of the orders.
        """
        yield self.env.timeout(self._written(table, key, self._times.units[stage].of(orders) + more))
        yield from self._items.change(key, self._seconds("TransactWriteItems"))

    def _publish(self, messages: list[tuple[str, list[Order]]], queue: Groups, *others: simpy.Event) -> Steps:
        """In calls that do not wait for one another; what is published elsewhere at the same time are `others`."""
        parts = list(_parts(messages, PUBLISHED_AT_ONCE))
        for first in range(0, len(parts), MAX_THREADS):
            calls = [self._published_part(part, queue) for part in parts[first : first + MAX_THREADS]]
            yield self.env.all_of([*map(self.env.process, calls), *others])

    def _published_part(self, messages: list[tuple[str, list[Order]]], queue: Groups) -> Steps:
        yield self._call("PublishBatch", max(self._published.take(group, 1) for group, _ in messages))
        delivered = self.env.timeout(self._slower * LATENCY[DELIVERY])
        delivered.callbacks += [lambda _, each=each: queue.put(*each) for each in messages]  # type: ignore[misc]

    # -------------------------------------------------------------- how it stands

    def busiest(self) -> list[Busy]:
        """The parts, the one with most to do first."""
        parts = {
            "requests to the API": self._api.busy,
            "write units of a table": self._tables.busy,
            "write units of a customer or ticker": self._keys.busy,
            "messages of a group": self._published.busy,
            "transactions on one customer": self._items.busy,
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


def _fitting(bookings: Sequence[list[Order]]) -> Iterator[list[list[Order]]]:
    """Bookings in parts that each fit one transaction."""
    part: list[list[Order]] = []
    for booking in bookings:
        if part and sum(map(len, part)) + len(part) + len(booking) + 1 > WRITES_PER_TRANSACTION:
            yield part
            part = []
        part.append(booking)
    if part:
        yield part

"""Submits the orders of a request: reads, checks and accepts them by customer, each with its own answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from acceptance import Acceptance
from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from client_order_ids import OrderOutcome, first_answers, request_hash, reused
from order_factory import checked
from request_bodies import Entered, entered

from trading.aws import clock
from trading.aws.parameters import Parameters
from trading.aws.store.quotes import Quotes
from trading.domain.credentials import Caller
from trading.domain.errors import Refusal, Unavailable
from trading.domain.market import Market
from trading.domain.orders import Order
from trading.domain.quotes import MarketQuote

CUSTOMERS_AT_ONCE = 8
UNKNOWN = "It is not known whether the order was accepted: "

logger = Logger(child=True)


class Desk:
    """Enters orders into one TradesStore."""

    def __init__(self, table: str, parameters: Parameters, quotes: Quotes[MarketQuote], acceptance: Acceptance) -> None:
        self._table = table
        self._parameters = parameters
        self._quotes = quotes
        self._acceptance = acceptance

    def enter(
        self, values: Sequence[Any], pointers: Sequence[str], caller: Caller, deadline: float
    ) -> list[OrderOutcome]:
        """One outcome per value, in the same order. `pointers` say where in the request each value is."""
        outcomes: dict[int, OrderOutcome] = {}
        readable: dict[int, Entered] = {}
        for number, (value, pointer) in enumerate(zip(values, pointers, strict=True)):
            try:
                readable[number] = entered(value, pointer)
                caller.require(readable[number].customer_id)
            except Refusal as refusal:
                readable.pop(number, None)
                outcomes[number] = OrderOutcome(None, refusal)
        quotes = self._quotes.of(each.ticker for each in readable.values())
        market = self._parameters.market()
        orders = self._checked(readable, quotes, market, outcomes)
        distinct, repeated = _distinct_and_repeated(orders)
        by_customer: dict[str, list[Order]] = defaultdict(list)
        for number in distinct:
            by_customer[orders[number].customer_id].append(orders[number])
        answers = self._accepted(list(by_customer.values()), quotes, market, deadline)
        outcomes |= {number: answers[orders[number].order_id] for number in distinct}
        outcomes |= {number: _repeated(orders[number], orders[first], outcomes[first]) for number, first in repeated}
        return [outcomes[number] for number in range(len(values))]

    def _checked(
        self,
        readable: dict[int, Entered],
        quotes: Mapping[str, MarketQuote],
        market: Market,
        outcomes: dict[int, OrderOutcome],
    ) -> dict[int, Order]:
        """The orders that passed their checks; the others get their outcome. An order that fails now may have passed
        when it was first entered: limits and quotes change, the answer under a client order id does not.
        """
        now = clock.now()
        ids = sorted(clock.new_order_id(now) for _ in readable)
        orders: dict[int, Order] = {}
        failed: dict[int, Refusal] = {}
        for (number, each), order_id in zip(readable.items(), ids, strict=True):
            try:
                orders[number] = checked(each, order_id, now, quotes, market)
            except Refusal as refusal:
                failed[number] = refusal
        before = first_answers(self._table, [readable[number] for number in failed])
        outcomes |= {
            number: before.get(readable[number], OrderOutcome(None, problem)) for number, problem in failed.items()
        }
        return orders

    def _accepted(
        self,
        by_customer: Sequence[Sequence[Order]],
        quotes: Mapping[str, MarketQuote],
        market: Market,
        deadline: float,
    ) -> dict[str, OrderOutcome]:
        """The outcomes by order id; several customers are handled at the same time."""
        if len(by_customer) == 1:
            return self._accepted_of(by_customer[0], quotes, market, deadline)
        answers: dict[str, OrderOutcome] = {}
        with ThreadPoolExecutor(CUSTOMERS_AT_ONCE) as pool:
            for part in pool.map(lambda orders: self._accepted_of(orders, quotes, market, deadline), by_customer):
                answers |= part
        return answers

    def _accepted_of(
        self, orders: Sequence[Order], quotes: Mapping[str, MarketQuote], market: Market, deadline: float
    ) -> dict[str, OrderOutcome]:
        answers: dict[str, OrderOutcome] = {}
        try:
            for order, outcome in self._acceptance.accept(orders, quotes, market, deadline):
                answers[order.order_id] = outcome
        except (ClientError, BotoCoreError):
            logger.exception("orders could not be stored", customer_id=orders[0].customer_id)
        return {order.order_id: answers.get(order.order_id) or _unknown(order) for order in orders}


def _unknown(order: Order) -> OrderOutcome:
    """The outcome of an order that may or may not be stored. With a client order id it may be stored under the order id
    of an earlier request, so only the client order id finds it.
    """
    if order.client_order_id is not None:
        return OrderOutcome(None, Unavailable(f"{UNKNOWN}send it again under the same clientOrderId."))
    return OrderOutcome(order.order_id, Unavailable(f"{UNKNOWN}look for {order.order_id} before you send it again."))


def _distinct_and_repeated(orders: dict[int, Order]) -> tuple[list[int], list[tuple[int, int]]]:
    """The numbers of the orders to accept, and those of orders that repeat a client order id, each with the first
    one's.
    """
    first: dict[tuple[str, str], int] = {}
    distinct, repeated = [], []
    for number, order in orders.items():
        before = number
        if order.client_order_id is not None:
            before = first.setdefault((order.customer_id, order.client_order_id), number)
        if before == number:
            distinct.append(number)
        else:
            repeated.append((number, before))
    return distinct, repeated


def _repeated(order: Order, first: Order, outcome: OrderOutcome) -> OrderOutcome:
    """The outcome of an order whose client order id is in the request twice: a retry has the first one's, another order
    is refused.
    """
    return outcome if request_hash(order) == request_hash(first) else OrderOutcome(None, reused(order))

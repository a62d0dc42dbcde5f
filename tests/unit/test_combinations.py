"""What is done with every combination that is taken at entry, in both models: each field is kept to. The orders for an
auction are in test_sessions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from tests.support.combinations import ACCEPTED
from tests.support.matching import QUIET, QUOTE, command, expire, never
from tests.support.samples import order as sample
from trading.domain import money
from trading.domain.ids import order_id
from trading.domain.market import Market, MatchingModel
from trading.domain.matching.models import POOLS
from trading.domain.matching.pool import Conditions, Passed
from trading.domain.matching.working_order import Canceled, Elected, Rejected, Traded
from trading.domain.messages.commands import Command, NewOrder, lit_id
from trading.domain.orders import AT_AUCTION, OrdType, PoolType, Side, TimeInForce
from trading.domain.routing import command_of, route_of

DARK, LIT = PoolType.DARK, PoolType.LIT
QUANTITY, MINIMUM, LIMIT, STOP = 4_000, 2_500, Decimal("162.00"), Decimal("161.90")
NUMBERS = (900_000_001, 900_000_002, 900_000_003)
"""Orders that chance treats differently."""


@dataclass(frozen=True)
class Case:
    kind: str
    time_in_force: str
    given: str
    listed: bool
    """Whether its ticker is one for the dark pools."""
    model: MatchingModel

    @property
    def market(self) -> Market:
        listed = frozenset({"COIN"} if self.listed else ())
        return replace(QUIET, matching_models=dict.fromkeys(PoolType, self.model), dark_pool_tickers=listed)

    @property
    def at_once(self) -> bool:
        return self.kind in {"Market", "Stop"} or self.time_in_force in {"IOC", "FOK"}

    @property
    def stops(self) -> bool:
        return self.kind in {"Stop", "StopLimit"}

    def order(self, number: int) -> NewOrder:
        limited = self.kind in {"Limit", "StopLimit"}
        made = sample(number, "000001", Side.BUY, "COIN", QUANTITY, str(LIMIT))
        return command_of(
            replace(
                made,
                type=OrdType(self.kind),
                price=LIMIT if limited else None,
                stop_price=STOP if self.stops else None,
                time_in_force=TimeInForce(self.time_in_force),
                minimum_quantity=MINIMUM if "M" in self.given else 0,
                post_only="P" in self.given,
                pool_only="O" in self.given,
            )
        )


@dataclass
class Life:
    """What became of an order: trades as pool, quantity, price and whether it came in for them."""

    order_id: str
    trades: list[tuple[PoolType, int, int, bool]] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    elected: bool = False
    passed: bool = False

    @property
    def filled(self) -> int:
        return sum(quantity for _, quantity, _, _ in self.trades)

    @property
    def open(self) -> int:
        return 0 if self.rejected else QUANTITY - self.filled - sum(quantity for quantity, _ in self.ended)

    def add(self, pool: PoolType, event: Any) -> None:
        match event:
            case Traded(maker, taker, quantity, price) if self.order_id in {maker.id, taker.id}:
                self.trades.append((pool, quantity, price, taker.id == self.order_id))
            case Canceled(order, quantity, _, reason) if order.id == self.order_id:
                self.ended.append((quantity, reason))
            case Rejected(self.order_id, reason):
                self.rejected.append(reason)
            case Elected(order) if order.id == self.order_id:
                self.elected = True
            case Passed(order) if order.id == self.order_id:
                self.passed = True


class Pools:
    """Both pools of a ticker; what the dark one passes on comes to the lit one."""

    def __init__(self, case: Case, life: Life) -> None:
        self._conditions = Conditions(case.market, QUOTE)
        self._pools = {pool: POOLS[case.model, pool]() for pool in PoolType}
        self._life = life

    def execute(self, pool: PoolType, asked: Command) -> None:
        for event in self._pools[pool].execute(asked, self._conditions, never):
            self._life.add(pool, event)
            if isinstance(event, Passed) and isinstance(asked, NewOrder):
                self.execute(LIT, NewOrder(lit_id(asked.command_id), asked.order, event.quantity, True))

    def enter(self, new: NewOrder, market: Market) -> None:
        self.execute(route_of(new.order, market).pool, new)


def other(number: int, *what: Any, **terms: Any) -> NewOrder:
    """An order of another customer's, always of the same id: chance treats it the same."""
    made = command(*what, **terms).order
    return command_of(replace(made, order_id=order_id(0, number)))


Situation = tuple[int, int, int]
"""Shares that are displayed at STOP, shares that are hidden, and which order comes."""
SITUATIONS: list[Situation] = list(product((0, 1_000, 3_000, QUANTITY), (0, 2_000), NUMBERS))


def lived(case: Case, situation: Situation, *, closed: bool = False) -> Iterator[Life]:
    """The order after it came, after the market reached its stop, after a seller came who takes any price, and after
    the close of its session.
    """
    displayed, hidden, number = situation
    new = case.order(number)
    life = Life(new.order.order_id)
    pools = Pools(case, life)
    books = case.model is MatchingModel.ORDER_BOOK
    if closed:
        for pool in PoolType:
            pools.execute(pool, expire("2026-11-22"))
    if books:
        pools.execute(LIT, other(1, "Sell", displayed + 100, str(STOP), "000002", time_in_force="GTC"))
        if not case.stops:
            pools.execute(LIT, other(2, "Buy", 100, str(STOP), "000004", time_in_force="GTC"))
        if hidden:
            pools.execute(DARK, other(3, "Sell", hidden, "161.00", "000003", time_in_force="GTC", pool_only=True))
    pools.enter(new, case.market)
    yield life
    if books and case.stops:
        pools.execute(LIT, other(2, "Buy", 100, str(STOP), "000004", time_in_force="GTC"))
    yield life
    if books:
        for number, quantity in ((4, 1_000), (5, 2_700)):
            selling = other(number, "Sell", quantity, "161.00", "000005", time_in_force="IOC", pool_only=True)
            pools.execute(DARK, selling)
        pools.execute(LIT, other(6, "Sell", 1_500, "161.00", "000005", time_in_force="IOC"))
    yield life
    for pool in PoolType:
        pools.execute(pool, expire("2026-11-22"))
    yield life


def outcome(case: Case, situation: Situation) -> Life:
    return [*lived(case, situation)][-1]


ROWS = [
    (kind, time_in_force, listed, model)
    for (kind, time_in_force), listed, model in product(ACCEPTED, (False, True), MatchingModel)
    if time_in_force not in AT_AUCTION
]
rows = pytest.mark.parametrize(("kind", "time_in_force", "listed", "model"), ROWS)


def cases(kind: str, time_in_force: str, listed: bool, model: MatchingModel) -> list[Case]:
    return [Case(kind, time_in_force, given, listed, model) for given in ACCEPTED[kind, time_in_force]]


@rows
def test_each_field_is_kept_to_whatever_the_market_offers(
    kind: str, time_in_force: str, listed: bool, model: MatchingModel
) -> None:
    for case, situation in product(cases(kind, time_in_force, listed, model), SITUATIONS):
        keep_to_it(case, situation)


def keep_to_it_at_first(case: Case, displayed: int, life: Life, where: str) -> None:
    """What must hold when the order has come, or is elected."""
    books = case.model is MatchingModel.ORDER_BOOK
    if "M" in case.given:
        assert life.filled == 0 or life.filled >= MINIMUM, where
    if case.at_once:
        assert life.open == 0, where
    if case.time_in_force == "FOK":
        assert life.filled in {0, QUANTITY}, where
    if "P" in case.given:
        offered = displayed or not books
        assert (life.trades, life.rejected) == ([], ["would-trade"] if offered else []), where
    elif not case.at_once and (books or "O" not in case.given):
        assert (life.open, life.ended) == (QUANTITY - life.filled, []), where
    if not books and not case.given.strip("M"):
        assert life.filled == QUANTITY, where
    assert {reason for _, reason in life.ended} <= {
        "immediate-or-cancel", "too-little-to-trade-with", *([] if books else ["nothing-rests"]),
    }, where  # fmt: skip


def keep_to_it(case: Case, situation: Situation) -> None:
    where = f"{case} {situation}"
    books, steps = case.model is MatchingModel.ORDER_BOOK, lived(case, situation)
    life = next(steps)
    if case.stops and not books:
        assert life.rejected == ["unsupported-order-characteristic"], where
        return
    if case.stops:
        assert (life.trades, life.open, life.elected) == ([], QUANTITY, False), where
    next(steps)
    assert life.elected is case.stops, where
    at_first = life.filled
    keep_to_it_at_first(case, situation[0], life, where)
    next(steps)
    before, _ = life.open, next(steps)
    if case.time_in_force == "GTC":
        assert life.open == before, where
    else:
        assert (life.open, [each for each in life.ended if each[1] == "expired"]) == (
            0, [(before, "expired")] if before else [],
        ), where  # fmt: skip
    if "O" in case.given:
        assert not life.passed, where
        assert {pool for pool, *_ in life.trades} <= {DARK}, where
        if "M" in case.given:
            assert all(each[1] >= MINIMUM for each in life.trades if not each[3] and not at_first), where
    assert all(price <= money.half_ticks(LIMIT) for _, _, price, _ in life.trades), where


@rows
def test_each_field_makes_a_difference_somewhere_unless_another_one_implies_it(
    kind: str, time_in_force: str, listed: bool, model: MatchingModel
) -> None:
    for case in cases(kind, time_in_force, listed, model):
        for letter in case.given:
            without = replace(case, given=case.given.replace(letter, ""))
            differs = any(outcome(case, each) != outcome(without, each) for each in SITUATIONS)
            assert differs is not implied(case, letter), f"{case} {letter}"


def implied(case: Case, letter: str) -> bool:
    """A minimum where all or nothing is filled; where chance decides, the lit pools fill all."""
    if letter == "M" and case.time_in_force == "FOK":
        return True
    return (
        letter == "M"
        and case.model is MatchingModel.SIMULATED
        and (case.stops or not (case.listed or "O" in case.given))
    )


@rows
def test_an_order_that_comes_after_the_close_of_its_session_expires_whatever_it_has_unless_it_is_gtc(
    kind: str, time_in_force: str, listed: bool, model: MatchingModel
) -> None:
    for case in cases(kind, time_in_force, listed, model):
        late = next(lived(case, (QUANTITY, 2_000, NUMBERS[0]), closed=True))
        expired = not late.trades and late.ended == [(QUANTITY, "expired")]
        assert expired is (time_in_force != "GTC"), case

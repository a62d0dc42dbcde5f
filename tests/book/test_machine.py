"""Any commands in any order: every event is what the rules say, and the journal of events is the book."""

from collections.abc import Iterable
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.book.auditor import Auditor
from tests.book.journal import copied, read, state, written
from trading.domain.matching.book import Book
from trading.domain.matching.working_order import Event, Rejected, WorkingOrder
from trading.domain.orders import AT_AUCTION, SelfTrade, TimeInForce

VENUES = ["IEX", "EDGA", "BATS"]
ACCOUNTS = ["000001", "000002", "000003"]
PRICES = [98, 99, 100, 101, 102]
seeds = st.integers(0, 2**32 - 1)
places = st.integers(0, 30)
accounts = st.sampled_from(ACCOUNTS)
quantities = st.integers(1, 20)
prices = st.sampled_from(PRICES)
ranks = st.fixed_dictionaries({venue: st.integers(0, 2) for venue in VENUES})


def seldom(values: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([False, False, False, True]).flatmap(lambda given: values if given else st.just(otherwise))


CONTINUOUS = [each for each in TimeInForce if each not in AT_AUCTION]


def entered(chance: Random) -> dict[str, Any]:
    """The terms of an order. Drawn by a seed: what Hypothesis draws by itself is so small and alike that few of its
    orders meet.
    """

    def seldom(value: Any, otherwise: Any) -> Any:
        return value if chance.random() < 0.2 else otherwise

    return {
        "id": str(chance.randint(1, 60)), "account": chance.choice(ACCOUNTS), "buys": chance.random() < 0.5,
        "quantity": chance.randint(1, 20), "price": seldom(None, chance.choice(PRICES)),
        "tif": chance.choice([*CONTINUOUS, TimeInForce.GTC, TimeInForce.GTC]),
        "self_trade": chance.choice(list(SelfTrade)), "venue": chance.choice(VENUES),
        "minimum": seldom(chance.randint(1, 20), 0), "post_only": seldom(True, False),
        "stop": seldom(chance.choice(PRICES), None),
    }  # fmt: skip


def counted(orders: Iterable[WorkingOrder]) -> dict[str, tuple[int, int]]:
    """Shares and number of the orders, by exchange."""
    found: dict[str, tuple[int, int]] = {}
    for order in orders:
        shares, number = found.get(order.venue, (0, 0))
        found[order.venue] = shares + order.leaves, number + 1
    return found


class Machine(RuleBasedStateMachine):
    """Beside the book stand three others that hear of it only by the text of its events: one gets them command by
    command, one starts from a snapshot and gets what came after it, one gets batches that were written at their end.
    """

    @initialize(ranks=ranks)
    def opens(self, ranks: dict[str, int]) -> None:
        self.book = Book(ranks)
        self.auditor = Auditor(ranks)
        self.follower = copied(self.book)
        self.latecomer = copied(self.book)
        self.batched = copied(self.book)
        self.batch: list[Event] = []

    @invariant()
    def what_is_known_of_levels_and_stops_is_what_stands_there(self) -> None:
        for book in (self.book, self.follower, self.latecomer, self.batched):
            for half in (book.bids, book.asks):
                assert half.exchanges == {key: counted(level.values()) for key, level in half.levels.items()}
                assert half.anchor() == next((order.price for order in half.best_first() if not order.follows), None)
            waiting = [order for half in (book._buy_stops, book._sell_stops) for order in half.best_first()]
            assert sorted(order.id for order in waiting) == sorted(book.stops)

    @rule(seed=seeds, number=st.integers(1, 8))
    def enter(self, seed: int, number: int) -> None:
        chance = Random(seed)
        for _ in range(number):
            order = WorkingOrder(**entered(chance), terms={"from": "a customer"})
            order.follows = order.price is not None and order.stop is None and chance.random() < 0.2
            self._enters(order)

    def _enters(self, order: WorkingOrder) -> None:
        before = state(self.book)
        known = order.id in self.book.orders or order.id in self.book.stops
        events = self.book.enter(order)
        if isinstance(events[0], Rejected):
            assert known or (order.post_only and self._would_trade(order.buys, order.price))
            self._refused(events, before, order.id)
        else:
            assert not known
            self.auditor.entered(order, events)
            self._committed(events)

    @rule(place=places, stranger=seldom(accounts, None))
    def cancels(self, place: int, stranger: str | None) -> None:
        id, account = self._named(place, stranger)  # noqa: A001 # its name in the book
        before = state(self.book)
        events = self.book.cancel(id, account)
        if isinstance(events[0], Rejected):
            assert events == [Rejected(id, self._fault(id, account) or "none")]
            self._refused(events, before, id)
        else:
            assert self._fault(id, account) is None
            self.auditor.happened(events)
            self._committed(events)

    @rule(place=places, stranger=seldom(accounts, None), quantity=quantities, price=seldom(st.none(), 0), limit=prices)
    def replaces(self, place: int, stranger: str | None, quantity: int, price: int | None, limit: int) -> None:
        id, account = self._named(place, stranger)  # noqa: A001 # as above
        before = state(self.book)
        waits = id in self.book.stops
        price = price if price is None and waits else limit  # what rests always has a limit
        events = self.book.replace(id, account, quantity, price)
        if isinstance(events[0], Rejected):
            seen = self.auditor.seen.get(id)
            fault = self._fault(id, account)
            if fault is None and seen is not None:
                below = quantity < seen.quantity - seen.leaves
                assert below or (seen.order.post_only and not waits and self._would_trade(seen.order.buys, price))
                fault = "below-filled" if below else "would-trade"
            assert events == [Rejected(id, fault or "none")]
            self._refused(events, before, id)
        else:
            assert self._fault(id, account) is None
            self.auditor.happened(events)
            self._committed(events)

    @rule(venue=st.sampled_from(VENUES))
    def closes(self, venue: str) -> None:
        events = self.book.end(lambda order: order.tif is TimeInForce.DAY and order.venue == venue, "expired")
        self.auditor.happened(events)
        left = [*self.book.orders.values(), *self.book.stops.values()]
        assert not [order for order in left if order.venue == venue and order.tif is TimeInForce.DAY]
        self._committed(events)

    @rule(ranks=ranks)
    def changes_fees(self, ranks: dict[str, int]) -> None:
        self.commits()
        self.auditor.ranks = ranks
        for book in (self.book, self.follower, self.latecomer, self.batched):
            book.rank(ranks)
        self._committed([])

    @rule()
    def crashes(self) -> None:
        self.commits()
        before = state(self.book)
        self.book = copied(self.book)
        assert state(self.book) == before

    @rule()
    def takes_a_snapshot(self) -> None:
        self.latecomer = copied(self.book)

    @rule()
    def commits(self) -> None:
        self.batched.fold(read(written(self.batch)))
        self.batch.clear()
        assert state(self.batched) == state(self.book)

    def teardown(self) -> None:
        self.commits()

    def _named(self, place: int, stranger: str | None) -> tuple[str, str]:
        """One of the open orders, or one that is not, and who says so."""
        opened = [*self.book.orders.values(), *self.book.stops.values()]
        if place and opened:
            named = opened[place % len(opened)]
            return named.id, stranger or named.account
        return f"none {place}", stranger or "000001"

    def _fault(self, id: str, account: str) -> str | None:  # noqa: A002 # as above
        seen = self.auditor.seen.get(id)
        if seen is None or not seen.leaves:
            return "unknown-order"
        return None if seen.order.account == account else "not-owner"

    def _would_trade(self, buys: bool, price: int | None) -> bool:
        best = self.book.best(buys=not buys)
        return best is not None and (price is None or (price >= best if buys else price <= best))

    def _refused(self, events: list[Event], before: dict[str, Any], id: str) -> None:  # noqa: A002 # as above
        assert [event.order_id for event in events if isinstance(event, Rejected)] == [id]
        assert state(self.book) == before

    def _committed(self, events: list[Event]) -> None:
        self.auditor.agrees(self.book)
        text = written(events)
        for book in (self.follower, self.latecomer):
            book.fold(read(text))
            assert state(book) == state(self.book)
        self.batch += events


TestAnyCommandsKeepTheRulesAndTheirEventsAreTheBook = Machine.TestCase
TestAnyCommandsKeepTheRulesAndTheirEventsAreTheBook.settings = settings(stateful_step_count=30)

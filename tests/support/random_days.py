"""Days of trading that chance writes: what customers, the market and the network do to a system that has to bear it."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.support.account_invariants import mistakes
from tests.support.world import World

CUSTOMERS = ("000001", "000002", "000003")
PRICES = {"AMD": (Decimal("114.24"), Decimal("114.25")), "COIN": (Decimal("161.88"), Decimal("161.90"))}
STAGES = ("smart_order_router", "dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor")
CENT = Decimal("0.01")

Action = tuple[Any, ...]
"""Its name, which is a method of `Days`, and its arguments."""

customers, tickers = st.sampled_from(CUSTOMERS), st.sampled_from(sorted(PRICES))
numbers = st.integers(0, 30)

PEGS = ("pegToMidpoint", "pegToPrimary")
AUCTIONS = ("OPG", "CLS")
WIDE = 500 * CENT
"""How far beyond the market the limit of a pegged order is."""


def orders(*more: str) -> st.SearchStrategy[dict[str, Any]]:
    """Orders of all types; `more` are times in force beside the usual ones."""
    return st.fixed_dictionaries(
        {
            "customerId": customers,
            "direction": st.sampled_from(["Buy", "Sell"]),
            "ticker": tickers,
            "type": st.sampled_from(["Limit", "Limit", "Limit", "Market", "Stop", *PEGS]),
            "quantity": st.sampled_from([1, 7, 100, 999, 1500, 4000]),
            "away": st.integers(-5, 5),
            "timeInForce": st.sampled_from(["Day", "Day", "GTC", "IOC", "FOK", *more]),
            "poolOnly": st.sampled_from([False, False, False, True]),
        }
    )


actions: st.SearchStrategy[Action] = st.one_of(
    st.tuples(st.just("enter"), st.lists(orders(), min_size=1, max_size=4)),
    st.tuples(st.just("enter"), st.lists(orders(), min_size=1, max_size=4)),
    st.tuples(st.just("cancel"), numbers),
    st.tuples(st.just("replace"), numbers, st.sampled_from([1, 50, 2000]), st.integers(-3, 3)),
    st.tuples(st.just("move_cash"), customers, st.sampled_from(["Deposit", "Withdrawal"]), st.integers(1, 3_000_000)),
    st.tuples(st.just("suspend"), customers, st.sampled_from(["PUT", "DELETE", "DELETE"])),
    st.tuples(st.just("quote"), tickers, st.integers(-4, 4)),
    st.tuples(st.just("deliver"), st.sampled_from(["", *STAGES])),
    st.tuples(st.just("deliver"), st.just("")),
    st.tuples(st.just("shuffle"), st.integers(0, 10_000)),
    st.tuples(st.just("repeat"), st.integers(0, 10_000)),
    st.tuples(st.just("forget")),
    st.tuples(st.just("next_day"), st.booleans()),
)
"""What may happen next."""


@dataclass(slots=True)
class Days:
    """Plays actions in a world. At every step its books must be right."""

    world: World
    entered: list[tuple[str, str]] = field(default_factory=list)
    moved: int = 0
    dates: list[str] = field(default_factory=list)
    _steps: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for customer_id in CUSTOMERS:
            self.world.put_customer(customer_id, "400000.00", AMD=3000, COIN=2000)
        self.world.limit(of="000003", highestShort=2000)

    @property
    def today(self) -> str:
        return self.world.clock.now.date().isoformat()

    def play(self, action: Action) -> None:
        name, *arguments = action
        getattr(self, name)(*arguments)
        assert mistakes(self.world) == [], action

    def enter(self, wanted: list[dict[str, Any]]) -> None:
        status, answer = self.world.post([as_entered(each) for each in wanted])
        assert status in {202, 422}, answer
        named = zip(wanted, answer["orders"], strict=True)
        self.entered += [(each["customerId"], shown["orderId"]) for each, shown in named if "orderId" in shown]

    def cancel(self, number: int) -> None:
        self._change("DELETE", number)

    def replace(self, number: int, quantity: int, away: int) -> None:
        self._change("PATCH", number, {"quantity": quantity, "price": str(PRICES["COIN"][1] + away * CENT)})

    def _change(self, method: str, number: int, body: Any = None) -> None:
        if self.entered:
            customer_id, order_id = self.entered[number % len(self.entered)]
            status, answer = self.world.change(method, order_id, body, of=customer_id)
            assert status in {200, 202, 404, 409, 422}, answer

    def move_cash(self, customer_id: str, kind: str, cents: int) -> None:
        self.moved += 1
        body = {"type": kind, "amount": str(cents * CENT), "reference": f"movement-{self.moved}"}
        for _ in range(1 + self.moved % 2):
            status, answer = self.world.account("POST", "cash", body, of=customer_id)
            assert status in {201, 422}, answer

    def suspend(self, customer_id: str, method: str) -> None:
        status, answer = self.world.account(method, "halt", of=customer_id)
        assert status == 200, answer

    def quote(self, ticker: str, away: int) -> None:
        bid, ask = (price + away * CENT for price in PRICES[ticker])
        self.world.quote(ticker, str(bid), str(ask))

    def deliver(self, but_not: str) -> None:
        self.world.pipeline.run(but_not=but_not)

    def shuffle(self, seed: int) -> None:
        """What waits to be booked comes one by one, in any order, some of it twice."""
        self.world.pipeline.run(but_not="post_trade_processor")
        records = self.world.pipeline.take("post_trade_processor")
        chance = Random(seed)
        for record in chance.sample(records, len(records)) + chance.sample(records, len(records) // 2):
            self.world.deliver("post_trade_processor", {"Records": [record]})

    def repeat(self, number: int) -> None:
        """A stage is given an event that it had before."""
        if delivered := self.world.pipeline.delivered:
            before = delivered[number % len(delivered)]
            self.world.deliver(before.stage, before.event)

    def forget(self) -> None:
        self.world.cool_down()

    def next_day(self, late: bool = False, nights: int = 1) -> None:
        """Everything comes to its end, the session too; the night passes, or some, its day is reconciled, and what is
        due in the morning is settled. What is `late` is booked after all that.
        """
        waiting = "post_trade_processor" if late else ""
        self.world.pipeline.run(but_not=waiting)
        self.dates.append(self.today)
        self.world.clock.advance(days=nights)
        self.world.close(self.dates[-1])
        self.world.pipeline.run(but_not=waiting)
        breaks = self.world.breaks(self.dates[-1])
        assert late or breaks == [], breaks
        self.world.value_date_comes(self.today)
        self.world.settle()

    def end(self) -> None:
        """Whatever is open is canceled, and some days later all is settled."""
        self.world.settle()
        for customer_id, order_id in self.entered:
            self.world.change("DELETE", order_id, of=customer_id)
        for nights in (1, 5, 1):
            self.next_day(nights=nights)


def as_entered(wanted: dict[str, Any]) -> dict[str, Any]:
    """The order, with its prices near the market, and without what its type does not have."""
    order = {name: value for name, value in wanted.items() if name != "away"}
    buys, kind = wanted["direction"] == "Buy", wanted["type"]
    near = PRICES[wanted["ticker"]][1 if buys else 0]
    if kind == "Limit":
        order["price"] = str(near + wanted["away"] * CENT)
    elif kind == "Stop":
        order["stopPrice"] = str(near + wanted["away"] * CENT)
    elif kind in PEGS:
        order |= {"type": "Limit", "price": str(near + (WIDE if buys else -WIDE)), kind: True}
    if (kind == "Stop" and wanted["timeInForce"] in AUCTIONS) or (kind in PEGS and wanted["timeInForce"] != "GTC"):
        order["timeInForce"] = "Day"
    if kind in {"Stop", "pegToPrimary"} or order["timeInForce"] in AUCTIONS:
        order["poolOnly"] = False
    return order

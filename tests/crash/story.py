"""What people do in a scenario, and go on doing when something fails: clients and schedules that try again, deliveries
that come again, until all is quiet.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.crash.crash_world import Crashed, CrashWorld
from tests.crash.listeners import Listener
from tests.support import events
from tests.support.clock import START
from tests.support.other_market import change_everything
from trading.domain.errors import TradingError
from trading.domain.times import days_after, iso

TRIES = 12
ROUNDS = 40
TWICE, HOURS_LATER = "twice", "hours-later"
FAILED = (Crashed, ClientError, BotoCoreError, TradingError)
"""What an invocation may raise. Anything else is a mistake of ours."""
Answered = tuple[int, Any]


def hours_pass(world: CrashWorld) -> None:
    world.clock.advance(hours=6)
    world.cool_down()


def midnight_passes(world: CrashWorld) -> None:
    world.clock.advance(hours=10)


REDELIVERIES: dict[str, Callable[[CrashWorld], object]] = {
    "at-once": lambda world: None,
    "cold": CrashWorld.cool_down,
    HOURS_LATER: hours_pass,
    "after-midnight": midnight_passes,
    "changed": change_everything,
    TWICE: lambda world: None,
}
"""What has happened when what failed comes again. Hours are past FIFO's deduplication. Twice, everything else comes
again, too, when all is done.
"""

OTHER_OUTCOME = ("after-midnight", "changed")
"""After all others, all is as if nothing had failed, but for times."""


class Story:
    """Acts in a world. `told` has what clients were told of their orders, `blind` counts those that have no own id;
    `redelivery` is done once, when something has failed, before it comes again.
    """

    def __init__(self, world: CrashWorld) -> None:
        self.world = world
        self.redelivery: Callable[[CrashWorld], object] | None = None
        self.told: dict[str, dict[str, Any]] = {}
        self.contradictions: list[str] = []
        self.listeners: list[Listener] = []
        self.blind = 0
        self.again = 0

    # ------------------------------------------------------------ what clients do

    def post(self, *orders: Mapping[str, Any]) -> None:
        """A client enters orders, and sends the same again until it knows of all of them. Those that have no id of the
        client's own it cannot recognise: each may be there twice.
        """
        self.blind += sum("clientOrderId" not in order for order in orders)
        status, body = self._until_known(lambda: self.world.post([dict(each) for each in orders]))
        self._told(body)
        for rival in self._overheard():
            self._told(json.loads(rival["body"]))
        assert status in {202, 422}, body

    def _told(self, body: Any) -> None:
        for shown in body["orders"]:
            name = shown.get("clientOrderId")
            if name is None or shown.get("problem", {}).get("code") == "unavailable":
                continue
            before = self.told.setdefault(name, shown)
            if before != shown:
                self.contradictions.append(f"{name} was answered {before}, then {shown}")

    def cancel(self, name: str, of: str = "000002") -> int:
        return self._change("DELETE", name, None, of)

    def replace(self, name: str, of: str = "000002", **body: Any) -> int:
        return self._change("PATCH", name, body | {"clientOrderId": f"{name}-changed"}, of)

    def _change(self, method: str, name: str, body: Any, of: str) -> int:
        order_id = self.told[name]["orderId"]
        answered = self._until_known(lambda: self.world.change(method, order_id, body, of=of))
        self._overheard()
        assert answered[0] in {200, 202, 409, 422}, answered
        return answered[0]

    def account(self, method: str, what: str, body: object = None, of: str = "000002") -> Answered:
        """A broker changes a customer's account."""
        answered = self._until_known(lambda: self.world.account(method, what, body, of=of))
        self._overheard()
        return answered

    def _until_known(self, ask: Callable[[], Answered]) -> Answered:
        for _ in range(TRIES):
            try:
                status, body = ask()
            except FAILED:  # API Gateway says 502
                status, body = 502, {}
            parts = body.get("orders", []) if isinstance(body, dict) else []
            unknown = any(part.get("problem", {}).get("code") == "unavailable" for part in parts)
            if status < 500 and not unknown:
                self._after_failure()
                return status, body
            self._again()
        raise AssertionError(f"no answer: {status} {body}")

    def _overheard(self) -> list[Any]:
        """What rivals of this request answered."""
        heard, self.world.rivals = self.world.rivals, []
        return [each for each in heard if isinstance(each, dict) and "body" in each]

    def put_quote(self, ticker: str, bid: str, ask: str, *, confirmed: bool = False) -> int:
        """A broker sends a quote of this moment, until it is answered."""
        body = {"bid": bid, "ask": ask, "bidSize": 100, "askSize": 100, "time": iso(self.world.clock.now)}
        event = events.put_quote(ticker, body | {"confirmed": confirmed})
        status, _ = self._until_known(lambda: self.world.answer("ticker_keeper", event))
        self._overheard()
        return status

    def listen(self, customer_id: str = "000002", ticker: str = "COIN") -> None:
        """Another client listens to a customer and a ticker from now on."""
        name = f"listener-{len(self.listeners) + 1}"
        self.listeners.append(Listener(self.world, name, customer_id, ticker, self.attempt))

    # ------------------------------------------------------- what AWS and time do

    def attempt(self, work: Callable[[], object]) -> bool:
        """One attempt: what fails, comes again some time. Whether it succeeded."""
        try:
            work()
        except FAILED:
            self._again()
            return False
        self._after_failure()
        return True

    def settle(self, *, but_not: str = "") -> None:
        """Delivers until all is quiet, what failed again."""
        for _ in range(ROUNDS):
            try:
                while self.world.pipeline.step(but_not=but_not):
                    self._after_failure()
            except FAILED:
                self._again()
            else:
                self.world.rivals.clear()
                for listener in self.listeners:
                    listener.read()
                return
        raise AssertionError("the pipeline does not come to rest")

    def invoke(self, stage: str, event: dict[str, Any]) -> None:
        """A schedule strikes: what raises is tried twice more, and then by hand."""
        for _ in range(TRIES):
            try:
                self.world.stage(stage)(event)
            except FAILED:
                self._again()
            else:
                self._after_failure()
                return
        raise AssertionError(f"{stage} does not succeed")

    def next_day(self) -> None:
        """All comes to its end; the session closes, in the morning what is due settles."""
        self.settle()
        date = self.today
        while self.today == date:
            self.world.clock.advance(hours=10)
        self.invoke("session_close", {"sessionDate": date})
        self.settle()
        self.invoke("settlement", {"valueDate": self.today})
        self.settle()

    def finish(self) -> None:
        """All comes to its end. If orders are open, the sessions that are over are closed, the rest is canceled."""
        self.settle()
        if self._open():
            for date in self.dates[:-1]:
                self.invoke("session_close", {"sessionDate": date})
            self.settle()
        for order in self._open():
            self._until_known(partial(self.world.change, "DELETE", order["orderId"], of=order["customerId"]))
        self._overheard()
        self.settle()
        for listener in self.listeners:
            listener.catch_up()
        with self.world.aside():
            self.world.pay_in_all()

    def _open(self) -> list[dict[str, Any]]:
        return [order for order in self.world.items(sk="ORDER#") if order["leavesQuantity"]]

    @property
    def today(self) -> str:
        return self.world.clock.now.date().isoformat()

    @property
    def dates(self) -> list[str]:
        """Of all days until today."""
        found = [START.date().isoformat()]
        while found[-1] < self.today:
            found.append(days_after(found[-1], 1))
        return found

    def deliver_all_again(self) -> None:
        """Every event that was delivered comes once more."""
        for delivery in list(self.world.pipeline.delivered):
            self.again += 1
            self.world.deliver(delivery.stage, delivery.event)
        self.world.pipeline.run()

    def _again(self) -> None:
        self.again += 1
        self._after_failure()

    def _after_failure(self) -> None:
        """Once, when something has failed."""
        if self.world.failed and self.redelivery:
            redelivery, self.redelivery = self.redelivery, None
            redelivery(self.world)

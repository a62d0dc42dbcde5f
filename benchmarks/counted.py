"""What orders ask of AWS and what they cost, counted in memory: the same on every machine, every time."""

import contextlib
import io
import json
from collections import Counter

from benchmarks.figures import Figure, Section, figure
from benchmarks.load import CASES, CASH, SHARES, Case
from ops.reference import REFERENCE
from tests.support import costs
from tests.support.call_counts import Counts, count, count_archived, count_quotes, count_updates
from tests.support.listener import Listener
from tests.support.new_world import new_session, new_world
from tests.support.orders import entered
from tests.support.stages import STAGES
from tests.support.world import World

CUSTOMER = "000002"


def measure() -> Section:
    figures: list[Figure] = []
    details = []
    for case in CASES:
        counts, orders = counted(case)
        usd, calls = costs.usd_per_million(counts, orders), sum(each["calls"] for each in counts.values()) / orders
        figures.append(figure(f"usd_per_million_orders.{case.key}", f"{case.title}: a million cost", "USD", [usd]))
        figures.append(figure(f"aws_calls_per_order.{case.key}", f"{case.title}: calls of AWS an order", "", [calls]))
        details.append(f"{case.title[0].upper()}{case.title[1:]}, counts of {orders}:\n\n{costs.table(counts, orders)}")
    return Section("What it asks of AWS", tuple(figures), "\n\n".join(details))


def counted(case: Case) -> tuple[Counts, int]:
    """The counts of the fewest requests that have each of the orders equally often, and how many orders these are."""
    requests = case.requests()
    number = max(1, len(case.orders) // case.size)
    logged = io.StringIO()  # it is counted, and nobody reads it
    with contextlib.redirect_stdout(logged), new_world(new_session()) as world:
        for ticker, quote in json.loads(REFERENCE.read_text())["quotes"].items():
            world.put_quote(ticker, quote["bid"], quote["ask"])
        _fill(world, case)
        orders = [[{"customerId": CUSTOMER} | order for order in next(requests)] for _ in range(number)]
        counts: Counts = {}
        for each in orders:
            for stage, found in count(world, each).items():
                counts[stage] = counts.get(stage, Counter()) + found
    return {stage: counts[stage] for stage in STAGES if stage in counts}, number * case.size


def counted_updates(listeners: int) -> Counts:
    """The counts of telling one order that fills to so many who listen to its customer and to its ticker."""
    with contextlib.redirect_stdout(io.StringIO()), new_world(new_session()) as world:
        world.put_credential("broker-1", "s3cret", role="broker")
        for number in range(listeners):
            listener = Listener(world, f"listener-{number}").sign_in()
            listener.send("subscribe", customerId=CUSTOMER)
            listener.send("subscribe", ticker="COIN")
        world.post(entered(customerId=CUSTOMER, quantity=10))
        world.settle()
        return count_updates(world, [entered(customerId=CUSTOMER, quantity=10)])


def counted_archived(number: int) -> Counts:
    """The counts of archiving so many bookings together."""
    with contextlib.redirect_stdout(io.StringIO()), new_world(new_session()) as world:
        return count_archived(world, number)


def counted_quotes(number: int, *, watched: bool = False) -> Counts:
    """The counts of so many quotes that wait together, each a cent above the one before. They are `watched` if an order
    rests in the dark pools, here far away.
    """
    with contextlib.redirect_stdout(io.StringIO()), new_world(new_session()) as world:
        world.post(entered(customerId=CUSTOMER, quantity=10))
        if watched:
            world.post(entered(customerId=CUSTOMER, quantity=10, price="100.00", poolOnly=True))
        world.settle()
        world.quote("COIN", "161.90", "161.92")
        world.settle()
        return count_quotes(world, [(f"161.{cents}", f"161.{cents + 2}") for cents in range(60, 60 + number)])


def counted_watch() -> Counts:
    """The counts of the lit engine when an order rests in the dark pools, the first there."""
    with contextlib.redirect_stdout(io.StringIO()), new_world(new_session()) as world:
        for ticker in ("AMD", "COIN"):  # both engines are warm then
            world.post(entered(customerId=CUSTOMER, ticker=ticker, quantity=10))
        world.settle()
        counts = count(world, [entered(customerId=CUSTOMER, quantity=10, price="100.00", poolOnly=True)])
        return {"lit_pool_matching_engine": counts["lit_pool_matching_engine"]}


def _fill(world: World, case: Case) -> None:
    """A customer who can pay, and engines that have met every ticker: of so many slices some go on to the lit pools."""
    held = {order["ticker"]: SHARES for order in case.orders if order["direction"] == "Sell"}
    world.put_customer(CUSTOMER, CASH, **held)
    for ticker in sorted({order["ticker"] for order in case.orders}):
        world.post(entered(customerId=CUSTOMER, ticker=ticker, type="Market", quantity=20_000, price=None))
    world.settle()

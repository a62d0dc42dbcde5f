"""What one entry of a journal did is shown as it happened, in whatever order its bookings come."""

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from ops import order_trace
from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.cloud import STACK
from tests.support.new_world import require_sound
from tests.support.orders import asked, entered
from tests.support.reconciled_day import DATE
from tests.support.world import World
from trading.domain.executions import MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS

STAGE = "post_trade_processor"
SELLERS = 300
BUYER = "000002"
BOUGHT = 27_300
"""The house offers 27,000 up to 165.00; the sellers have the rest."""

Shuffle = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
SHUFFLES: dict[str, Shuffle] = {
    "in order": list,
    "last first": lambda records: records[::-1],
    "by chance": lambda records: random.Random(6).sample(records, len(records)),
}


@pytest.fixture(scope="module")
def executed(new_world: NewWorld) -> Iterator[tuple[World, list[dict[str, Any]], Callable[[], None]]]:
    """One order trades with 300 others at 300 prices and with the house, in one commit: what is to be booked of it, and
    what puts the system back to this moment.
    """
    with new_world() as world:
        world.put_customer("000001", "0.00", COIN=SELLERS)
        for first in range(0, SELLERS, 100):
            prices = [f"{Decimal(16200 + number) / 100:.2f}" for number in range(first, first + 100)]
            selling = entered(customerId="000001", direction="Sell", quantity=1, timeInForce="GTC")
            assert world.post([selling | {"price": price} for price in prices])[0] == 202
            world.settle()
        world.clock.advance(minutes=2)
        buying = entered(quantity=BOUGHT, price="165.00", timeInForce="IOC", clientOrderId="sweep")
        assert world.post(buying)[0] == 202
        world.pipeline.run(but_not=STAGE)
        records = world.pipeline.take(STAGE)
        yield world, records, world.kept()


@pytest.fixture(scope="module", params=list(SHUFFLES.values()), ids=list(SHUFFLES))
def swept(
    executed: tuple[World, list[dict[str, Any]], Callable[[], None]], request: pytest.FixtureRequest
) -> Iterator[World]:
    """Its bookings come in this order."""
    shuffle: Shuffle = request.param
    world, records, put_back = executed
    put_back()
    for record in shuffle(records):
        assert world.deliver(STAGE, events.sqs([record])).answer == {"batchItemFailures": []}
    world.settle()
    yield world
    require_sound(world)


def pages(world: World, resource: str, what: str, **path: str) -> list[dict[str, Any]]:
    """All entries of a long answer."""
    entries: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        status, page = world.get(resource, {"limit": "97", **token}, **path)
        assert status == 200
        entries += page[what]
        if "nextToken" not in page:
            return entries
        token = {"nextToken": page["nextToken"]}


def prices(trades: Iterable[dict[str, Any]]) -> list[Decimal]:
    return [Decimal(each["price"]) for each in trades]


SOLD = [Decimal(16200 + number) / 100 for number in range(SELLERS)]


def test_an_order_is_shown_in_the_states_that_it_was_in_and_its_executions_as_they_happened(swept: World) -> None:
    order = asked(swept, "sweep")[1]
    path = {"customerId": BUYER, "orderId": order["orderId"]}
    transitions, executions = (
        pages(swept, "/customers/{customerId}/orders/{orderId}", what, **path) for what in ("transitions", "executions")
    )
    assert prices(executions) == sorted(prices(executions))
    assert set(SOLD) <= set(prices(executions))
    first = sum(each["quantity"] for each in executions[:MAX_BOOKED_EXECUTIONS])
    assert [(each["state"], each["cumulativeQuantity"], each["leavesQuantity"]) for each in transitions] == [
        ("PendingNew", 0, BOUGHT),
        ("PartiallyFilled", first, BOUGHT - first),
        ("Filled", BOUGHT, 0),
    ]


def test_trades_are_listed_as_they_happened(swept: World) -> None:
    assert prices(pages(swept, "/trades/{customerId}", "trades", customerId="000001")) == SOLD
    bought = prices(pages(swept, "/trades/{customerId}", "trades", customerId=BUYER))
    assert bought == sorted(bought)


def test_a_statement_has_its_trades_as_they_happened(swept: World) -> None:
    path = {"customerId": "000001", "date": DATE}
    resource = "/customers/{customerId}/statements/{date}"
    assert prices(pages(swept, resource, "trades", **path)) == SOLD
    answer = swept.stage("data_extractor")(events.get(resource, path, {"format": "csv"}))
    rows = csv.DictReader(io.StringIO(answer["body"]))
    assert prices(row for row in rows if row["kind"] == "Trade") == SOLD


def test_the_lines_of_a_ledger_are_in_the_order_of_their_bookings(swept: World) -> None:
    lines = pages(swept, "/customers/{customerId}/ledger", "ledger", customerId="000001")
    earned = [-Decimal(line["postings"]["clearing"]) for line in lines if line["kind"] == "Booking"]
    whole = [sum(SOLD[first : first + MAX_BOOKED_ORDERS]) for first in range(0, SELLERS, MAX_BOOKED_ORDERS)]
    assert earned == whole


def test_the_lines_of_the_archives_objects_are_in_the_order_in_which_they_happened(swept: World) -> None:
    texts = [gzip.decompress(body).decode() for _, body in sorted(swept.objects("trades/").items())]
    lines = [json.loads(line) for text in texts for line in text.splitlines()]
    assert prices(each for each in lines if each["customerId"] == "000001") == SOLD


def test_a_trace_tells_what_an_engine_did_as_it_happened(swept: World) -> None:
    trail = order_trace.trail_of(STACK)
    order_id = asked(swept, "sweep")[1]["orderId"]
    path = {"customerId": BUYER, "orderId": order_id}
    number = len(pages(swept, "/customers/{customerId}/orders/{orderId}", "executions", **path))
    life = order_trace.life_of(trail, order_trace.find(trail, order_id, BUYER))
    done = [each.what.rpartition(" in ")[2] for each in life if each.stage == "lit_pool_matching_engine"]
    booked = MAX_BOOKED_EXECUTIONS, number - MAX_BOOKED_EXECUTIONS
    assert done == [f"{each} executions, on the tape" for each in booked]

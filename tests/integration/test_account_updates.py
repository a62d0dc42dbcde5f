"""Every change of an account that is not a booking reaches who listens, and is noticed if it is lost."""

import random
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from tests.support import events, schemas
from tests.support.listener import Listener
from tests.support.orders import entered
from tests.support.streams import Copy, Sockets, stream
from tests.support.world import World
from trading.domain.messages.account_updates import ACCOUNT_UPDATED
from trading_client.stream import PATIENCE_SECONDS, PING_SECONDS

ROUTER = "smart_order_router"
TRANSACT = "dynamodb.TransactWriteItems"
MONDAY = "2026-11-23"

Change = Callable[[World], Any]


@pytest.fixture
def guarded(world: World) -> World:
    world.put_credential("broker-1", "s3cret", role="broker")
    return world


def deposit(world: World, amount: str = "500.00", reference: str = "wire-1") -> None:
    paid_in = {"type": "Deposit", "amount": amount, "reference": reference}
    assert world.account("POST", "cash", paid_in)[0] == 201


def withdraw(world: World) -> None:
    assert world.account("POST", "cash", {"type": "Withdrawal", "amount": "1.00", "reference": "wire-2"})[0] == 201


def bring_shares(world: World, ticker: str = "COIN") -> None:
    body = {"type": "Deposit", "ticker": ticker, "quantity": 10, "cost": "100.00", "reference": f"in-{ticker}"}
    assert world.account("POST", "shares", body)[0] == 201


def set_limits(world: World) -> None:
    assert world.account("PUT", "limits", {"highestOpenOrders": 7})[0] == 200


def suspend(world: World) -> None:
    assert world.account("PUT", "halt")[0] == 200


def resume(world: World) -> None:
    assert world.account("DELETE", "halt")[0] == 200


def settle(world: World) -> None:
    assert world.value_date_comes(MONDAY)["settled"] == 1


CHANGES: dict[str, Change] = {
    "Deposit": deposit,
    "Withdrawal": withdraw,
    "Transfer": bring_shares,
    "Limits": set_limits,
    "Halt": suspend,
    "Resume": resume,
    "Settlement": settle,
}


def account(world: World) -> dict[str, Any]:
    return dict(world.get("/customers/{customerId}", customerId="000002")[1])


def positions(world: World) -> dict[str, Any]:
    found = world.get("/customers/{customerId}/positions", customerId="000002")[1]["positions"]
    return {each["ticker"]: each for each in found}


def told(world: World) -> list[dict[str, Any]]:
    """What was published of accounts, each once."""
    messages = {each.id: each for each in world.pipeline.published if each.content["type"] == ACCOUNT_UPDATED}
    assert [fault for each in messages.values() for fault in schemas.faults(each.body)] == []
    return [each.content for each in messages.values()]


@pytest.mark.parametrize("kind", CHANGES)
def test_whatever_changes_an_account_reaches_who_listens_with_the_account_as_the_api_shows_it(
    guarded: World, kind: str
) -> None:
    guarded.post(entered(quantity=10))
    guarded.settle()
    listener = Listener(guarded, "one").sign_in()
    before = listener.send("subscribe", customerId="000002")["accountSequence"]
    CHANGES[kind](guarded)
    guarded.settle()
    [update] = listener.updates
    shown = account(guarded)
    assert (update["type"], update["kind"], update["accountSequence"]) == (ACCOUNT_UPDATED, kind, before + 1)
    assert update["account"] == {name: shown[name] for name in update["account"]}
    assert update["account"].get("limits") == shown.get("limits")
    assert update["account"]["accountSequence"] == shown["accountSequence"] == before + 1
    for position in update["positions"]:
        assert position == {name: positions(guarded)[position["ticker"]][name] for name in position}
    assert [each["ticker"] for each in update["positions"]] == ([update["ticker"]] if "ticker" in update else [])


def test_changes_are_numbered_without_gaps_beside_the_bookings(guarded: World) -> None:
    for change in (deposit, bring_shares, set_limits, suspend, resume, withdraw):
        change(guarded)
        guarded.post(entered(quantity=10))
        guarded.settle()
    guarded.clock.advance(days=1)
    settle(guarded)
    guarded.settle()
    assert [each["accountSequence"] for each in told(guarded)] == [1, 2, 3, 4, 5, 6, 7]
    shown = account(guarded)
    assert shown["accountSequence"] == 7
    bookings = [item for item in guarded.items(pk="CUST#000002") if "bookingId" in item]
    assert shown["customerSequence"] == len(bookings)


@pytest.mark.parametrize("kind", CHANGES)
def test_of_two_changes_at_once_each_has_a_number_of_its_own(guarded: World, kind: str) -> None:
    guarded.post(entered(quantity=10))
    guarded.settle()
    rival = guarded.new_stage("account_keeper")
    asked = [lambda: rival(another_deposit())]

    def overtake(**_: Any) -> None:
        while asked:
            assert asked.pop()()["statusCode"] == 201

    guarded.client("dynamodb").meta.events.register_first(f"provide-client-params.{TRANSACT}", overtake)
    CHANGES[kind](guarded)
    assert not asked
    guarded.settle()
    assert sorted((each["accountSequence"], each["kind"]) for each in told(guarded)) == [(1, "Deposit"), (2, kind)]


def another_deposit() -> dict[str, Any]:
    return events.account("POST", "cash", "000002", {"type": "Deposit", "amount": "3.00", "reference": "rival"})


def test_a_request_that_is_sent_again_changes_and_tells_nothing_more(guarded: World) -> None:
    for _ in range(2):
        deposit(guarded)
        bring_shares(guarded)
        guarded.settle()
    assert [each["kind"] for each in told(guarded)] == ["Deposit", "Transfer"]
    assert account(guarded)["accountSequence"] == 2


def test_a_record_that_comes_again_is_told_in_the_same_words(guarded: World) -> None:
    deposit(guarded)
    guarded.settle()
    [delivery] = [each for each in guarded.pipeline.deliveries_to(ROUTER) if each.published]
    guarded.cool_down()
    assert guarded.deliver(ROUTER, delivery.event).published == delivery.published


def test_what_opens_an_account_is_not_told_because_nobody_can_listen_yet(guarded: World) -> None:
    assert guarded.account("PUT", "", of="000077")[0] == 201
    guarded.put_customer("000078", "100.00", COIN=10)
    guarded.settle()
    assert told(guarded) == []


@pytest.mark.parametrize("change", [deposit, bring_shares, set_limits, suspend], ids=lambda each: each.__name__)
def test_a_change_that_was_lost_is_noticed_by_the_next_ping(guarded: World, change: Change) -> None:
    with stream(guarded, Sockets(guarded, "client")) as live:
        live.subscribe_customer("000002")
        assert live.receive(1)
        guarded.faults.answered("apigatewaymanagementapi.PostToConnection", times=1)
        change(guarded)
        guarded.settle()
        assert live.receive(PATIENCE_SECONDS) is None
        message = live.receive(2 * PING_SECONDS)
        assert message
        assert (message["type"], message["accountSequence"]) == ("snapshotRequired", 1)
        assert live.receive(2 * PING_SECONDS) is None, "a snapshot is needed once"


def test_a_lost_transfer_is_noticed_although_a_later_update_shows_the_account(guarded: World) -> None:
    """The position of the lost one is in no later update."""
    with stream(guarded, Sockets(guarded, "client")) as live:
        live.subscribe_customer("000002")
        assert live.receive(1)
        guarded.faults.answered("apigatewaymanagementapi.PostToConnection", times=1)
        bring_shares(guarded, "COIN")
        guarded.settle()
        bring_shares(guarded, "IBM")
        guarded.settle()
        messages = [live.receive(seconds) for seconds in (1, PATIENCE_SECONDS, PATIENCE_SECONDS)]
        assert [each["type"] for each in messages if each] == [ACCOUNT_UPDATED, "snapshotRequired"]


def test_a_change_that_happened_while_the_connection_was_lost_needs_a_snapshot(guarded: World) -> None:
    sockets = Sockets(guarded, "client")
    with stream(guarded, sockets) as live:
        live.subscribe_customer("000002")
        assert live.receive(1)
        sockets.last.lost = True
        deposit(guarded)
        guarded.settle()
        message = live.receive(1)
        assert message
        assert (message["type"], message["accountSequence"]) == ("snapshotRequired", 1)
        deposit(guarded, reference="wire-3")
        guarded.settle()
        following = live.receive(1)
        assert following
        assert (following["type"], following["accountSequence"]) == (ACCOUNT_UPDATED, 2)


def test_changes_that_come_twice_and_in_another_order_are_heard_once_each(guarded: World) -> None:
    with stream(guarded, Sockets(guarded, "client")) as live:
        live.subscribe_customer("000002")
        assert live.receive(1)
        deposit(guarded, "1.00", "a")
        guarded.pipeline.run(but_not="live_updates")
        first = guarded.pipeline.take("live_updates")
        deposit(guarded, "2.00", "b")
        guarded.pipeline.run(but_not="live_updates")
        second = guarded.pipeline.take("live_updates")
        for records in (second, first, first):
            guarded.deliver("live_updates", events.sqs(records))
        messages = [live.receive(1) for _ in range(3)]
        assert [each and each["accountSequence"] for each in messages] == [2, 1, None]
        assert live.receive(2 * PING_SECONDS) is None, "nothing is missing"


LISTENERS, STEPS = 6, 14


@pytest.mark.parametrize("seed", range(3))
def test_all_listeners_end_with_the_orders_account_and_positions_of_the_api_whatever_is_lost(
    guarded: World, seed: int
) -> None:
    """Each client loses, repeats and mixes up frames of its own, and connections. Deliveries to the stage come twice
    and in another order, some to a function that has just started.
    """
    chance = random.Random(seed)
    copies = [Copy(guarded) for _ in range(LISTENERS)]
    with ExitStack() as stack:
        sockets = [Sockets(guarded, f"client-{number}", random.Random(seed + number)) for number in range(LISTENERS)]
        streams = [stack.enter_context(stream(guarded, each)) for each in sockets]
        for live, copy in zip(streams, copies, strict=True):
            live.subscribe_customer("000002")
            copy.read(live, 0)
        for step in range(STEPS):
            change_something(guarded, chance, step)
            deliver_somehow(guarded, chance)
            if chance.random() < 0.3:
                chance.choice(sockets).last.lost = True
            copies[step % LISTENERS].read(streams[step % LISTENERS], chance.choice([0.0, 3.0]))
        for live, copy in zip(streams, copies, strict=True):
            copy.read(live, 3 * PING_SECONDS).require_current()
    assert account(guarded)["accountSequence"] > 0
    assert account(guarded)["customerSequence"] > 0


def change_something(world: World, chance: random.Random, step: int) -> None:
    """An order that trades or rests, cash, shares, limits, or a suspension that is taken back."""
    match chance.randrange(6):
        case 0:
            deposit(world, f"{step + 1}.00", f"wire-{step}")
        case 1:
            bring_shares(world, chance.choice(["COIN", "IBM", "F"]))
        case 2:
            assert world.account("PUT", "limits", {"highestOpenOrders": 50 + step})[0] == 200
        case 3:
            suspend(world)
            resume(world)
        case _:
            price = chance.choice(["161.95", "100.00"])
            assert world.post(entered(quantity=step + 1, price=price))[0] == 202
    world.pipeline.run(but_not="live_updates")


def deliver_somehow(world: World, chance: random.Random) -> None:
    """What waits for the stage is delivered in any order, some of it twice."""
    records = world.pipeline.take("live_updates")
    records += [each for each in records if chance.random() < 0.3]
    chance.shuffle(records)
    if chance.random() < 0.3:
        world.cool_down()
    for each in records:
        assert world.deliver("live_updates", events.sqs([each])).answer == {"batchItemFailures": []}

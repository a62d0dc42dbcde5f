"""The messages of the Orders topic: what they say, how commands are packed into them, which are refused and why."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support.samples import order
from trading.domain.errors import Unprocessable
from trading.domain.ids import derived
from trading.domain.messages.command_messages import MESSAGE_BYTES, commands_from, orders_messages
from trading.domain.messages.commands import (
    CancelOrder,
    Command,
    ExpireOrders,
    MassCancel,
    NewOrder,
    OpenSession,
    QuoteChanged,
    ReplaceOrder,
    cancel_id,
    lit_id,
    new_order_id,
    superseded,
)
from trading.domain.messages.wire import order_fields
from trading.domain.orders import PoolType, Side
from trading.domain.quotes import Quote

MAX_SNS_BYTES = 262_144
MAX_COMMAND_BYTES = 4_096
"""More than any command has, the bounds of its fields being what they are."""
STAGE = "smart_order_router"
TIME = "2026-11-22T20:00:00.000Z"
BUY = order(1, "000002", Side.BUY, "COIN", 1500, "161.90")
COMMAND, CHANGE = derived("a test", "command"), derived("a test", "change")
NEW = NewOrder(COMMAND, BUY, 1200)
CANCEL = CancelOrder(COMMAND, CHANGE, BUY, "2026-11-23")
REPLACE = ReplaceOrder(COMMAND, CHANGE, BUY, "2026-11-23", 1600, Decimal("161.00"), Decimal("250.05"))
MASS_CANCEL = MassCancel(COMMAND, CHANGE, "COIN", "000002", TIME)
EXPIRE = ExpireOrders(COMMAND, "COIN", "2026-11-22", TIME)
OPEN = OpenSession(COMMAND, "COIN", "2026-11-22", TIME)

CHANGED = {"commandId": COMMAND, "changeId": CHANGE, "sessionDate": "2026-11-23", "order": order_fields(BUY)}
REPLACED = {"command": "replaceOrder", **CHANGED, "quantity": 1600, "price": "161.00", "reserved": "250.05"}
HALTED = {"command": "cancelOrders", "commandId": COMMAND, "requestId": CHANGE, "customerId": "000002", "time": TIME}
WIRE: list[tuple[Command, dict[str, Any]]] = [
    (NEW, {"command": "newOrder", "commandId": COMMAND, "order": order_fields(BUY), "quantity": 1200}),
    (
        replace(NEW, not_matched_in_dark_pool=True),
        {"command": "newOrder", "commandId": COMMAND, "order": order_fields(BUY), "quantity": 1200,
         "notMatchedInDarkPool": True},
    ),
    (CANCEL, {"command": "cancelOrder", **CHANGED}),
    (replace(CANCEL, forwarded=True), {"command": "cancelOrder", **CHANGED, "forwarded": True}),
    (REPLACE, REPLACED),
    (replace(REPLACE, forwarded=True), {**REPLACED, "forwarded": True}),
    (MASS_CANCEL, HALTED),
    (replace(MASS_CANCEL, forwarded=True), {**HALTED, "forwarded": True}),
    (EXPIRE, {"command": "expireOrders", "commandId": COMMAND, "sessionDate": "2026-11-22", "time": TIME}),
    (OPEN, {"command": "openSession", "commandId": COMMAND, "sessionDate": "2026-11-22", "time": TIME}),
]  # fmt: skip


@pytest.mark.parametrize(("command", "fields"), WIRE)
def test_a_command_is_sent_to_its_tickers_group_and_read_as_it_was(command: Command, fields: dict[str, Any]) -> None:
    [message] = orders_messages(STAGE, PoolType.DARK, [command])
    assert (message.topic, message.attributes, message.group) == ("orders", {"poolType": "Dark"}, "COIN")
    assert json.loads(message.body) == {
        "version": 1,
        "type": "ordersRouted",
        "poolType": "Dark",
        "ticker": "COIN",
        "commands": [fields],
    }
    assert commands_from(message.body, PoolType.DARK) == [command]


def test_a_session_is_opened_on_its_own_day() -> None:
    fields = {"command": "openSession", "commandId": COMMAND, "sessionDate": "2026-11-23", "time": TIME}
    with pytest.raises(Unprocessable, match=f"the session 2026-11-23 is opened at {TIME}, on another day"):
        read(fields)


def test_a_quote_that_is_crossed_is_refused_with_its_prices() -> None:
    fields = {"command": "quoteChanged", "commandId": COMMAND, "time": TIME, "bid": "161.90", "ask": "161.90"}
    with pytest.raises(Unprocessable, match=r"a quote of 161\.90 to 161\.90 is crossed"):
        read(fields)


def test_a_mass_cancel_and_a_quote_belong_to_the_session_of_their_time() -> None:
    assert MASS_CANCEL.session_date == "2026-11-22"
    assert quote_at("2026-11-23T00:00:00.000Z").session_date == "2026-11-23"


def quote_at(time: str) -> QuoteChanged:
    return QuoteChanged(COMMAND, "COIN", Quote(Decimal("161.88"), Decimal("161.90"), time))


@pytest.mark.parametrize(
    ("command", "following", "is_superseded"),
    [
        (quote_at(TIME), [quote_at("2026-11-22T20:00:00.001Z")], True),
        (quote_at(TIME), [quote_at(TIME)], False),
        (quote_at(TIME), [quote_at("2026-11-22T19:59:59.999Z")], False),
        (quote_at(TIME), [NEW, quote_at("2026-11-22T20:00:00.001Z")], False),
        (quote_at(TIME), [], False),
        (NEW, [quote_at("2026-11-22T20:00:00.001Z")], False),
    ],
)
def test_a_quote_is_superseded_by_a_later_one_that_follows_at_once(
    command: Command, following: list[Command], is_superseded: bool
) -> None:
    assert superseded(command, following) is is_superseded


def test_a_session_that_says_no_time_was_closed_at_its_end() -> None:
    assert read({"command": "expireOrders", "commandId": COMMAND, "sessionDate": "2026-11-22"}) == [
        replace(EXPIRE, time="2026-11-22T23:59:59.999Z")
    ]


# -------------------------------------------------------------------- packing


def test_commands_of_a_ticker_stay_together_and_in_order() -> None:
    amd, coin, ibm = (
        [replace(NEW, command_id=derived(ticker, str(number)), order=replace(BUY, ticker=ticker)) for number in (1, 2)]
        for ticker in ("AMD", "COIN", "IBM")
    )
    commands: list[Command] = [ibm[0], amd[0], coin[0], amd[1], ibm[1], coin[1]]
    messages = list(orders_messages(STAGE, PoolType.LIT, commands))
    assert [(each.group, commands_from(each.body, PoolType.LIT)) for each in messages] == [
        ("IBM", ibm), ("AMD", amd), ("COIN", coin),
    ]  # fmt: skip
    assert list(orders_messages(STAGE, PoolType.LIT, [])) == []


def test_a_message_is_closed_as_soon_as_it_has_reached_its_size() -> None:
    [one] = orders_messages(STAGE, PoolType.LIT, [NEW])
    size = len(one.body) - len('{"version":1,"type":"ordersRouted","poolType":"Lit","ticker":"COIN","commands":[]}')
    full = -(-MESSAGE_BYTES // size)
    commands = [replace(NEW, command_id=derived("a test", str(number))) for number in range(2 * full + 1)]
    messages = list(orders_messages(STAGE, PoolType.LIT, commands))
    assert [len(commands_from(each.body, PoolType.LIT)) for each in messages] == [full, full, 1]
    assert max(len(each.body.encode()) for each in messages) + MAX_COMMAND_BYTES < MAX_SNS_BYTES
    assert [each for message in messages for each in commands_from(message.body, PoolType.LIT)] == commands


def test_a_message_of_exactly_its_size_is_full() -> None:
    """Padded by a long name: a client order id may not be as long as that on the wire."""
    [one] = orders_messages(STAGE, PoolType.LIT, [NEW])
    frame = '{"version":1,"type":"ordersRouted","poolType":"Lit","ticker":"COIN","commands":[]}'
    padding = MESSAGE_BYTES - (len(one.body) - len(frame)) - len(',"clientOrderId":""')
    large = replace(NEW, order=replace(BUY, client_order_id="c" * padding))
    small = replace(NEW, order=replace(BUY, client_order_id="c" * (padding - 1)))
    assert len(list(orders_messages(STAGE, PoolType.LIT, [large, NEW]))) == 2
    assert len(list(orders_messages(STAGE, PoolType.LIT, [small, NEW]))) == 1


def test_the_id_of_a_message_follows_from_its_commands_and_its_stage() -> None:
    other = replace(NEW, command_id=derived("a test", "other"))

    def id_of(stage: str, *commands: Command) -> str:
        [message] = orders_messages(stage, PoolType.LIT, commands)
        return message.id

    assert id_of(STAGE, NEW, other) == id_of(STAGE, NEW, other) == derived(f"{COMMAND},{other.command_id}", STAGE)
    assert len({id_of(STAGE, NEW), id_of(STAGE, other), id_of(STAGE, NEW, other), id_of("an entry", NEW)}) == 4


def test_ids_that_follow_from_an_orders_are_what_every_release_derives() -> None:
    """They are what makes a command happen once, also if a deployment comes between two deliveries."""
    new = new_order_id("01a203a9-f6bb-72f1-b277-5666ffa64239")
    assert new == "01806e39-c7e1-53f7-9a27-406ef7e7cba7"
    assert lit_id(new) == "b30124d6-5887-5195-9d21-8d51fb8d9f0b"
    assert cancel_id("01a203a9-f6bb-72f1-b277-5666ffa64239") == "c82945f4-e3c9-5885-a53f-980bc3e9e791"


# -------------------------------------------------------------------- reading

Fields = dict[str, Any]


def read(fields: Any, pool: PoolType = PoolType.LIT, **members: Any) -> list[Command]:
    message = {"version": 1, "type": "ordersRouted", "poolType": "Lit", "ticker": "COIN", "commands": [fields]}
    return commands_from(json.dumps(message | members), pool)


def fields_of(command: Command, /, **fields: Any) -> Fields:
    """The command on the wire with other fields; one that is None is left out."""
    [message] = orders_messages(STAGE, PoolType.LIT, [command])
    [known] = json.loads(message.body)["commands"]
    return {name: value for name, value in (known | fields).items() if value is not None}


AMD = order_fields(replace(BUY, ticker="AMD"))
FAULTS: dict[str, tuple[Callable[[], object], str]] = {
    "the other pool": (
        lambda: read(fields_of(NEW), PoolType.DARK),
        "for the other engine than that of pool type Dark",
    ),
    "an order in another ticker": (
        lambda: read(fields_of(NEW, order=AMD)),
        'an order of another ticker in a message for "COIN"',
    ),
    "a command that nobody knows": (
        lambda: read(fields_of(NEW, command="x" * 50)),
        'unknown command "' + "x" * 39,
    ),
    "a command that is no object": (lambda: read(1), "1 is not a JSON object"),
    "more shares than the order has": (
        lambda: read(fields_of(NEW, quantity=1501)),
        "1501 shares of an order of 1500",
    ),
    "a new order of nothing": (
        lambda: read(fields_of(NEW, quantity=0)),
        "0 is not a positive whole number",
    ),
    "a new order without an id": (
        lambda: read(fields_of(NEW, commandId="1")),
        '"1" is not an id',
    ),
    "a replacement of too many slices": (
        lambda: read(fields_of(replace(REPLACE, order=replace(BUY, slice_size=1)), quantity=10_001)),
        "10001 shares are more than 10000 slices of 1",
    ),
    "a replacement that takes cash away": (
        lambda: read(fields_of(REPLACE, reserved="-0.01")),
        "-0.01 is negative",
    ),
    "a replacement at no price": (
        lambda: read(fields_of(REPLACE, price="0.00")),
        "0.00 is not a price",
    ),
    "a replacement to nothing": (
        lambda: read(fields_of(REPLACE, quantity=0)),
        "0 is not a positive whole number",
    ),
    "a session that is closed after its end": (
        lambda: read(fields_of(EXPIRE, time="2026-11-23T00:00:00.000Z")),
        "the session 2026-11-22 is closed at 2026-11-23T00:00:00.000Z, after its end",
    ),
    "a session of no date": (
        lambda: read(fields_of(EXPIRE, sessionDate="2026-11-31")),
        "day is out of range for month",
    ),
    "a cancel without its request": (lambda: read(fields_of(CANCEL, changeId=None)), "there is no changeId"),
    "a cancel without its order": (lambda: read(fields_of(CANCEL, order=None)), "there is no order"),
    "a cancel without its session": (lambda: read(fields_of(CANCEL, sessionDate=None)), "there is no sessionDate"),
    "a mass cancel without its request": (
        lambda: read(fields_of(MASS_CANCEL, requestId=None)),
        "there is no requestId",
    ),
    "a mass cancel of nobody": (
        lambda: read(fields_of(MASS_CANCEL, customerId="2")),
        '"2" is not a customer\'s id',
    ),
    "a mass cancel at no time": (lambda: read(fields_of(MASS_CANCEL, time=None)), "there is no time"),
    "another version": (lambda: read(fields_of(NEW), version=0), '"ordersRouted" of version 0'),
    "no commands": (lambda: read(fields_of(NEW), commands=None), "'NoneType' object is not iterable"),
    "no ticker": (lambda: read(fields_of(EXPIRE), ticker="coin"), '"coin" is not a ticker'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_no_stage_asks_is_refused_with_the_reason(fault: str) -> None:
    reads, reason = FAULTS[fault]
    with pytest.raises(Unprocessable) as refused:
        reads()
    assert refused.value.reason == f"not a message of the Orders topic: {reason}"


def test_the_reason_is_cut_to_two_hundred_letters() -> None:
    with pytest.raises(Unprocessable) as refused:
        read(fields_of(NEW), poolType="x" * 300)
    assert len(refused.value.reason) == len("not a message of the Orders topic: ") + 200


def test_what_is_just_within_the_rules_is_read() -> None:
    assert read(fields_of(NEW, quantity=1500)) == [replace(NEW, quantity=1500)]
    end = "2026-11-22T23:59:59.999Z"
    assert read(fields_of(EXPIRE, time=end)) == [replace(EXPIRE, time=end)]
    sliced = replace(REPLACE, order=replace(BUY, slice_size=1))
    assert read(fields_of(sliced, quantity=10_000)) == [replace(sliced, quantity=10_000)]


@pytest.mark.parametrize("command", [NEW, CANCEL, REPLACE, MASS_CANCEL])
@pytest.mark.parametrize("value", [False, 1, "true"])
def test_a_flag_is_set_by_true_alone(command: Command, value: object) -> None:
    flag = "notMatchedInDarkPool" if command is NEW else "forwarded"
    assert read(fields_of(command, **{flag: value})) == [command]


def test_a_replacement_asks_for_the_shares_above_what_the_order_has() -> None:
    assert [replace(REPLACE, quantity=quantity).more for quantity in (1600, 1500, 1499)] == [100, 0, 0]

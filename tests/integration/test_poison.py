"""Whatever is in a message: it is dead-lettered with its reason, and all others come to what they would have come
to.
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.archived_trades import as_read
from tests.support.cloud import RESOURCES
from tests.support.orders import entered
from tests.support.poison import ITEM_BYTES, OF_COMMANDS, OF_REPORTS, QUEUE_BYTES, TEXTS, Falsify, fields
from tests.support.run_totals import BAD_INPUTS, run_totals
from tests.support.world import World

DARK, LIT, BOOKING = "dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor"
POISON: dict[str, dict[str, Falsify]] = {
    DARK: OF_COMMANDS | {"a command for the other engine": fields(poolType="Lit")},
    LIT: OF_COMMANDS | {"a command for the other engine": fields(poolType="Dark")},
    BOOKING: OF_REPORTS,
}
REASON_LETTERS = 1000


def content_of(body: str) -> dict[str, Any]:
    """What is packed of an entry that has this message for the market."""
    message = {"topic": "market", "attributes": {}, "group": "COIN", "id": "1", "body": body}
    return {"B": zlib.compress(json.dumps({"events": [], "messages": [message]}).encode())}


def trading(world: World, stage: str) -> list[dict[str, Any]]:
    """What waits for the stage: two orders in one group, of COIN, and one in another group."""
    if stage == DARK:
        world.change_market(darkPoolTickers=["COIN", "IBM"])
    for order in ({"quantity": 2500}, {"quantity": 100}, {"quantity": 10, "ticker": "IBM", "customerId": "000001"}):
        assert world.post(entered(price="200.00", **order))[0] == 202
    world.pipeline.run(but_not=stage)
    return world.pipeline.take(stage)


def taken(world: World, stage: str) -> list[Any]:
    """What is dead-lettered, taken out of the queue."""
    url, sqs = world.cloud.environment(stage)["DEAD_LETTER_QUEUE"], world.client("sqs")
    found: list[Any] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get(
        "Messages", []
    )
    for each in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found


def stored(world: World) -> dict[str, Any]:
    """All but what is dead-lettered."""
    state = world.state()
    state["objects"] = {name: body for name, body in state["objects"].items() if not name.startswith("dead-letters/")}
    del state["dead letters"]
    return state


@pytest.fixture(scope="module")
def undisturbed(new_world: NewWorld) -> dict[str, dict[str, Any]]:
    """What is stored in the end where nothing is wrong, by the stage that everything waited for."""
    found = {}
    for stage in (DARK, LIT, BOOKING):
        with new_world() as world:
            assert world.deliver(stage, events.sqs(trading(world, stage))).answer == {"batchItemFailures": []}
            world.settle()
            found[stage] = as_read(stored(world))
            assert found[stage]["archive"]
    return found


@pytest.mark.parametrize("stage", POISON)
def test_poison_in_a_queue_is_dead_lettered_with_its_reason_and_all_others_go_on(
    world: World, undisturbed: dict[str, dict[str, Any]], stage: str
) -> None:
    """Each kind comes before what is good, of its own group and of others, which comes again with the next one."""
    first, *others = trading(world, stage)
    for name, falsify in POISON[stage].items():
        group, body = falsify(first["attributes"]["MessageGroupId"], json.loads(first["body"]))
        poison = events.sqs_record(group, body, number=99)
        answer = world.deliver(stage, events.sqs([poison, first, *others])).answer
        dead_lettered = taken(world, stage)
        assert (name, answer, [each["Body"] for each in dead_lettered]) == (name, {"batchItemFailures": []}, [body])
        assert 0 < len(dead_lettered[0]["MessageAttributes"]["reason"]["StringValue"]) <= REASON_LETTERS, name
        run_totals.count(BAD_INPUTS)
    world.settle()
    assert as_read(stored(world)) == undisturbed[stage]


@pytest.mark.parametrize("stage", [DARK, LIT, BOOKING])
def test_a_message_as_long_as_can_be_fits_with_its_reason_and_a_longer_one_is_not_taken(
    world: World, stage: str
) -> None:
    environment = world.cloud.environment(stage)

    def send(length: int) -> None:
        world.client("sqs").send_message(
            QueueUrl=environment["QUEUE"], MessageBody="x" * length, MessageGroupId="COIN", MessageDeduplicationId="1"
        )

    for too_long in (QUEUE_BYTES + 1, 1_048_576):
        with pytest.raises(ClientError, match="262144 bytes"):
            send(too_long)
    send(QUEUE_BYTES)
    world.settle()
    [(reason, body)] = world.dead_lettered(stage)
    room = world.client("sqs").get_queue_attributes(QueueUrl=environment["DEAD_LETTER_QUEUE"], AttributeNames=["All"])
    assert len(body) + 4 * len(reason) + 100 <= int(room["Attributes"]["MaximumMessageSize"])


Image = dict[str, Any]
LONG = {"S": "x" * ITEM_BYTES}
BOOKINGS: dict[str, Image] = {
    **{name: {"content": {"B": zlib.compress(f'{{"orders":{body}}}'.encode())}} for name, body in TEXTS.items()},
    "a content that is not compressed": {"content": {"B": b"{}"}},
    "a content without orders": {"content": {"B": zlib.compress(b"{}")}},
    "a number for its content": {"content": {"N": "1"}},
    "an invalid date": {"time": {"S": "yesterday"}},
    "a date that is a number": {"time": {"N": "20261122"}},
    "an invalid pool": {"poolType": {"S": "Grey"}},
    "a ticker that is a list": {"ticker": {"L": []}},
    "another ticker than its orders": {"ticker": {"S": "ZZZZ"}},
    "another customer than its orders": {"customerId": {"S": "999999"}},
}
RECORDS: dict[str, dict[str, Image]] = {
    "smart_order_router": {
        "no order at all": {"orderId": {"S": "gone"}, "SK": {"S": "ORDER#gone"}},
        "an invalid type": {"type": {"S": "Grey"}},
        "a ticker that is a number": {"ticker": {"N": "1"}},
        "a price that is a text": {"protectionPrice": {"S": "much"}},
        "a price beyond any": {"price": {"N": "9" * 38}},
        "a price finer than a cent": {"price": {"N": "0.001"}},
        "shares beyond any": {"initialQuantity": {"N": "1E+125"}},
        "shares in fractions": {"initialQuantity": {"N": "0.5"}},
        "an invalid date": {"sessionDate": {"S": "yesterday"}},
        "a text as long as can be": {"orderDate": LONG},
        "a change that is not JSON": {"SK": {"S": "CHANGE#a#b"}, "command": {"S": "{"}},
        "a change nested deeply": {"SK": {"S": "CHANGE#a#b"}, "command": {"S": "[" * 100_000}},
        "a change that is NaN": {"SK": {"S": "CHANGE#a#b"}, "command": {"S": "NaN"}},
        "a change without a command": {"SK": {"S": "CHANGE#a#b"}},
        "a mass cancel of nobody": {"SK": {"S": "MASSCANCEL#a"}, "customerId": {"NULL": True}},
        "a halt of nobody": {"SK": {"S": "HALT#a"}, "customerId": {"NULL": True}},
        "a change of nobody's account": {"SK": {"S": "ENTRY#a"}, "accountChange": {"S": "Deposit"}, "entryId": LONG},
        "a change of an unknown kind": {"SK": {"S": "CONTROL#a"}, "accountChange": {"S": "Grey"}},
        "a halt at no time": {"SK": {"S": "HALT#a"}, "requestId": {"S": "a"}, "time": {"S": "now"}},
    },
    "trades_data_aggregator": {
        **{f"{name} for its content": {"content": {"B": zlib.compress(body.encode())}} for name, body in TEXTS.items()},
        **{name: {"content": content_of(body)} for name, body in TEXTS.items()},
        "a content that is not compressed": {"content": {"B": b"{}"}},
        "a content without messages": {"content": {"B": zlib.compress(b"{}")}},
        "a message that has no group": {"content": {"B": zlib.compress(b'{"messages":[{"topic":"market"}]}')}},
        "a number for its content": {"content": {"N": "1"}},
        "more parts than there are": {"parts": {"N": "2"}, "content": {"B": zlib.compress(b'{"messages":[]}')[:9]}},
        "a text for its parts": {"parts": {"S": "1"}},
        "nobody's partition": {"PK": {"S": "nobody"}},
        "the other pool": {"PK": {"S": "dark#COIN"}},
        "another ticker than its trades": {"PK": {"S": "lit#ZZZZ"}},
        "another number than its trades": {"SK": {"N": "77"}},
    },
    "archiver": {
        **BOOKINGS,
        "no time of its booking": {"settlementDate": {"NULL": True}},
        "a booking time that cannot be read": {"settlementDate": {"S": "yesterday"}},
    },
    "snapshot_taker": {
        "nobody's partition": {"PK": {"S": "nobody"}},
        "a ticker that nobody trades": {"PK": {"S": "lit#ZZZZ"}},
        "no ticker": {"PK": {"S": "lit#"}},
        "a name as long as a key's": {"PK": {"S": "lit#" + "x" * 2000}},
        "an entry to come": {"SK": {"N": "4"}},
        "a number beyond any": {"SK": {"N": "9" * 38}},
    },
}


@pytest.fixture
def keeping(new_world: NewWorld) -> Iterator[World]:
    """A snapshot is due at every entry."""
    with new_world(SnapshotEvery="1") as made:
        yield made


@pytest.mark.parametrize("stage", RECORDS)
def test_poison_in_a_stream_is_dead_lettered_with_its_reason_and_counted_and_all_others_go_on(
    keeping: World, stage: str, caplog: pytest.LogCaptureFixture
) -> None:
    keeping.post(entered(quantity=10))
    keeping.post(entered(quantity=20, customerId="000001", ticker="IBM", price="200.00"))
    while not keeping.pipeline.unread(stage):
        keeping.pipeline.step(but_not=stage)
    good = keeping.pipeline.unread(stage)
    image = good[0]["dynamodb"]["Keys" if stage == "snapshot_taker" else "NewImage"]
    expected = None
    for number, (name, wrong) in enumerate(RECORDS[stage].items(), 1):
        bad = events.inserted(image | wrong, number)
        delivery = keeping.deliver(stage, {"Records": [bad, *good]})
        dead_lettered = json.loads(keeping.objects("dead-letters/")[f"dead-letters/{stage}/{bad['eventID']}.json"])
        assert (name, dead_lettered["record"]) == (name, bad)
        assert dead_lettered["reason"]
        expected = expected or (delivery.published, stored(keeping))
        assert (delivery.published, stored(keeping)) == expected, name
        run_totals.count(BAD_INPUTS)
    lines = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert [f'{{ $.message = "{line}" }}' for line in lines] == [counted(stage)] * len(RECORDS[stage])
    keeping.settle()
    for each in good:
        keeping.deliver(stage, {"Records": [each]})
    assert sum(trade["quantity"] for trade in keeping.archived()) == 30


def counted(stage: str) -> str:
    """The lines of the stage's log that a metric counts, which has an alarm."""
    name = "".join(word.capitalize() for word in stage.split("_"))
    properties = RESOURCES[f"{name}DeadLetteredMetric"]["Properties"]
    [metric] = properties["MetricTransformations"]
    alarm = RESOURCES[f"{name}DeadLetteredAlarm"]["Properties"]
    assert properties["LogGroupName"] == {"Ref": f"{name}Logs"}
    assert (alarm["MetricName"], alarm["Threshold"]) == (metric["MetricName"], 0)
    return str(properties["FilterPattern"])


SCHEDULED: list[tuple[str, str]] = [
    ("session_close", "sessionDate"),
    ("settlement", "valueDate"),
    ("archive_compactor", "date"),
    ("reconciler", "date"),
]
CENTURIES_AWAY = ["0001-01-05", "1999-12-31", "3000-01-01", "9999-12-31"]
NO_EVENTS: list[Any] = [
    *CENTURIES_AWAY,
    "",
    "yesterday",
    "2026-02-30",
    "9" * 5000,
    "20261122",
    20261122,
    None,
    [],
    {},
    True,
]
NO_TIMES: list[Any] = [*(f"{date}T00:00:00Z" for date in CENTURIES_AWAY), "soon", None, 1]


@pytest.mark.parametrize(("stage", "field"), SCHEDULED)
def test_a_schedule_with_poison_in_it_fails_and_changes_nothing_and_the_next_one_does_its_work(
    world: World, stage: str, field: str
) -> None:
    """What fails goes, after two more attempts, to the stage's queue of failed events, which has an alarm."""
    before = world.state()
    for wrong in [{field: each} for each in NO_EVENTS] + [{}, *({"time": each} for each in NO_TIMES)]:
        with pytest.raises((KeyError, TypeError, ValueError)):
            world.stage(stage)(wrong)
        run_totals.count(BAD_INPUTS)
    assert (world.state(), world.pipeline.published) == (before, [])
    world.stage(stage)(events.scheduled(stage, "2026-11-22T00:00:00Z"))


def test_a_session_to_come_is_not_ended(world: World) -> None:
    with pytest.raises(ValueError, match="2026-11-24 is yet to come"):
        world.close("2026-11-24")
    assert world.pipeline.published == []


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_poison_in_a_request_is_refused_and_nothing_is_stored(shared_world: World, body: str) -> None:
    before = shared_world.state()
    path = {"customerId": "000002", "orderId": "01a203a9-f6bb-7060-be1c-26d323ef323f"}
    change = events.change("PATCH", path) | {"body": body}
    answers = [
        shared_world.post(body),
        shared_world.answer("order_entry", change),
        shared_world.account("POST", "cash", body),
        shared_world.account("PUT", "limits", body),
    ]
    assert [status for status, _ in answers] == [400] * 4
    run_totals.count(BAD_INPUTS, len(answers))
    assert shared_world.state() == before

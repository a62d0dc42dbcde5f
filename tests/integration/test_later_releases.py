"""While a deployment shifts traffic, what the new release publishes also reaches functions of the old one. Those that
cannot read it leave it, in its order, to the new ones.
"""

import json
from typing import Any

import pytest

from tests.integration.test_poison import BOOKING, DARK, LIT, content_of, stored, taken, trading
from tests.support import events
from tests.support.archived_trades import as_read
from tests.support.orders import entered
from tests.support.world import World
from trading.aws import clock
from trading.aws.messaging.queues import MAX_ATTEMPTS
from trading.aws.messaging.streams import LATER_SECONDS
from trading.domain.errors import FromLaterRelease
from trading.domain.messages.command_codec import READERS

LATER = {"version": 2, "type": "ordersRouted", "commands": [{"command": "whatNobodyKnowsYet"}]}
"""A message of the next version, with a command of a type that is not known."""
WORDS = '"ordersRouted" of version 2, which this release cannot read'
AGGREGATOR = "trades_data_aggregator"


def later(group: str, attempt: int = 1) -> dict[str, Any]:
    record = events.sqs_record(group, json.dumps(LATER), number=99)
    record["attributes"]["ApproximateReceiveCount"] = str(attempt)
    return record


@pytest.mark.parametrize("stage", [DARK, LIT, BOOKING])
def test_a_message_of_a_later_version_comes_again_with_its_group_and_the_other_groups_go_on(
    world: World, stage: str
) -> None:
    first, *others = trading(world, stage)
    group = first["attributes"]["MessageGroupId"]
    its, rest = [
        [each for each in others if (each["attributes"]["MessageGroupId"] == group) is own] for own in (True, False)
    ]
    assert rest
    before = stored(world)
    answer = world.deliver(stage, events.sqs([first, later(group, MAX_ATTEMPTS - 1), *others])).answer
    failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert failed == [each["messageId"] for each in (first, later(group), *its)]
    assert taken(world, stage) == []
    assert stored(world) != before  # by the other group
    assert world.deliver(stage, events.sqs([first, *others])).answer == {"batchItemFailures": []}


@pytest.mark.parametrize("stage", [DARK, LIT, BOOKING])
def test_at_its_last_attempt_it_is_dead_lettered_and_its_group_goes_on_without_it(world: World, stage: str) -> None:
    first, *others = trading(world, stage)
    group = first["attributes"]["MessageGroupId"]
    answer = world.deliver(stage, events.sqs([first, later(group, MAX_ATTEMPTS), *others])).answer
    assert answer == {"batchItemFailures": []}
    [letter] = taken(world, stage)
    assert (letter["Body"], letter["MessageAttributes"]["reason"]["StringValue"]) == (json.dumps(LATER), WORDS)


def test_what_can_never_be_read_is_dead_lettered_once_though_its_group_comes_again(world: World) -> None:
    first, *_ = trading(world, LIT)
    group = first["attributes"]["MessageGroupId"]
    poison = events.sqs_record(group, "{", number=98)
    answer = world.deliver(LIT, events.sqs([poison, later(group), first])).answer
    assert poison["messageId"] not in [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert [each["Body"] for each in taken(world, LIT)] == ["{"]


def test_a_record_of_a_later_version_holds_up_its_shard_for_a_quarter_of_an_hour(world: World) -> None:
    world.post(entered(quantity=10))
    while not world.pipeline.unread(AGGREGATOR):
        world.pipeline.step(but_not=AGGREGATOR)
    good = world.pipeline.unread(AGGREGATOR)
    record = events.inserted(good[0]["dynamodb"]["NewImage"] | {"content": content_of(json.dumps(LATER))})
    now = int(clock.now().timestamp())

    record["dynamodb"]["ApproximateCreationDateTime"] = now - LATER_SECONDS + 1
    with pytest.raises(FromLaterRelease, match=WORDS):
        world.deliver(AGGREGATOR, {"Records": [record, *good]})
    assert world.objects("dead-letters/") == {}

    record["dynamodb"]["ApproximateCreationDateTime"] = now - LATER_SECONDS - 1
    world.deliver(AGGREGATOR, {"Records": [record, *good]})
    [letter] = world.objects("dead-letters/").values()
    assert json.loads(letter)["reason"] == WORDS
    world.settle()
    assert as_read(stored(world))["archive"]


def test_version_1_has_these_commands_and_another_one_is_a_new_version() -> None:
    """An engine that does not know a command's type would dead-letter it, if it came in a version that it knows."""
    assert sorted(READERS) == [
        "cancelOrder",
        "cancelOrders",
        "expireOrders",
        "newOrder",
        "openSession",
        "quoteChanged",
        "replaceOrder",
        "watchQuote",
    ]

"""A message that no stage subscribes to does not vanish: it waits in a queue of its own, and is listed."""

from typing import Any

import pytest

from ops import dead_letter_queues, discard
from ops.dead_letter_queues import QueueKind
from tests.support.cloud import STACK
from tests.support.world import World


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letter_queues, "WAIT_SECONDS", 0)


def publish(world: World, topic: str, group: str, attributes: dict[str, str]) -> None:
    said: Any = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    arn = world.cloud.resolve({"Ref": topic})
    world.client("sns").publish(
        TopicArn=arn,
        Message='{"type":"ordersRouted","ticker":"COIN"}',
        MessageGroupId=group,
        MessageDeduplicationId=str(attributes),
        MessageAttributes=said,
    )


def unrouted() -> list[tuple[str | None, str, str]]:
    [queue] = [each for each in dead_letter_queues.queues(STACK) if each.kind is QueueKind.UNROUTED]
    assert queue.stage == "topics"
    return [(each.group, each.reason, each.about) for each in queue.first(20)]


def test_what_no_stage_subscribes_to_waits_with_its_attributes_and_no_stage_sees_it(world: World) -> None:
    publish(world, "OrdersTopic", "COIN", {"poolType": "Grey"})
    publish(world, "OrdersTopic", "AMD", {"pooltype": "Dark"})
    publish(world, "TradesTopic", "000002", {"eventType": "executionReport"})
    assert sorted(unrouted(), key=str) == [
        ("000002", 'no stage subscribes to eventType "executionReport"', "ticker COIN"),
        ("AMD", 'no stage subscribes to pooltype "Dark"', "ticker COIN"),
        ("COIN", 'no stage subscribes to poolType "Grey"', "ticker COIN"),
    ]
    world.settle()
    assert world.pipeline.delivered == []


def test_what_a_stage_or_a_subscriber_of_events_takes_is_not_unrouted(world: World) -> None:
    for pool in ("Dark", "Lit"):
        publish(world, "OrdersTopic", "COIN", {"poolType": pool})
    for kind in ("executionReports", "tradesSettled"):
        publish(world, "TradesTopic", "000002", {"eventType": kind})
    publish(world, "MarketTopic", "COIN", {"eventType": "marketUpdated"})
    assert unrouted() == []


def test_what_no_stage_subscribes_to_can_be_discarded_and_is_kept(world: World) -> None:
    publish(world, "OrdersTopic", "COIN", {"poolType": "Grey"})
    [gone] = discard.discard(STACK, dead_letter_queues.TOPICS)
    assert gone.key.startswith("discarded/topics/unrouted/")
    assert unrouted() == []

"""A system that was kept and is put back is as it was made, whatever was done to others meanwhile."""

import json
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support import backdoor, pristine
from tests.support.cloud import STACK, operators_client
from tests.support.in_turn import in_turn
from tests.support.orders import enter_day
from tests.support.world import TABLES, World

MARKET = {"Ref": "MarketParameter"}


def all_of(world: World) -> dict[str, Any]:
    """What is stored, what waits, and how AWS describes its resources, as calls of AWS and moto's own streams say."""
    dynamodb, s3, sns, sqs, ssm = (world.client(name) for name in ("dynamodb", "s3", "sns", "sqs", "ssm"))
    tables = [world.table(name) for name in TABLES]
    subscribed = [each["SubscriptionArn"] for each in sns.list_subscriptions()["Subscriptions"]]
    return world.state() | {
        "streams": [backdoor.stream(table, 0) for table in tables],
        "tables": [dynamodb.describe_table(TableName=table)["Table"] for table in tables],
        "expiry": [dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"] for table in tables],
        "topics": [sns.get_topic_attributes(TopicArn=each["TopicArn"])["Attributes"] for each in topics_of(sns)],
        "subscriptions": [sns.get_subscription_attributes(SubscriptionArn=each)["Attributes"] for each in subscribed],
        "queues": [
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            for url in sqs.list_queues()["QueueUrls"]
        ],
        "buckets": s3.list_buckets()["Buckets"],
        "stacks": stacks_of(world).list_stacks()["StackSummaries"],
        "stack": stacks_of(world).list_stack_resources(StackName=STACK)["StackResourceSummaries"],
        "market": ssm.get_parameter(Name=world.cloud.resolve(MARKET))["Parameter"],
    }


def stacks_of(world: World) -> Any:
    return operators_client(world._session, "cloudformation")


def topics_of(sns: Any) -> list[dict[str, str]]:
    topics: list[dict[str, str]] = sns.list_topics()["Topics"]
    return topics


def change_all(world: World) -> None:
    """A day is traded, messages wait, and resources are other ones."""
    enter_day(world)
    world.settle()
    world.simulate()
    world.deposit("000001", "1.00")
    enter_day(world)
    world.stage("smart_order_router")
    world.pipeline.step()
    table = world.table("TradesStore")
    world.client("dynamodb").update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "another"}
    )
    sns, sqs = world.client("sns"), world.client("sqs")
    for each in sns.list_subscriptions()["Subscriptions"][:2]:
        sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    for url in sqs.list_queues()["QueueUrls"]:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
    sqs.create_queue(QueueName="another")
    sns.create_topic(Name="another")
    world.client("s3").create_bucket(Bucket="another")
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    stacks_of(world).create_stack(StackName="another", TemplateBody=json.dumps(template))


@pytest.mark.parametrize("parameters", [{}, {"SnapshotEvery": "2"}])
def test_a_system_is_put_back_as_it_was_made_whatever_was_done_to_one_before(
    new_world: NewWorld, monkeypatch: pytest.MonkeyPatch, parameters: dict[str, str]
) -> None:
    monkeypatch.setattr(pristine, "_systems", {})
    with new_world(**parameters) as made:
        before, environment, calls = (
            all_of(made),
            made.cloud.environment("lit_pool_matching_engine"),
            made.faults.calls[:],
        )
        change_all(made)
        changed = all_of(made)
    assert [part for part in before if before[part] == changed[part]] == ["stack"]
    with new_world(**parameters) as put_back:
        assert all_of(put_back) == before
        assert put_back.cloud.environment("lit_pool_matching_engine") == environment
        assert put_back.faults.calls == calls
        change_all(put_back)
    with new_world(**parameters) as again:
        assert all_of(again) == before


def test_systems_of_other_parameters_are_others(new_world: NewWorld) -> None:
    every = []
    for parameters in ({}, {"SnapshotEvery": "2"}, {}, {"SnapshotEvery": "2"}):
        with new_world(**parameters) as world:
            every.append(world.cloud.environment("lit_pool_matching_engine")["SNAPSHOT_EVERY"])
    assert every == [every[0], "2"] * 2
    assert every[0] != "2"


def test_a_put_back_system_trades_as_a_new_one(new_world: NewWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pristine, "_systems", {})
    outcomes = []
    for _ in range(3):
        with in_turn(), new_world() as world:
            enter_day(world)
            world.settle()
            outcomes.append((world.state(), [(each.topic, each.group, each.body) for each in world.pipeline.published]))
    assert outcomes[1:] == outcomes[:1] * 2

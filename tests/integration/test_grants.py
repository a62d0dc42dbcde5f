"""A function's role grants what the function does, and nothing else: each call of AWS is held against the template."""

import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest

from tests.crash.crash_world import CrashWorld, Point
from tests.crash.failures import Failure
from tests.crash.scenarios import SCENARIOS
from tests.crash.scenarios.scenario import mine
from tests.crash.story import Story
from tests.support import events
from tests.support.grants import Grant, Use, grants, uses
from tests.support.new_world import world_of

PLAYED = ("accounts", "archive", "mixed-array", "replace-in-the-dark", "pegs", "day-end", "settlement", "snapshots")
QUEUES = ("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor", "market_data")
STREAMS = ("smart_order_router", "snapshot_taker", "trades_data_aggregator", "archiver")
MAPPING = "Lambda receives what it hands to the function, with the function's role"
SENT = "Lambda sends what failed for good, with the function's role"
MISSING = "else S3 does not say that a snapshot is missing"

OF_A_CUSTOMER = {"role": "customer", "customerId": "000002"}

LISTENING = "no story has anybody who listens: test_live_connections and test_live_updates do"
SIGNING_IN = "no story has a browser: test_sign_ins does"

NOT_CALLED = {
    ("live_connections", "*", "*"): LISTENING,
    ("live_market", "*", "*"): LISTENING,
    ("live_updates", "*", "*"): LISTENING,
    ("credential_keeper", "dynamodb:GetItem", "TradesStore"): SIGNING_IN,
    ("credential_keeper", "dynamodb:DeleteItem", "TradesStore"): SIGNING_IN,
    ("*", "dynamodb:DescribeStream", "*.StreamArn"): MAPPING,
    ("*", "dynamodb:GetRecords", "*.StreamArn"): MAPPING,
    ("*", "dynamodb:GetShardIterator", "*.StreamArn"): MAPPING,
    ("*", "dynamodb:ListStreams", "*.StreamArn"): MAPPING,
    ("*", "sqs:ReceiveMessage", "*Queue"): MAPPING,
    ("*", "sqs:DeleteMessage", "*Queue"): MAPPING,
    ("*", "sqs:GetQueueAttributes", "*Queue"): MAPPING,
    ("*", "sqs:SendMessage", "*Failed"): SENT,
    ("*", "s3:PutObject", "Archive/aws/lambda/[*]"): SENT,
    ("smart_order_router", "s3:ListBucket", "Archive"): "Lambda asks for it where it is to send what failed",
    ("trades_data_aggregator", "s3:ListBucket", "Archive"): "as for the router",
    ("archiver", "s3:ListBucket", "Archive"): "as for the router",
    ("data_extractor", "dynamodb:Query", "TradesStore/index/OpenOrders"): "many open orders: test_order_list_reads",
    ("trades_data_aggregator", "dynamodb:Query", "OrderBooks"): "no entry is in several parts: test_statistics has one",
    ("dark_pool_matching_engine", "s3:ListBucket", "Archive"): MISSING,
    ("lit_pool_matching_engine", "s3:ListBucket", "Archive"): MISSING,
}
"""What no function calls, by stage, action and thing, and why it is granted."""


def ask_everything(story: Story) -> None:
    """Credentials, every sample of a question, and the night's reconciliation, twice."""
    world = story.world
    story.post(mine("lit"))
    world.pipeline.run(but_not="trades_data_aggregator")
    world.clock.advance(minutes=2)
    story.post(mine("later"))
    world.pipeline.run(but_not="trades_data_aggregator")
    for record in world.pipeline.unread("trades_data_aggregator")[::-1]:  # the first is then of a bar that is over
        world.stage("trades_data_aggregator")({"Records": [record]})
    story.next_day()
    world.stage("api_authorizer")(events.token(events.basic("broker-1", "secret")))
    path = {"customerId": "000002", "ticker": "COIN", "date": "2026-11-22", "orderId": story.told["lit"]["orderId"]}
    for resource in world.stage("data_extractor").module.ROUTES:
        named = {name: value for name, value in path.items() if f"{{{name}}}" in resource}
        assert world.stage("data_extractor")(events.get(resource, named))["statusCode"] == 200
    issued = json.loads(world.stage("credential_keeper")(events.credentials("POST", None, OF_A_CUSTOMER))["body"])
    assert world.stage("credential_keeper")(events.credentials("DELETE", issued["keyId"]))["statusCode"] == 200
    assert [world.list_ticker("NEW", "1.00", "1.02")[0] for _ in range(2)] == [201, 200]
    quote = {"bid": "1.01", "ask": "1.02", "bidSize": 100, "askSize": 100}
    assert world.answer("ticker_keeper", events.put_quote("NEW", quote))[0] == 202
    orders = events.get("/customers/{customerId}/orders", {"customerId": "000002"}, {"state": "open"})
    assert world.stage("data_extractor")(orders)["statusCode"] == 200
    assert world.stage("order_entry")(events.cancel_all("000002"))["statusCode"] == 202
    for date in story.dates[:2]:
        world.stage("reconciler")({"date": date})
    world.deliver(
        "smart_order_router", {"Records": [events.inserted({"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}})]}
    )
    for resource in world.stage("operations_desk").module.ROUTES:
        assert world.stage("operations_desk")(events.get(resource, {}))["statusCode"] == 200


def do_everything_wrong(story: Story) -> None:
    """Orders beyond a limit that is known, a settlement that another one overtakes, groups that fail, poison, cold
    starts.
    """
    world = story.world
    world.limit(highestOrderValue="10000.00")
    for name in ("first", "second"):
        story.post(mine(name, quantity=1000))
    story.post(mine("lit", quantity=10), mine("dark", ticker="AMD", quantity=10, price="114.25"))
    failing: list[tuple[str, str, Failure]] = [
        *((stage, "PublishBatch", Failure.THROTTLED) for stage in QUEUES),
        ("settlement", "TransactWriteItems", Failure.RIVAL),
    ]

    def struck(point: Point) -> Failure | None:
        wanted = next((each for each in failing if each[:2] == (point.stage, point.operation)), None)
        if wanted is None:
            return None
        failing.remove(wanted)
        return wanted[2]

    world.struck = struck
    world.quote("COIN", "161.90", "161.92")
    story.next_day()
    assert failing == []
    for stage in QUEUES:
        world.deliver(stage, events.sqs([events.sqs_record("COIN", "{")]))
    for stage in STREAMS:
        world.deliver(stage, {"Records": [events.inserted({"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}})]})
    world.cool_down()
    story.post(mine("after", quantity=10), mine("dark after", ticker="AMD", quantity=10, price="114.25"))
    story.settle()


@pytest.fixture(scope="module")
def used(session: boto3.Session) -> set[Use]:
    """All that the functions take, over days of every kind, each of which comes twice."""
    found: set[Use] = set()
    flows: list[tuple[Callable[[Story], None], dict[str, str]]] = [
        *((SCENARIOS[name].play, SCENARIOS[name].parameters) for name in PLAYED),
        (ask_everything, {}),
        (do_everything_wrong, {"SnapshotEvery": "1"}),
    ]
    for play, parameters in flows:
        with world_of(CrashWorld, session, **parameters) as world:
            story = Story(watched(world, found))
            play(story)
            story.deliver_all_again()
    return found


def watched(world: CrashWorld, found: set[Use]) -> CrashWorld:
    names = world.cloud.names

    def watch(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if world.at_work:
            found.update(uses(world.at_work, model.name, params, names))

    for service in ("dynamodb", "sns", "sqs", "s3", "ssm"):
        world.client(service).meta.events.register("provide-client-params", watch)
    return world


def test_what_a_function_does_is_granted(used: set[Use]) -> None:
    granted = list(grants())
    assert [use for use in sorted(used) if not any(each.covers(use) for each in granted)] == []


def test_what_is_granted_is_done_or_there_is_a_reason(used: set[Use]) -> None:
    idle = [each for each in grants() if not any(each.covers(use) for use in used)]
    assert [str(each) for each in idle if not any(fits(each, *pattern) for pattern in NOT_CALLED)] == []
    assert [pattern for pattern in NOT_CALLED if not any(fits(each, *pattern) for each in idle)] == []


def fits(grant: Grant, stage: str, action: str, things: str) -> bool:
    return fnmatchcase(grant.action, action) and fnmatchcase(grant.stage, stage) and fnmatchcase(grant.things, things)

"""Each function may do what it does, and nothing else: all else is tried with its own role, and denied."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.e2e.system import System
from tests.support.stages import STAGES

DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
Aws = Callable[[str], Any]
NOBODY = {"PK": {"S": "CUST#999999"}, "SK": {"S": "CUST#999999"}}
ENTRY = {"PK": {"S": "lit#ZZZZ"}, "SK": {"N": "1"}}
LIVE = ("live_updates", "live_market")
QUEUES = ("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor", "market_data", *LIVE)
FOLDERS = ("trades", "snapshots", "dead-letters", "reconciliation")
TABLES = {"TRADES_STORE": NOBODY, "ORDER_BOOKS": ENTRY}


def attempts(system: System, aws: Aws) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What somebody might try with a function's role, by name. Nothing of it is there to be harmed."""
    names = system.resources
    dynamodb = aws("dynamodb")
    for table, key in TABLES.items():
        there = {"TableName": names[f"{table}_NAME"]}
        if_there = {"ConditionExpression": "attribute_exists(PK)", **there}
        query = {"KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": {":pk": key["PK"]}}
        yield f"get {table}", partial(dynamodb.get_item, Key=key, **there)
        yield f"query {table}", partial(dynamodb.query, **query, **there)
        yield f"put {table}", partial(dynamodb.put_item, Item=key, **if_there)
        yield f"update {table}", partial(dynamodb.update_item, Key=key, **if_there)
        yield f"delete {table}", partial(dynamodb.delete_item, Key=key, **if_there)
        yield f"scan {table}", partial(dynamodb.scan, Limit=1, **there)
        yield f"drop {table}", partial(dynamodb.delete_table, **there)
    for topic in ("ORDERS", "TRADES", "QUOTES", "MARKET"):
        message = {"Message": "{", "MessageGroupId": "none", "MessageDeduplicationId": "none"}
        arn = names[f"{topic}_TOPIC_ARN"]
        yield f"publish {topic}", partial(aws("sns").publish, TopicArn=arn, **message)
    for queue in QUEUES:
        url, dead_letters = system.queue(queue), system.queue(f"{queue}-dlq")
        sent = {"MessageBody": "{", "MessageGroupId": "none", "MessageDeduplicationId": "none"}
        yield f"receive {queue}", partial(aws("sqs").receive_message, QueueUrl=url, VisibilityTimeout=0)
        yield f"send {queue}", partial(aws("sqs").send_message, QueueUrl=url, **sent)
        yield f"dead-letter {queue}", partial(aws("sqs").send_message, QueueUrl=dead_letters, **sent)
        yield f"purge {queue}", partial(aws("sqs").purge_queue, QueueUrl=url)
    for folder in FOLDERS:
        place = {"Bucket": names["ARCHIVE_NAME"], "Key": f"{folder}/none"}
        yield f"read {folder}", partial(aws("s3").get_object, **place)
        yield f"write {folder}", partial(aws("s3").put_object, Body=b"", **place)
        yield f"remove {folder}", partial(aws("s3").delete_object, **place)
    market = "/trading/market"
    yield "read the market", partial(aws("ssm").get_parameter, Name=market)
    yield "change the market", partial(aws("ssm").put_parameter, Name=market, Value="{}", Type="String", Overwrite=True)
    yield "list the bucket", partial(aws("s3").list_objects_v2, Bucket=names["ARCHIVE_NAME"])
    yield "invoke a function", partial(aws("lambda").invoke, FunctionName="trading-data_extractor", Payload=b"{}")
    yield "list roles", aws("iam").list_roles


ENGINE = {"get ORDER_BOOKS", "put ORDER_BOOKS", "query ORDER_BOOKS", "get TRADES_STORE", "publish TRADES"}
ENGINE |= {"publish MARKET", "publish ORDERS"}
ENGINE |= {"read the market", "read snapshots", "list the bucket"}
NEEDED = {
    "account_keeper": {"put TRADES_STORE", "update TRADES_STORE"},
    "api_authorizer": {"get TRADES_STORE"},
    "api_docs": set(),
    "snapshot_taker": {
        *("get ORDER_BOOKS", "query ORDER_BOOKS", "update ORDER_BOOKS"),
        *("read snapshots", "write snapshots", "remove snapshots", "write dead-letters", "list the bucket"),
    },
    "broker_ui": set(),
    "credential_keeper": set(),
    **{stage: {f"receive {stage}", f"dead-letter {stage}"} for stage in LIVE},
    "live_connections": {"get TRADES_STORE", "query TRADES_STORE"},
    "ticker_keeper": {"publish QUOTES", "read the market"},
    "dark_pool_matching_engine": ENGINE
    | {"receive dark_pool_matching_engine", "dead-letter dark_pool_matching_engine"},
    "data_extractor": {"get TRADES_STORE", "query TRADES_STORE", "read the market"},
    "lit_pool_matching_engine": ENGINE | {"receive lit_pool_matching_engine", "dead-letter lit_pool_matching_engine"},
    "market_data": {
        *("publish ORDERS", "read the market"),
        *("receive market_data", "dead-letter market_data"),
    },
    "operations_desk": {"read dead-letters", "read reconciliation"},
    "order_entry": {
        *("get TRADES_STORE", "query TRADES_STORE", "put TRADES_STORE", "update TRADES_STORE", "read the market"),
    },
    "post_trade_processor": {
        *("put TRADES_STORE", "update TRADES_STORE", "publish TRADES", "write trades"),
        *("receive post_trade_processor", "dead-letter post_trade_processor"),
    },
    "reconciler": {
        *("get TRADES_STORE", "query TRADES_STORE", "put TRADES_STORE", "query ORDER_BOOKS"),
        *("read trades", "write reconciliation", "list the bucket"),
    },
    "session_close": {"query TRADES_STORE", "publish ORDERS", "read the market"},
    "settlement": {"put TRADES_STORE", "update TRADES_STORE"},
    "smart_order_router": {
        *("publish ORDERS", "publish TRADES", "write dead-letters", "list the bucket"),
    },
    "archive_compactor": {"read trades", "write trades", "remove trades", "list the bucket"},
    "archiver": {"write trades", "write dead-letters", "list the bucket"},
    "trades_data_aggregator": {
        *("query ORDER_BOOKS", "write dead-letters", "list the bucket"),
    },
}
"""Of the attempts those that a function makes itself."""
NOT_HELD = {
    "credential_keeper": {"get TRADES_STORE", "put TRADES_STORE", "update TRADES_STORE", "delete TRADES_STORE"},
    "ticker_keeper": {"get TRADES_STORE", "put TRADES_STORE"},
    "lit_pool_matching_engine": {"update TRADES_STORE"},
    "market_data": {"get TRADES_STORE", "update TRADES_STORE"},
    "operations_desk": {"query TRADES_STORE"},
    "settlement": {"query TRADES_STORE", "delete TRADES_STORE"},
    "smart_order_router": {"query TRADES_STORE"},
    "trades_data_aggregator": {"get TRADES_STORE", "put TRADES_STORE"},
}
"""What AWS denies by `dynamodb:LeadingKeys`. MiniStack (1.5.33) passes over it; tests/template has it."""


@contextmanager
def as_function(system: System, stage: str) -> Iterator[Aws]:
    """Clients with the role of the stage's function. Who tests is trusted with it for so long."""
    arn = system.aws("lambda").get_function_configuration(FunctionName=f"trading-{stage}")["Role"]
    name, iam = arn.rpartition("/")[2], system.aws("iam")
    account = arn.split(":")[4]
    trusted = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    tester = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
    opened = trusted | {"Statement": [*trusted["Statement"], tester]}
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(opened))
    try:
        taken = system.aws("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        session = boto3.Session(
            taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"], system.session.region_name
        )
        client: Any = session.client
        yield cache(lambda service: client(service, endpoint_url=system.endpoint))
    finally:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trusted))


def outcome(attempt: Callable[[], Any]) -> str:
    """`denied`, or what else came of it."""
    try:
        attempt()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return "denied" if code in DENIED else code
    return "done"


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_is_denied_what_it_does_not_need(system: System, stage: str) -> None:
    with as_function(system, stage) as aws:
        tried = dict(attempts(system, aws))
        others = tried.keys() - NEEDED[stage] - NOT_HELD.get(stage, set())
        found = {name: outcome(tried[name]) for name in sorted(others)}
    assert NEEDED[stage] <= tried.keys()
    assert {name: came for name, came in found.items() if came != "denied"} == {}


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_may_read_what_it_needs_with_the_same_role(system: System, stage: str) -> None:
    """Else a denial says nothing. What it writes and publishes, the other tests see."""
    with as_function(system, stage) as aws:
        reading = {name: attempt for name, attempt in attempts(system, aws) if name.split()[0] in {"get", "put"}}
        found = {name: outcome(attempt) for name, attempt in reading.items() if name in NEEDED[stage]}
    assert "denied" not in found.values()

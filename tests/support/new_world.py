"""Makes a system in memory, on moto."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from unittest.mock import patch

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from moto import mock_aws
from moto.core import models as moto_core
from moto.core.botocore_stubber import BotocoreStubber
from moto.dynamodb.models.table import Table

from tests.support import account_invariants, quick_moto, schemas
from tests.support.clock import Clock
from tests.support.in_turn import InTurn
from tests.support.world import World
from trading.aws import clients
from trading.aws.messaging import topics

AnyWorld = TypeVar("AnyWorld", bound=World)
CLIENTS = (clients.dynamodb, clients.sns, clients.sqs, clients.s3, clients.ssm, clients.connections)


@contextmanager
def new_world(session: boto3.Session, **parameters: str) -> Iterator[World]:
    """A system in which nothing has happened yet, one at a time: the same every time, ids too. `parameters` are
    those of the template.

    In the end all that was published is compared with the schemas, the accounts with the rules of bookkeeping, and the
    lives of all orders with the table of their states.
    """
    with world_of(World, session, **parameters) as world:
        yield world
        require_sound(world)


def require_sound(world: World) -> None:
    """What must hold in the end, whatever happened."""
    assert world.faults.all_struck()
    assert [fault for each in world.pipeline.published for fault in schemas.faults(each.body)] == []
    assert account_invariants.mistakes(world) == []
    forbidden = [] if world.tampered else world.forbidden_states()
    assert not forbidden, forbidden


@contextmanager
def world_of(kind: type[AnyWorld], session: boto3.Session, **parameters: str) -> Iterator[AnyWorld]:
    """A system of this kind, which nobody checks.

    Stages see AWS at its worst: nothing is deduplicated. Each request is atomic, as DynamoDB's are. What may be
    published at the same time is published one after the other, so that it comes in the same order every time.
    """
    atomic = threading.RLock()

    def process_atomically(stubber: BotocoreStubber, request: AWSPreparedRequest) -> object:
        with atomic:
            return quick_moto.answered(stubber, request)

    # moto's answers to the library requests, by which nothing here calls AWS, take long to set up.
    by_requests = patch.object(moto_core, "RESPONSES_METHODS", ())
    with by_requests, mock_aws(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(BotocoreStubber, "process_request", process_atomically)
        quick_moto.patch(patched)
        patched.setattr(topics, "ThreadPoolExecutor", InTurn)
        patched.setattr(Table, "_get_default_encryption_key", lambda *_: "aws/dynamodb")  # making a real one takes long
        patched.setattr(boto3, "DEFAULT_SESSION", session)
        for client in CLIENTS:
            client.cache_clear()
        yield kind(session, Clock(patched), **parameters)


def new_session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")

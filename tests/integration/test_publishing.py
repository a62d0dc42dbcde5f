"""Messages are published several calls at once, and those of a group in their order."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import boto3
import botocore
import pytest
from botocore.awsrequest import AWSRequest

from tests.support.new_world import world_of
from tests.support.world import World
from trading.aws.messaging import topics
from trading.aws.messaging.topics import BATCH_ENTRIES, PublishFailed, Topics
from trading.domain.messages.wire import Message

SECONDS = 20.0


def message(topic: str, group: str, number: int) -> Message:
    return Message(topic, {"eventType": "tried"}, group, f"{topic} {group} {number}", f'"{number}"')


@pytest.fixture
def world(session: boto3.Session) -> Iterator[World]:
    """A system in which what is published is nobody's."""
    with world_of(World, session) as made:
        yield made
        assert made.faults.all_struck()


@pytest.fixture
def published(world: World, monkeypatch: pytest.MonkeyPatch) -> Topics:
    """The topics of a system, published to as Lambda does it."""
    monkeypatch.setattr(topics, "ThreadPoolExecutor", ThreadPoolExecutor)
    return Topics({name: world.cloud.resolve({"Ref": f"{name.title()}Topic"}) for name in ("trades", "market")})


def noted(world: World) -> dict[str, list[str]]:
    """The ids of what is published from now on, by group, in their order."""
    found: dict[str, list[str]] = defaultdict(list)

    def note(params: dict[str, Any], **_: Any) -> None:
        assert len(params["PublishBatchRequestEntries"]) <= BATCH_ENTRIES
        for each in params["PublishBatchRequestEntries"]:
            found[each["MessageGroupId"]].append(each["MessageDeduplicationId"])

    world.client("sns").meta.events.register("provide-client-params.sns.PublishBatch", note)
    return found


def test_each_message_is_published_once_and_those_of_a_group_in_their_order(world: World, published: Topics) -> None:
    sent = [message("trades", f"customer {number % 37}", number) for number in range(222)]
    sent += [message("trades", "busy", number) for number in range(33)]
    sent += [message("market", "COIN", number) for number in range(12)]
    found = noted(world)
    published.publish(sent)
    expected: dict[str, list[str]] = defaultdict(list)
    for each in sent:
        expected[each.group].append(each.id)
    assert found == expected


def test_topics_and_groups_do_not_wait_for_one_another(world: World, published: Topics) -> None:
    together = threading.Barrier(4)

    def meet(**_: Any) -> None:
        together.wait(SECONDS)

    world.client("sns").meta.events.register("provide-client-params.sns.PublishBatch", meet)
    published.publish(
        [message("trades", f"customer {number}", number) for number in range(30)] + [message("market", "COIN", 1)]
    )
    assert not together.broken


def test_the_form_of_a_call_is_written_once_before_it_is_signed(world: World, published: Topics) -> None:
    forms: list[Any] = []
    world.client("sns").meta.events.register(
        "request-created.sns.PublishBatch", lambda request, **_: forms.append(request.data)
    )
    text = '{"name": "Zürich & Söhne = 100 % + 1"}'
    published.publish([Message("trades", {"eventType": "tried"}, "000002", "an id", text)])
    [form] = forms
    assert parse_qs(form)["PublishBatchRequestEntries.member.1.Message"] == [text]
    assert AWSRequest("POST", data=dict(parse_qsl(form))).body == form.encode()  # as botocore writes it


def test_a_call_says_in_a_constant_text_who_makes_it(world: World, published: Topics) -> None:
    names: list[bytes] = []
    world.client("sns").meta.events.register(
        "before-send.sns.PublishBatch", lambda request, **_: names.append(request.headers["User-Agent"])
    )
    published.publish([message("trades", "000002", 1)])
    [name] = names
    assert name.startswith(f"serverless-trading-system Botocore/{botocore.__version__} PT/".encode())


def test_what_is_not_taken_is_told_when_all_else_is_published(world: World, published: Topics) -> None:
    found = noted(world)
    failed = [{"Id": "0", "Code": "InternalError", "SenderFault": False}]
    world.faults.answered("sns.PublishBatch", Successful=[], Failed=failed)
    with pytest.raises(PublishFailed, match="InternalError"):
        published.publish([message("trades", f"customer {number}", number) for number in range(30)])
    assert len(found) == 30

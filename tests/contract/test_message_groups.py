"""A FIFO queue of the local cloud gives messages as SQS does: many of one group, and each group in its order."""

import time
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from local.message_groups import replacements

queues: Any = import_module("ministack.services.sqs")
SECONDS = 30


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a queue."""
    monkeypatch.setattr(queues, "time", SimpleNamespace(**vars(time)))
    for name, replacement in replacements(queues).items():
        monkeypatch.setattr(queues, name, replacement)
    made = queues._act_create_queue(
        {"QueueName": "commands.fifo", "Attributes": {"FifoQueue": "true", "VisibilityTimeout": str(SECONDS)}}, ""
    )
    yield made["QueueUrl"]
    queues._act_delete_queue({}, made["QueueUrl"])


def send(queue: str, *bodies: str) -> None:
    """Messages whose group is their first letter."""
    for body in bodies:
        message = {"MessageBody": body, "MessageGroupId": body[0], "MessageDeduplicationId": body}
        queues._act_send_message(message, queue)


def given(queue: str, most: int = 10) -> list[str]:
    return [each["body"] for each in queues._receive_messages_for_esm(queue, most)]


def remove(queue: str, *bodies: str) -> None:
    messages = queues._get_q(queue)["messages"]
    queues._delete_messages_for_esm(queue, {each["receipt_handle"] for each in messages if each["body"] in bodies})


def test_a_batch_has_the_messages_of_the_oldest_one_s_group_before_others(queue: str) -> None:
    send(queue, "a1", "b1", "a2", "c1", "b2", "a3")
    assert given(queue, 4) == ["a1", "a2", "a3", "b1"]


def test_a_group_waits_for_its_messages_that_are_being_processed(queue: str) -> None:
    send(queue, "a1", "a2", "b1", "a3", "b2")
    assert given(queue, 2) == ["a1", "a2"]
    assert given(queue) == ["b1", "b2"]
    assert given(queue) == []
    remove(queue, "a1", "a2")
    assert given(queue) == ["a3"]


def test_what_was_not_removed_in_time_comes_again_before_what_is_behind_it(queue: str) -> None:
    send(queue, "a1", "b1", "a2")
    assert given(queue, 1) == ["a1"]
    for message in queues._get_q(queue)["messages"]:
        if message["body"] == "a1":
            message["visible_at"] -= SECONDS
    assert given(queue) == ["a1", "a2", "b1"]

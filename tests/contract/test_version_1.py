"""The frozen samples are as they were, and their messages are what today's schemas say."""

import hashlib
import json

import pytest

from tests.support import schemas, version_1

SUMS = dict(line.split()[::-1] for line in (version_1.FOLDER / "SHA256SUMS").read_text().splitlines())


def test_no_sample_was_changed() -> None:
    files = {path.name: path.read_bytes() for path in version_1.FOLDER.glob("*.json")}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == SUMS


def test_every_type_of_message_has_a_sample_that_is_valid_today() -> None:
    bodies = [message["body"] for message in version_1.read("messages")]
    assert {json.loads(body)["type"] for body in bodies} == set(schemas.MESSAGES)
    assert [fault for body in bodies for fault in schemas.faults(body)] == []


@pytest.mark.parametrize(
    ("found", "frozen", "faults"),
    [
        ({"a": [{"b": 1, "more": 2}]}, {"a": [{"b": 1}]}, []),
        ({"a": [{"b": 2}]}, {"a": [{"b": 1}]}, ["/a/0/b: 2 instead of 1"]),
        ({"a": [1, 2]}, {"a": [1]}, ["/a: [1, 2] instead of [1]"]),
        ({}, {"a": 1}, ["/a: None instead of 1"]),
    ],
)
def test_more_than_was_frozen_is_allowed_and_nothing_else(found: object, frozen: object, faults: list[str]) -> None:
    assert version_1.missing(found, frozen) == faults

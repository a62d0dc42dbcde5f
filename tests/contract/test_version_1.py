"""The frozen samples are as they were, and their messages are what today's schemas say."""

import hashlib
import json
from dataclasses import asdict

import pytest

from tests.support import schemas, version_1
from trading.domain.executions import trades_of
from trading.domain.messages.events import BOOKED, REPORTED, booked_message, reports_from, reports_message
from trading.domain.messages.quotes import QUOTED
from trading.domain.messages.wire import Message

SUMS = dict(line.split()[::-1] for line in (version_1.FOLDER / "SHA256SUMS").read_text().splitlines())


def test_no_sample_was_changed() -> None:
    files = {path.name: path.read_bytes() for path in version_1.FOLDER.glob("*.json")}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == SUMS


def test_every_type_of_message_but_a_quote_has_a_sample_that_is_valid_today() -> None:
    bodies = [message["body"] for message in version_1.read("messages")]
    assert {json.loads(body)["type"] for body in bodies} == set(schemas.MESSAGES) - {QUOTED}
    assert [fault for body in bodies for fault in schemas.faults(body)] == []


def test_what_version_1_reported_is_reported_and_booked_in_the_same_words_with_the_same_ids() -> None:
    messages = {kind: [m for m in version_1.read("messages") if json.loads(m["body"])["type"] == kind]
                for kind in (REPORTED, BOOKED)}  # fmt: skip
    booked = {json.loads(message["body"])["bookingId"]: message for message in messages[BOOKED]}
    for message in messages[REPORTED]:
        reports = reports_from(message["body"])
        assert _differs(reports_message(reports), message) == []
        if settled := booked.pop(reports.booking_id, None):
            date = json.loads(settled["body"])["settlementDate"]
            assert _differs(booked_message(reports, date, trades_of(reports, date)), settled) == []
    assert not booked


def _differs(found: Message, frozen: dict[str, str]) -> list[str]:
    one, other = ({**message, "body": json.loads(message["body"])} for message in (asdict(found), frozen))
    return version_1.missing({**one, "topic": other["topic"]}, other)


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

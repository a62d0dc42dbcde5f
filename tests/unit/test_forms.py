"""Calls of SNS: their form is the one that botocore would write."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from trading.aws import clients
from trading.aws.messaging.topics import Topics
from trading.domain.messages.wire import Message

ARN = "arn:aws:sns:us-east-1:123456789012:trades.fifo"
ASCII = "".join(map(chr, range(128)))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The bodies of what is sent to SNS, which is answered at once."""
    bodies: list[bytes] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        bodies.append(bytes(request.body))
        return AWSResponse(request.url, 200, {}, _Taken())  # type: ignore[arg-type] # as much of an answer as is read

    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    clients.sns.cache_clear()
    hooks: Any = clients.sns().meta.events
    hooks.register_first("before-send.sns", answer)
    yield bodies
    clients.sns.cache_clear()


class _Taken:
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield b"<PublishBatchResponse><PublishBatchResult/></PublishBatchResponse>"


@pytest.mark.parametrize(
    "body", ["x", '{"price":"161.90"}', "50 % + 1", ASCII, ASCII * 10, "%2B %25 ++ " * 100, "é+%" * 300, "x" * 1000]
)
def test_a_message_of_any_length_and_letters_is_written_as_botocore_would(sent: list[bytes], body: str) -> None:
    Topics({"trades": ARN}).publish([Message("trades", {"eventType": "x y"}, "000002", "id-1", body)])
    [form] = (each.decode() for each in sent)
    fields = dict(parse_qsl(form, keep_blank_values=True, strict_parsing=True))
    assert fields["PublishBatchRequestEntries.member.1.Message"] == body
    assert form == urlencode(fields)

"""Errors by which AWS says that it can never take what was sent: recognised by their codes, never by their text."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from trading.aws.messaging.topics import PublishFailed
from trading.domain.errors import Unprocessable

NEVER_TAKEN = frozenset(
    {
        "ValidationException",  # DynamoDB: a key, an item, a number or a transaction outside of its limits
        "ValidationError",  # the same of one write of a transaction
        "SerializationException",  # a value of another type than the operation takes
        "ItemCollectionSizeLimitExceeded",
        "ItemCollectionSizeLimitExceededException",
        "KeyTooLongError",  # S3
        "EntityTooLarge",
        "InvalidParameter",  # SNS: an id, a group, an attribute or a text that it does not take, or too much of it
        "ParameterValueInvalid",
        "BatchRequestTooLong",
        "InvalidParameterValue",  # SQS
        "InvalidMessageContents",
    }
)
"""These codes are about what is sent, not about who sends it or when. What is forbidden, missing, busy or throttled may
be mended.
"""


def refusal_of(error: Exception) -> Unprocessable | None:
    """Why AWS can never take what it answered with this error; None if it may take it later."""
    codes = list(_codes(error))
    if not codes or not NEVER_TAKEN.issuperset(codes):
        return None
    return Unprocessable(f"AWS never takes what follows from it: {', '.join(sorted(set(codes)))}")


def _codes(error: Exception) -> Iterator[str]:
    match error:
        case PublishFailed():
            yield from error.codes
        case ClientError() if "CancellationReasons" in error.response:
            codes = (reason.get("Code", "None") for reason in error.response["CancellationReasons"])
            yield from (code for code in codes if code != "None")
        case ClientError():
            yield error.response["Error"]["Code"]

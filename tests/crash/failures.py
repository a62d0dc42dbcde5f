"""The ways in which a call of AWS fails, or in which others come between."""

from enum import StrEnum

CONDITIONAL = frozenset({"TransactWriteItems", "PutItem", "UpdateItem"})
WRITES = CONDITIONAL | {
    *("BatchWriteItem", "PublishBatch", "PutObject", "DeleteObject", "SendMessage"),
    *("PostToConnection", "DeleteConnection"),
}
RETURN = "return"
"""Not a call of AWS: the invocation is done, and ends."""


class Failure(StrEnum):
    """What happens to one call, or around it."""

    UNREACHABLE = "unreachable"
    """No attempt of botocore's arrives."""
    TIMED_OUT = "timed-out"
    """No attempt is answered, nor executed, until botocore's time is over."""
    ANSWER_LOST_ONCE = "answer-lost-once"
    """It is executed and its answer lost; botocore sends it a second time."""
    ANSWER_LOST = "answer-lost"
    """It is executed, by each of botocore's attempts, and all answers are lost."""
    THROTTLED = "throttled"
    """AWS refuses it, botocore's attempts are used up."""
    CONFLICT = "conflict"
    """Another transaction is at work on one of the items."""
    HALF = "half"
    """SNS takes the first half of the messages."""
    KILLED_BEFORE = "killed-before"
    """The function's process ends; the call was not sent."""
    KILLED_AFTER = "killed-after"
    """The function's process ends; the call was executed."""
    RIVAL = "rival"
    """Another instance of the function is given the same event and is done with it before the call is sent."""
    OVERTAKEN = "overtaken"
    """Money comes in, and other instances do all that waits anywhere, before the call is sent."""


_OF_WRITES = (Failure.ANSWER_LOST_ONCE, Failure.ANSWER_LOST, Failure.KILLED_AFTER, Failure.RIVAL)


def failures_of(operation: str, *, starting: bool) -> list[Failure]:
    """Those that can happen to this operation and differ. A read whose answer is lost was as good as not sent; while a
    function is starting, nothing that others do comes between: it has no event yet.
    """
    if operation == RETURN:
        return [Failure.KILLED_AFTER]
    found = [Failure.UNREACHABLE, Failure.TIMED_OUT, Failure.THROTTLED, Failure.KILLED_BEFORE]
    if not starting:
        found.append(Failure.OVERTAKEN)
    if operation in WRITES:
        found += _OF_WRITES
    if operation in CONDITIONAL:
        found.append(Failure.CONFLICT)
    if operation == "PublishBatch":
        found.append(Failure.HALF)
    return found

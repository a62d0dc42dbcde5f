"""What waits, what could not be processed, and what the reconciliation found; for brokers."""

from typing import Literal, NotRequired, TypedDict


class StageWork(TypedDict):
    """What waits in a stage's queue, and what the stage works on, about."""

    stage: str
    waiting: int
    inFlight: int


class DueSettlement(TypedDict):
    """How many positions have something due on a day that is not settled."""

    valueDate: str
    due: int


class Work(TypedDict):
    """What is under way."""

    stages: list[StageWork]
    settlement: DueSettlement


class DeadLetterQueue(TypedDict):
    """How many messages could not be processed, by stage and kind."""

    stage: str
    kind: Literal["dlq", "undelivered", "failed", "unrouted"]
    count: int


class DeadLetterRecord(TypedDict):
    """A record of a stream that a stage could not process, and why."""

    stage: str
    id: str
    since: str
    reason: str
    keys: list[str]


class DeadLetters(TypedDict):
    """What could not be processed. `givenUp` are objects with records that Lambda gave up."""

    queues: list[DeadLetterQueue]
    recordCount: int
    records: list[DeadLetterRecord]
    givenUp: int


class BreakSide(TypedDict):
    """A record, and what it says; nothing, if it has no value."""

    side: str
    value: NotRequired[str]


class Break(TypedDict):
    """What differs between two records of the same thing."""

    kind: str
    field: str
    customerId: NotRequired[str]
    ticker: NotRequired[str]
    reference: NotRequired[str]
    sides: list[BreakSide]


class Reconciliation(TypedDict):
    """A day's report, with the first hundred of its breaks."""

    date: str
    time: str
    compared: dict[str, int]
    breakCount: int
    breaks: list[Break]
    busy: list[str]
    published: NotRequired[list[str]]

"""Why something was refused."""

from typing import NotRequired, TypedDict


class Fault(TypedDict):
    """One of several faults of a body."""

    pointer: str
    code: str
    detail: str


class ProblemDetails(TypedDict):
    """Why something was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[Fault]]
    orderId: NotRequired[str]

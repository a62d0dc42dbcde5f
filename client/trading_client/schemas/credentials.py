"""Credentials of the API."""

from typing import Literal, NotRequired, TypedDict


class Credential(TypedDict):
    """A credential as it was issued. Nothing shows its secret again."""

    keyId: str
    secret: str
    role: Literal["broker", "customer"]
    customerId: NotRequired[str]


class Caller(TypedDict):
    """Whose a credential is."""

    role: Literal["broker", "customer"]
    customerId: NotRequired[str]


class Revocation(TypedDict):
    """That a credential is revoked."""

    keyId: str
    revoked: Literal[True]

"""API credentials: a key id and a secret, of which only a digest is stored, and whose they are."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from trading.domain.errors import Refusal
from trading.domain.orders import CUSTOMER_ID

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a broker may act for any customer, a customer for itself alone."""

    role: str
    customer_id: str | None

    @property
    def shown(self) -> dict[str, str]:
        """The caller, as the authorizer describes it to the functions behind it, and as callers are told."""
        return {"role": self.role} | ({"customerId": self.customer_id} if self.customer_id else {})

    def require(self, customer_id: str) -> None:
        """Raises the refusal `forbidden` unless the caller may act for this customer."""
        if self.role != "broker" and self.customer_id != customer_id:
            raise Refusal("forbidden", f"These credentials are not for customer {customer_id}.")

    def require_broker(self) -> None:
        """Raises the refusal `forbidden` unless the caller is a broker."""
        if self.role != "broker":
            raise Refusal("forbidden", "Only a broker may do this.")


@dataclass(frozen=True, slots=True)
class Credential:
    """A stored credential. A broker acts for every customer, a customer for itself. From `expires` on, a time as `iso`
    writes it, it lets nobody in; None is never.
    """

    secret_digest: str
    role: str
    customer_id: str | None
    expires: str | None = None

    @property
    def caller(self) -> Caller:
        """Who calls with it."""
        return Caller(self.role, self.customer_id)

    def lasts_at(self, time: str) -> bool:
        """Whether it has not expired by this time."""
        return self.expires is None or time < self.expires


def credential_from(fields: Mapping[str, object]) -> Credential:
    """Raises ValueError that names what is missing or damaged."""
    stored, role, customer_id, expires = (
        fields.get(each) for each in ("secretDigest", "role", "customerId", "expires")
    )
    if not isinstance(stored, str) or not DIGEST.fullmatch(stored):
        raise ValueError("secretDigest is not a digest")
    if expires is not None and not isinstance(expires, str):
        raise ValueError("expires is no time")
    if role == "broker":
        return Credential(stored, "broker", None, expires)
    if role != "customer":
        raise ValueError("role is neither broker nor customer")
    if not isinstance(customer_id, str) or not CUSTOMER_ID.fullmatch(customer_id):
        raise ValueError("customerId is not six digits")
    return Credential(stored, "customer", customer_id, expires)


def digest(secret: str) -> str:
    """The stored form of a secret. The system draws secrets of 256 random bits, so one round of SHA-256 hides them. The
    slow hashes that passwords need would protect nothing more, and would slow down every call.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, stored: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(digest(secret), stored)

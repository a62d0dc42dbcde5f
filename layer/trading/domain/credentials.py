"""API credentials: a key id and a secret, of which only a digest is stored."""

import hashlib
import hmac


def digest(secret: str) -> str:
    """The stored form. Secrets are drawn by the system with 256 bits of chance, so one round of SHA-256 hides them: the
    slow hashes that passwords need would protect nothing more and cost every call.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, stored: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(digest(secret), stored)

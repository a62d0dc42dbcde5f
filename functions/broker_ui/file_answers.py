"""Answers with a file: compressed for whoever takes that, and kept by its digest. The policy lets nothing else in."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from assets import Asset

POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
)
"""No script or style but the page's own files, no other host, no frame, and no text that becomes markup or code. The
one policy of Trusted Types is that of lit-html, which makes templates of the page's own literals.
"""
LONG = "public, max-age=31536000, immutable"
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


def answer_of(asset: Asset, event: Mapping[str, Any], stream: str) -> dict[str, Any]:
    """The answer of the API that has this file, or 304 if the browser has it already. `stream` is where the page may
    connect beside the API.
    """
    policy = "; ".join((*POLICY, f"connect-src 'self' {origin_of(stream)}"))
    headers = (
        HEADERS
        | {"Content-Security-Policy": policy}
        | {"Cache-Control": LONG if asset.lasting else "no-cache", "ETag": asset.tag}
    )
    if asset.tag in _header(event, "if-none-match"):
        return {"statusCode": 304, "headers": headers, "body": ""}
    headers |= {"Content-Type": asset.content_type}
    if "gzip" not in _header(event, "accept-encoding") or not _header(event, "accept"):  # the gateway decodes by Accept
        return {"statusCode": 200, "headers": headers, "body": asset.content.decode()}
    return {
        "statusCode": 200,
        "headers": headers | {"Content-Encoding": "gzip"},
        "body": base64.b64encode(asset.compressed).decode(),
        "isBase64Encoded": True,
    }


def origin_of(address: str) -> str:
    """The scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _header(event: Mapping[str, Any], wanted: str) -> str:
    """All values of a header, whose name may be in any case."""
    given: Mapping[str, list[str]] = event.get("multiValueHeaders") or {}
    return ",".join(value for name, values in given.items() if name.lower() == wanted for value in values)

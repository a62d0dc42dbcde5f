"""Shows the API's contract, as OpenAPI and as a page. Both are the same for everybody and need no credentials."""

import json
from pathlib import Path
from typing import Any

from page import STYLE_SOURCE, page_of

from trading.aws.api import http
from trading.aws.logs import Logger

CONTRACT = (Path(__file__).parent / "openapi.json").read_text()
PAGE = page_of(json.loads(CONTRACT))
POLICY = (
    "default-src 'none'",
    f"style-src {STYLE_SOURCE}",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": "; ".join(POLICY),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""The page has no scripts and loads nothing; nobody may frame it."""
ANSWERS = {"/openapi.json": (CONTRACT, "application/json"), "/docs": (PAGE, "text/html; charset=utf-8")}

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    text, content_type = ANSWERS[event["resource"]]
    logger.info("contract shown", resource=event["resource"])
    return http.written(200, text, content_type, HEADERS)

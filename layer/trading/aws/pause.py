"""The switch by which an operator closes the API to changes: a version of the function that takes nothing in.

`pause` publishes this version, with the variable PAUSED, and points the function's alias at it; `resume` points the
alias at the version before. Nothing is read for it, and it takes effect with the next call, on AWS and on a local
cloud.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws.api import http
from trading.domain.errors import Unavailable

PAUSED = "PAUSED"
"""The variable. Its value is the version that was live before."""
WORDS = "The system is paused: nothing was taken in. Send the same again later."

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
logger = Logger(child=True)


def closed_while_paused(handler: Handler) -> Handler:
    """A handler of the API that answers 503 to everything while its function is paused."""

    @wraps(handler)
    def open_or_closed(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if PAUSED not in os.environ:
            return handler(event, context)
        logger.info("refused while paused", resource=event["resource"])
        return http.refuse(Unavailable(WORDS))

    return open_or_closed

"""Answers a broker's questions about the system at work: what waits, what is dead-lettered, what was reconciled last.
It only reads, and takes no message out of a queue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dead_letters import DeadLetters
from last_report import LastReport
from queues import Queues
from work import Work

from trading.aws.api import http
from trading.aws.logs import Logger
from trading.aws.settings import from_environment
from trading.aws.time_limit import time_limited
from trading.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    archive_bucket: str
    topics_unrouted: str


settings = from_environment(Settings)
queues = Queues(settings.topics_unrouted)
ROUTES: dict[str, Callable[[], dict[str, Any]]] = {
    "/operations/stages": Work(queues, settings.trades_store).answer,
    "/operations/dead-letters": DeadLetters(queues, settings.archive_bucket).answer,
    "/operations/reconciliation": LastReport(settings.archive_bucket).answer,
}
logger = Logger()


@logger.inject_lambda_context
@time_limited
@http.answering_errors(logger, "question could not be answered", "This cannot be answered at the moment, ask again.")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    http.caller(event).require_broker()
    for name in http.query_of(event):
        raise Refusal("invalid-parameter", f"{name[:40]} is not a parameter: this question has none.")
    body = ROUTES[event["resource"]]()
    logger.info("question answered", resource=event["resource"])
    return http.unless_known(event, http.answer(200, body))

"""What is under way: messages that wait for stages, and what is due today and not settled."""

from typing import Any

from queues import BY_TOPIC, Queues

from trading.aws import clients, clock
from trading.aws.store import dynamodb, keys
from trading.domain.times import session_date


class Work:
    """The question `GET /operations/stages`."""

    def __init__(self, queues: Queues, table: str) -> None:
        self._queues = queues
        self._table = table

    def answer(self) -> dict[str, Any]:
        counts = self._queues.counts([f"{stage}.fifo" for stage in BY_TOPIC])
        today = session_date(clock.now())
        return {
            "stages": [
                {"stage": stage, "waiting": waiting, "inFlight": in_flight}
                for stage, (waiting, in_flight) in zip(BY_TOPIC, counts, strict=True)
            ],
            "settlement": {"valueDate": today, "due": self._due(today)},
        }

    def _due(self, date: str) -> int:
        """How many positions have something due on the date that is not settled."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :pk",
            "ExpressionAttributeValues": dynamodb.to_item({":pk": keys.due(date, "", "")["PK"]}),
            "Select": "COUNT",
        }
        counted = 0
        while True:
            page = clients.dynamodb().query(**request)
            counted += page["Count"]
            if "LastEvaluatedKey" not in page:
                return counted
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

"""What the last reconciliation found."""

import json
from typing import Any

from trading.aws import clients
from trading.domain.errors import Refusal

FOLDER = "reconciliation/"
BREAKS = 100
"""How many breaks are shown."""


class LastReport:
    """The question `GET /operations/reconciliation`. Raises the refusal `not-found` if there is none."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def answer(self) -> dict[str, Any]:
        names = self._names()
        if not names:
            raise Refusal("not-found", "No day has been reconciled yet.")
        stored = clients.s3().get_object(Bucket=self._bucket, Key=max(names))
        report: dict[str, Any] = json.loads(stored["Body"].read())
        breaks = report["breaks"]
        return report | {"breaks": list(map(_shown, breaks[:BREAKS])), "breakCount": len(breaks)}

    def _names(self) -> list[str]:
        """The names of all reports, which sort by the day and then by the time of the reconciliation."""
        request: dict[str, str] = {"Bucket": self._bucket, "Prefix": FOLDER}
        names: list[str] = []
        while True:
            page = clients.s3().list_objects_v2(**request)  # type: ignore[arg-type] # all of it is text
            names += [each["Key"] for each in page.get("Contents", [])]
            if not page["IsTruncated"]:
                return names
            request["ContinuationToken"] = page["NextContinuationToken"]


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """A break whose side that has nothing has no value."""
    sides = (
        {"side": side} | ({} if value is None else {"value": str(value)}) for side, value in found["sides"].items()
    )
    return found | {"sides": list(sides)}

"""From the body of a request to whose credential a broker wants: what is not that is refused with every fault."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trading.aws.api.requests import Form, schema_of

WORDS = {"customerId": "six digits"}
CREDENTIAL = Form(schema_of(Path(__file__).parent / "credential.schema.json"), "request", "invalid-request", WORDS)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a credential is: a broker's, who acts for every customer, or a customer's own."""

    role: str
    customer_id: str | None

    @property
    def shown(self) -> dict[str, str]:
        return {"role": self.role} | ({"customerId": self.customer_id} if self.customer_id else {})


def holder(value: object) -> Holder:
    """Raises the refusal `invalid-request` with all its faults."""
    CREDENTIAL.check(value)
    fields: Any = value
    return Holder(fields["role"], fields.get("customerId"))

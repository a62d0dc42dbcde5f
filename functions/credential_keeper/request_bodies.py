"""Reads from the body of a request whose credential a broker wants, or with which code somebody signs in. An invalid
body is refused with all its faults.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trading.aws.api.requests import Form, schema_of

WORDS = {"customerId": "six digits", "code": "43 letters, digits, hyphens or underscores"}
FOLDER = Path(__file__).parent
CREDENTIAL = Form(schema_of(FOLDER / "credential.schema.json"), "request", "invalid-request", WORDS)
SIGN_IN = Form(schema_of(FOLDER / "sign_in.schema.json"), "request", "invalid-request", WORDS)


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a credential: a broker, who acts for every customer, or one customer."""

    role: str
    customer_id: str | None

    @property
    def shown(self) -> dict[str, str]:
        return {"role": self.role} | ({"customerId": self.customer_id} if self.customer_id else {})


def holder(value: object) -> Holder:
    """The holder that a body names. Raises the refusal `invalid-request` with all its faults."""
    CREDENTIAL.check(value)
    fields: Any = value
    return Holder(fields["role"], fields.get("customerId"))


def code_of(value: object) -> str:
    """The code that a body names. Raises the refusal `invalid-request` with all its faults."""
    SIGN_IN.check(value)
    fields: Any = value
    return str(fields["code"])

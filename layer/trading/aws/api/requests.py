"""The bodies of requests: their JSON, and every fault that a schema finds in it.

This module needs jsonschema, which the layer does not have: functions that read bodies bring it along.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from trading.domain.errors import Fault, Refusal

BODY_BYTES = 1_000_000
FAULTS_LISTED = 50
"""The most faults in an answer, so that it stays within the 6 MB that Lambda allows."""
BEYOND = "a number beyond any range"


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a body, or of a part of it: its schema, its name, the code under which it is refused, and
    descriptions of its text fields.
    """

    schema: Draft202012Validator
    name: str
    code: str
    words: Mapping[str, str]

    def check(self, value: object, pointer: str = "") -> None:
        """Raises Refusal with all faults, if there are any; `pointer` is where the value stands in the body."""
        try:
            self.require_none([fault for error in self.schema.iter_errors(value) for fault in self._of(error, pointer)])
        except RecursionError as error:  # a little below the depth that cannot be read, it cannot be checked
            raise Refusal("malformed-json", f"The {self.name} is nested too deeply.") from error

    def require_none(self, faults: list[Fault]) -> None:
        """Raises Refusal if there are faults."""
        if faults:
            listed = sorted(faults, key=lambda fault: fault.pointer)[:FAULTS_LISTED]
            rest = f" These are {len(listed)} of its {len(faults)} faults." if len(listed) < len(faults) else ""
            raise Refusal(self.code, f"The {self.name} is not well-formed.{rest}", listed)

    def _of(self, error: ValidationError, pointer: str) -> Iterator[Fault]:
        """Describes an error of the schema for a person, by the schema's keyword and the field."""
        path = [str(part) for part in error.absolute_path]
        at = "/".join([pointer, *path])
        field = path[-1] if path else ""
        rule: Any = error.validator_value
        instance: Any = error.instance
        match error.validator:
            case "required":
                missing = next(name for name in rule if error.message.startswith(repr(name)))
                yield Fault(f"{at}/{missing}", "missing", f"{missing} is missing.")
            case "additionalProperties":
                schema: Any = error.schema
                for name in sorted(set(instance) - set(schema["properties"])):
                    yield Fault(f"{at}/{_escaped(name)}", "unknown-field", "There is no such field.")
            case "enum":
                yield Fault(at, "unknown-value", f"{field} is one of: {', '.join(rule)}.")
            case "minimum":
                yield Fault(at, "not-positive", f"{field} is a whole number of at least 1.")
            case "maximum":
                yield Fault(at, "too-large", f"{field} is {rule} at the most.")
            case "pattern":
                yield Fault(at, "invalid-format", f"{field} is {self.words[field]}.")
            case "type":
                yield self._of_type(at, field, rule)
            case _:
                [excess] = rule["required"]
                yield Fault(f"{at}/{excess}", "not-allowed", f"There is no {excess} with this type.")

    def _of_type(self, at: str, field: str, rule: str) -> Fault:
        if rule == "boolean":
            return Fault(at, "wrong-type", f"{field} is true or false.")
        if rule == "integer":
            return Fault(at, "not-a-whole-number", f"{field} is a whole number, not in quotes and without decimals.")
        if field in self.words:
            return Fault(at, "wrong-type", f"{field} is a text: {self.words[field]}.")
        return Fault(at, "wrong-type", f"This is no {self.name}: it is no JSON object.")


def schema_of(path: Path) -> Draft202012Validator:
    """The schema in a file, compiled once. A definition stands where nothing but a reference to it stood: following the
    reference takes as long as the check itself.
    """
    text = path.read_text()
    definitions = json.loads(text).get("$defs", {})
    alone = [({"$ref": f"#/$defs/{name}"}, definition) for name, definition in definitions.items()]
    return Draft202012Validator(
        json.loads(text, object_hook=lambda each: next((it for reference, it in alone if each == reference), each))
    )


def body_of(event: Mapping[str, Any]) -> object:
    """The request's JSON. Raises Refusal."""
    body = event.get("body") or ""
    try:
        content = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        if len(content) > BODY_BYTES:
            raise Refusal("body-too-large", f"A request may have {BODY_BYTES} bytes at the most.")
        text = content.decode()
        if not text.strip():
            raise Refusal("empty-request", "The request has no body.")
        return json.loads(
            text,
            parse_float=_fraction,
            parse_int=_whole_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise Refusal("malformed-json", "The body is nested too deeply.") from error
    except (binascii.Error, UnicodeError) as error:
        raise Refusal("malformed-json", "The body is not UTF-8 text.") from error
    except ValueError as error:
        raise Refusal("malformed-json", f"The body is not JSON: {str(error)[:200]}") from error


def _escaped(name: str) -> str:
    return name[:40].replace("~", "~0").replace("/", "~1")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice in one object")
    return fields


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError(BEYOND) from error


def _fraction(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(BEYOND) from error


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")

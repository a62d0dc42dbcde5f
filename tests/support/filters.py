"""The filters of Lambda and SNS, as far as the template uses them: values, prefixes, and what is not there. And the
patterns of CloudWatch Logs that its metrics are made by: a field's text or number.
"""

import json
import re
from collections.abc import Sequence
from typing import Any


def passes(record: dict[str, Any], patterns: Sequence[dict[str, Any]]) -> bool:
    """Whether a mapping with these patterns delivers the record: any of them, or none given."""
    return not patterns or any(_matches(record, pattern) for pattern in patterns)


def _matches(value: Any, pattern: dict[str, Any]) -> bool:
    if not isinstance(value, dict):
        return False
    return all(_field_matches(value.get(name), rule) for name, rule in pattern.items())


def _field_matches(value: Any, rule: Any) -> bool:
    return any(_rule_matches(value, each) for each in rule) if isinstance(rule, list) else _matches(value, rule)


def _rule_matches(value: Any, rule: Any) -> bool:
    if not isinstance(rule, dict):
        return bool(value == rule)
    match rule:
        case {"prefix": prefix}:
            return isinstance(value, str) and value.startswith(prefix)
        case {"exists": False}:
            return value is None
        case {"anything-but": values}:
            return value is not None and value not in values
    raise NotImplementedError(f"the harness does not know the filter rule {rule}")


FIELD = re.compile(r"\(?\$\.(\w+) (=|>=) (?:\"([^\"]+)\"|(\d+))\)?")


def counts(pattern: str, line: str) -> bool:
    """Whether a metric filter with this pattern counts the line of a log."""
    fields = json.loads(line)
    return any(_compares(fields, each) for each in pattern.removeprefix("{ ").removesuffix(" }").split(" || "))


def _compares(fields: dict[str, Any], comparison: str) -> bool:
    found = FIELD.fullmatch(comparison)
    if not found:
        raise NotImplementedError(f"the harness does not know the comparison {comparison}")
    name, operator, text, number = found.groups()
    value = fields.get(name)
    if operator == ">=":
        return isinstance(value, int | float) and value >= float(number)
    return bool(value == (text if number is None else float(number)))

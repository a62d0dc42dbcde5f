"""Schemas of request bodies are compiled so that they are quick, and mean the same."""

import json
from pathlib import Path

from trading.aws.api.requests import schema_of


def test_what_stands_beside_a_reference_counts_too(tmp_path: Path) -> None:
    path = tmp_path / "order.schema.json"
    shares = {"type": "integer", "minimum": 1}
    fields = {"quantity": {"$ref": "#/$defs/shares"}, "few": {"$ref": "#/$defs/shares", "maximum": 10}}
    path.write_text(json.dumps({"properties": fields, "$defs": {"shares": shares}}))
    schema = schema_of(path)
    assert schema.is_valid({"quantity": 11, "few": 10})
    assert not schema.is_valid({"quantity": 0})
    assert not schema.is_valid({"few": 0})
    assert not schema.is_valid({"few": 11})

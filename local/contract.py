"""Puts openapi.yaml and the schemas that it refers to into the one document that the API serves.

`python -m local.contract` writes it.
"""

import json
import posixpath
from pathlib import Path
from typing import Any

import yaml

from local.paths import ROOT

SOURCE = "openapi.yaml"
SERVED = ROOT / "functions" / "api_docs" / "openapi.json"
HERE = "#/components/schemas/"


def bundled() -> dict[str, Any]:
    """The contract with every file that it refers to among its schemas, under the names of its folder and itself."""
    contract: dict[str, Any] = yaml.safe_load((ROOT / SOURCE).read_text())
    files: dict[str, Any] = {}
    contract = _inward(contract, SOURCE, files)
    contract["components"]["schemas"] |= dict(sorted(files.items()))
    return contract


def text_of(contract: dict[str, Any]) -> str:
    return json.dumps(contract, separators=(",", ":"), ensure_ascii=False) + "\n"


def _inward(part: Any, file: str, files: dict[str, Any]) -> Any:
    """A part of a file, with references into the contract instead of into files, which are collected."""
    if isinstance(part, list):
        return [_inward(each, file, files) for each in part]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("$ref"), str):
        return part | {"$ref": _reference(part["$ref"], file, files)}
    return {name: _inward(each, file, files) for name, each in part.items() if name not in {"$schema", "$id"}}


def _reference(reference: str, file: str, files: dict[str, Any]) -> str:
    target, _, fragment = reference.partition("#")
    if not target and file == SOURCE:
        return reference
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target)) if target else file
    name = f"{Path(path).parent.name}.{Path(path).name.split('.')[0]}"
    if name not in files:
        files[name] = None  # a file may refer to itself
        files[name] = _inward(json.loads((ROOT / path).read_text()), path, files)
    return f"{HERE}{name}{fragment}"


if __name__ == "__main__":
    SERVED.write_text(text_of(bundled()))

"""The API's contract, and whether an answer keeps to it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from local.contract import SERVED
from tests.support.references import resolved

CONTRACT: dict[str, Any] = json.loads(SERVED.read_text())
METHODS = {"get", "post", "put", "patch", "delete"}


def calls() -> dict[tuple[str, str], dict[str, Any]]:
    """All calls by method and path."""
    paths = CONTRACT["paths"].items()
    return {(method.upper(), path): call for path, item in paths for method, call in item.items() if method in METHODS}


def parameters(method: str, path: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The parameters of a call by where they stand and their names."""
    item = CONTRACT["paths"][path]
    found = [_resolved(each) for each in (*item.get("parameters", []), *item[method.lower()].get("parameters", []))]
    return {(each["in"], each["name"]): each for each in found}


def responses(method: str, path: str) -> dict[str, dict[str, Any]]:
    """The answers of a call by status."""
    return {status: _resolved(each) for status, each in calls()[method, path]["responses"].items()}


def faults(method: str, path: str, answer: Mapping[str, Any]) -> list[str]:
    """Where a function's answer to API Gateway differs from the contract."""
    response = responses(method, path).get(str(answer["statusCode"]))
    if response is None:
        return [f"{method} {path} answers no {answer['statusCode']}"]
    if not answer["body"] and "content" not in response:
        return []
    media = answer["headers"]["Content-Type"].partition(";")[0]
    if media not in response.get("content", {}):
        return [f"{method} {path} answers {answer['statusCode']} with no {media}"]
    if "json" not in media:
        return []
    errors = _validator(method, path, str(answer["statusCode"]), media).iter_errors(json.loads(answer["body"]))
    return [f"{method} {path} {answer['statusCode']} {error.json_path}: {error.message}" for error in errors]


def component(name: str) -> Draft202012Validator:
    """One of the contract's schemas."""
    return Draft202012Validator(resolved(CONTRACT["components"]["schemas"][name], "", lambda _: CONTRACT))


@cache
def _validator(method: str, path: str, status: str, media: str) -> Draft202012Validator:
    schema = responses(method, path)[status]["content"][media]["schema"]
    return Draft202012Validator(resolved(schema, "", lambda _: CONTRACT))


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = CONTRACT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)

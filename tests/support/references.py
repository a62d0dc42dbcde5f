"""A JSON Schema with what it refers to in the place of its references. To look one up takes a validator longer than to
check what it says.
"""

from collections.abc import Callable
from typing import Any

Documents = Callable[[str], Any]
"""A document by the name that stands before the `#` of a reference."""


def resolved(part: Any, name: str, documents: Documents) -> Any:
    """A part of the document of this name, in which nothing refers to itself."""
    if isinstance(part, list):
        return [resolved(each, name, documents) for each in part]
    if not isinstance(part, dict):
        return part
    beside = {key: resolved(each, name, documents) for key, each in part.items() if key != "$ref"}
    if "$ref" not in part:
        return beside
    file, _, place = part["$ref"].partition("#/")
    found: Any = documents(file or name)
    for step in place.split("/"):
        found = found[step]
    meant = resolved(found, file or name, documents)
    return {"allOf": [meant], **beside} if beside else meant

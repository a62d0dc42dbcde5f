"""Values of items that are stored compressed: JSON in a binary attribute, for fewer write units."""

import zlib
from collections.abc import Mapping
from typing import Any

from trading.domain.messages.wire import compact, parsed_value


def pack(value: object) -> bytes:
    """The value, of whatever JSON has, as it is stored."""
    return zlib.compress(compact(value).encode(), 9)


def unpack(item: Mapping[str, Any], name: str) -> Any:
    """The value that is stored under a name. Raises KeyError, TypeError, ValueError or RecursionError for anything
    else.
    """
    try:
        text = zlib.decompress(bytes(item[name]))
    except zlib.error as error:
        raise ValueError(f"{name} is not compressed: {error}") from error
    return parsed_value(text.decode())

"""Makes bad inputs of good ones: in JSON a part of it, however deep, is another one; in all else some bytes."""

import json
from random import Random
from typing import Any

VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 10**7 + 1, 10**30, 0.5, float("nan"), float("inf"), [], {}, [[]], [None]),
    *(
        "",
        " ",
        "NaN",
        "-Infinity",
        "-0",
        "0.00",
        "0.005",
        "1e400",
        "1E-400",
        "9" * 5000,
        "\ud800",
        "\x00",
        "\uff11",
        "x",
    ),
    *("Limit", "Market", "Stop", "Buy", "Sell", "COIN", "000002", "2026-02-30", "0001-01-01T00:00:00.000Z"),
]
PIECES = [
    *(b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"[" * 2000, b"9" * 5000, b"1e999", b"NaN", b"\\ud800"),
    *(b"{", b"}", b"]", b'"', b",", b":", b"=", b"&", b"%00", b"%ff", b"/", b"?", b"#", b"-", b" ", b"\n", b"Basic "),
]
MAX_CUT = 4


def mutated(data: bytes, random: Random) -> bytes:
    """The input with one thing changed, drawn at random."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not value or not isinstance(value, dict | list) or not random.randrange(4):
        return _spliced(data, random)
    _change(*_anywhere(value, random), random)
    return json.dumps(value).encode()


def _change(part: Any, key: Any, random: Random) -> None:
    match random.choice(["other", "gone", "elsewhere", "a little"]):
        case "other":
            part[key] = random.choice(VALUES)
        case "gone":
            del part[key]
        case "elsewhere":
            part[random.choice(_keys(part))] = part[key]
        case _ if isinstance(part[key], str):
            part[key] = _spliced(part[key].encode(errors="surrogatepass"), random).decode(errors="replace")
        case _ if isinstance(part[key], int):
            part[key] += random.choice([-1, 1])
        case _ if isinstance(part, list):
            part.append(part[key])


def _anywhere(value: Any, random: Random) -> tuple[Any, Any]:
    """A container within the value and a key in it."""
    while True:
        key = random.choice(_keys(value))
        if not isinstance(value[key], dict | list) or not value[key] or not random.randrange(4):
            return value, key
        value = value[key]


def _keys(part: Any) -> list[Any]:
    return sorted(part) if isinstance(part, dict) else list(range(len(part)))


def _spliced(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(PIECES) + data[at + random.randint(0, MAX_CUT) :]

"""The tree of errors. Every code is stable: callers and operators may rely on it, texts may change.

TradingError
├── Refusal            answered to the caller, who can mend it; `code` names the rule
│   └── Unavailable    answered to the caller, who may send the same again
├── Unprocessable      a message that can never succeed: dead-lettered with its reason, where an operator sees it
│   └── FromLaterRelease   a later release of this stage can read it: tried again for a while, then dead-lettered
└── IllegalTransition  an order in a state in which this cannot happen to it
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_QUOTE_LETTERS, MAX_REASON_LETTERS = 40, 200
"""The most letters that an error quotes of a value, and that it says about what is wrong with a message."""


class TradingError(Exception):
    """Whatever this system refuses or cannot do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where (a JSON Pointer, RFC 6901), which rule, and in words."""

    pointer: str
    code: str
    detail: str


class Refusal(TradingError):
    """A request that a rule forbids. `code` is the rule's name, `faults` point at what is wrong in the body."""

    def __init__(self, code: str, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.faults = tuple(faults)


class Unavailable(Refusal):
    """The request is fine, a part of the system is not: nothing was promised, the same request may be sent again."""

    def __init__(self, detail: str) -> None:
        super().__init__("unavailable", detail)


class Unprocessable(TradingError):
    """A message that no number of attempts will make succeed. `context` holds the fields an operator searches by."""

    def __init__(self, reason: str, context: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.context = dict(context or {})


class FromLaterRelease(Unprocessable):
    """A message whose version is later than this release knows. While a deployment shifts traffic, the stage's new
    version can read it.
    """


class IllegalTransition(TradingError):
    """An event that the table of order states forbids. An engine that would report one has a bug, and commits
    nothing.
    """


def shown(value: object) -> str:
    """A value from outside as an error quotes it: JSON, cut to length."""
    return json.dumps(value, default=str)[:MAX_QUOTE_LETTERS]


def why(error: Exception) -> str:
    """Why something could not be read, in words, from the error that reading raised. All characters are printable."""
    match error:
        case json.JSONDecodeError():
            words = f"it is not JSON: {error}"
        case KeyError():
            words = f"there is no {error.args[0]}"
        case RecursionError():
            words = "it is nested too deeply"
        case ArithmeticError():
            words = "a number is beyond any range"
        case _:
            words = str(error)
    return printable(words[:MAX_REASON_LETTERS])


def printable(text: str) -> str:
    r"""The text with everything that does not print as an escape (`\n`, `\x1b`): no queue takes some of that."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)

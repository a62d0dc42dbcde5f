"""A function's log: JSON lines, as short as they can be without losing who wrote them and why."""

from typing import Any

from aws_lambda_powertools.logging import Logger as PowertoolsLogger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

TIME = "%Y-%m-%dT%H:%M:%S.%FZ"
"""As on the wire: `%F` are the milliseconds for Powertools."""

STARTED = "function started"
"""Logged once by each function that Lambda starts, before its first call. The metric ColdStarts counts it."""

OF_THE_FUNCTION = frozenset({"function_name", "function_memory_size", "function_arn", "service"})
"""The same in every line of a log group, which is the function's own."""

OF_THE_START = frozenset({"cold_start"})
"""What the line STARTED tells."""

OF_A_PROBLEM = frozenset({"location", "function_request_id", "xray_trace_id"})
"""Left out where nothing is wrong. What a line says is a constant text, which the code has once. The lines of a call
follow one another in their log stream: each instance of a function has its own, and does one call at a time.
"""

ROUTINE = frozenset({"DEBUG", "INFO"})
"""The levels of lines where nothing is wrong."""


class _Formatter(LambdaPowertoolsFormatter):
    def serialize(self, log: Any) -> str:
        left_out = OF_THE_FUNCTION | OF_THE_START | (OF_A_PROBLEM if log["level"] in ROUTINE else frozenset())
        return super().serialize({name: value for name, value in log.items() if name not in left_out})


class Logger(PowertoolsLogger):
    """The logger of a function, made when it starts. Modules beside the function's `app` take a child of it from
    Powertools.

    Times have a form of RFC 3339. Lambda takes a line with any other time for one of level INFO, and would drop an
    error where only errors are to be kept.
    """

    def __init__(self) -> None:
        super().__init__(logger_formatter=_Formatter(datefmt=TIME, utc=True))
        self.info(STARTED)

"""Runs inside an environment that has only what Lambda has: gives the event on stdin to a built function.

Arguments: the function's artefact, the layer's artefact, its time limit in seconds. The answer goes to stdout, as JSON.
"""

import importlib
import json
import os
import sys


class Context:
    """What Lambda tells a handler about its invocation."""

    function_name = "trading"
    memory_limit_in_mb = 1024
    aws_request_id = "request-1"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:trading"

    def __init__(self, seconds: str) -> None:
        self._milliseconds = int(seconds) * 1000

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


function, layer, seconds = sys.argv[1:]
sys.path[:0] = [function, os.path.join(layer, "python")]  # noqa: PTH118 # as cheap as Lambda's own start
answers, sys.stdout = sys.stdout, sys.stderr
answer = importlib.import_module("app").handler(json.load(sys.stdin), Context(seconds))
json.dump(answer, answers)

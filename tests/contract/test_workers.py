"""A call's log is complete when the call is answered, and nobody waits for more of it."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from local import workers

runtime: Any = import_module("ministack.core.lambda_runtime")

CODE = """
import os, sys

print("started")


def handler(event, context):
    for number in range(event["lines"]):
        print(f"line {number} of {event['name']}")
    if event.get("dies"):
        os._exit(1)
    if event.get("fails"):
        raise ValueError("failed")
    return event["name"]
"""
LONG_SECONDS = 300.0
Invoke = Callable[..., dict[str, Any]]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    """Calls a function in a process of MiniStack's, as the local cloud does. It waits long for a last line."""
    monkeypatch.setattr(runtime, "_PYTHON_WORKER_SCRIPT", workers.script(runtime._PYTHON_WORKER_SCRIPT))
    monkeypatch.setattr(runtime.Worker, "_drain_stderr_bounded", workers.log_of_call)
    monkeypatch.setattr(workers, "END_SECONDS", LONG_SECONDS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", CODE)
    configuration = {
        "FunctionName": "logs",
        "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:logs",
        "Handler": "app.handler",
        "Runtime": "python3.11",
        "Timeout": 60,
    }
    worker = runtime.Worker("logs", configuration, packed.getvalue())

    processes: list[Any] = []

    def invoke(name: str, lines: int, **more: bool) -> dict[str, Any]:
        runtime.ensure_spawned(worker)
        processes.append((worker._proc, worker._stderr_thread))
        answer: dict[str, Any] = worker.invoke({"name": name, "lines": lines, **more}, name)
        return answer

    yield invoke
    worker.kill()
    for process, reader in processes:
        reader.join(LONG_SECONDS)
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()  # MiniStack leaves them open


def test_a_call_has_all_of_its_lines_and_none_of_another_call(invoke: Invoke) -> None:
    first, second = invoke("first", 1), invoke("second", 2_000)
    assert (first["status"], first["result"]) == ("ok", "first")
    assert first["log"].split("\n") == ["started", "line 0 of first"]
    assert second["log"].split("\n") == [f"line {number} of second" for number in range(2_000)]


def test_nobody_waits_for_a_function_that_logs_nothing(invoke: Invoke) -> None:
    invoke("first", 1)
    began = time.monotonic()
    assert invoke("second", 0)["log"] == ""
    assert time.monotonic() - began < LONG_SECONDS / 2


def test_a_call_that_failed_has_its_lines(invoke: Invoke) -> None:
    answer = invoke("failed", 2, fails=True)
    assert (answer["status"], answer["error"]) == ("error", "failed")
    assert answer["log"].split("\n") == ["started", "line 0 of failed", "line 1 of failed"]


def test_a_process_that_died_leaves_what_it_had_logged_and_the_next_call_has_a_new_one(invoke: Invoke) -> None:
    answer = invoke("died", 1, dies=True)
    assert (answer["status"], answer["error"]) == ("error", "Worker process died")
    assert answer["log"].split("\n") == ["started", "line 0 of died"]
    assert invoke("next", 1)["log"].split("\n") == ["started", "line 0 of next"]


def test_another_program_of_ministack_is_refused() -> None:
    with pytest.raises(ValueError, match=r"local/workers\.py"):
        workers.script("print('another program')\n")


def test_a_last_line_that_does_not_come_is_waited_for_as_long_as_ministack_waits() -> None:
    assert workers.END_SECONDS == 0.25

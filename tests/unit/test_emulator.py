"""What the local cloud has in the place of MiniStack's own functions, each against MiniStack's own."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from local.emulator import worker_of_version

runtime: Any = import_module("ministack.core.lambda_runtime")
NAME = "trading-live_connections"
ALIAS = "live"


@pytest.fixture(autouse=True)
def no_workers() -> Iterator[None]:
    runtime._workers.clear()
    yield
    runtime._workers.clear()


def configured(version: str) -> dict[str, Any]:
    return {
        "FunctionName": NAME,
        "FunctionArn": f"arn:aws:lambda:us-east-1:000000000000:function:{NAME}",
        "Version": version,
    }


def test_a_frame_after_a_deployment_reaches_a_worker_of_the_version_that_the_alias_names() -> None:
    worker = worker_of_version(runtime)
    before = worker(NAME, configured("1"), b"old", qualifier=ALIAS)
    assert worker(NAME, configured("1"), b"old", qualifier=ALIAS) is before
    after = worker(NAME, configured("2"), b"new", qualifier=ALIAS)
    assert (before.code_zip, after.code_zip) == (b"old", b"new")


def test_it_is_the_worker_that_other_calls_of_this_version_have_warmed_up() -> None:
    warm, _ = runtime.acquire_worker(NAME, configured("2"), b"new", qualifier="2")
    runtime.release_worker(warm)
    assert worker_of_version(runtime)(NAME, configured("2"), b"new", qualifier=ALIAS) is warm

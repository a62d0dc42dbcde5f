"""What can befall a system that works: its processes die, a release fails, queues lose their patience."""

import io
import json
import os
import random
import re
import signal
import subprocess
import threading
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

from local.paths import LOCK
from ops.stack import ALIAS
from tests.e2e.deployed import ROOT, STATE
from tests.e2e.system import System

VISIBILITY_SECONDS = 4
"""Instead of two or three minutes. What takes longer than this may come twice, which every stage takes."""
FED = (
    *("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor", "market_data"),
    *("live_updates", "live_market"),
)
"""The stages that a queue feeds."""
MAX_PAUSE_SECONDS = 1.2
MAX_BETWEEN = 10
WORKER = re.compile(re.escape(str(ROOT / STATE)) + r"/tmp/ministack-lambda-trading-(\w+)-\w+/_worker\.py")
BUG = """

from trading.aws.engine import matching_stage
from trading.aws.messaging import queues


def each_group(event, read, handle, queue, *divide):
    def fail(group, received):
        if group == "{group}":
            raise RuntimeError("this release has a bug")
        handle(group, received)

    return queues.each_group(event, read, fail, queue, *divide)


matching_stage.each_group = each_group
"""
"""Added to a stage that a queue feeds: it fails with whatever is of one group."""


@contextmanager
def impatient(system: System, stage: str, attempts: int | None = None) -> Iterator[None]:
    """What a process that died had received comes to the stage again soon, and after so many attempts is
    dead-lettered.
    """
    sqs, url = system.aws("sqs"), system.queue(stage)
    names = ["VisibilityTimeout", "RedrivePolicy"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    changed = {"VisibilityTimeout": str(VISIBILITY_SECONDS)}
    if attempts:
        policy = json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": attempts}
        changed["RedrivePolicy"] = json.dumps(policy)
    sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


@contextmanager
def all_impatient(system: System) -> Iterator[None]:
    """All stages that a queue feeds are: whichever process dies, what it had received comes again soon."""
    with ExitStack() as stack:
        for stage in FED:
            stack.enter_context(impatient(system, stage))
        yield


@contextmanager
def bad_release(system: System, stage: str, group: str) -> Iterator[str]:
    """The stage has a release that fails with a group, until it is rolled back: its version."""
    client, name = system.aws("lambda"), f"trading-{stage}"
    sound = client.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"]

    def release(code: bytes) -> str:
        return str(client.update_function_code(FunctionName=name, ZipFile=code, Publish=True)["Version"])

    bad = release(_packed(stage, BUG.format(group=group)))
    client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=bad)
    try:
        yield bad
    finally:
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=sound)
        # The next release is sound and live, or the code that a resume would publish is not what is live.
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=release(_packed(stage)))


@contextmanager
def workers_killed(seed: int, done: Callable[[], int]) -> Iterator[list[str]]:
    """Meanwhile all processes that run a stage's function are killed, at random moments, now this stage's, now that
    one's. Gives the stage of each that was. The moments follow from the seed and from how fast all goes: before the
    next a little more has been done, or on a busy machine they would be killed before they have started, for ever.
    """
    choice = random.Random(seed)
    killed: list[str] = []
    ended = threading.Event()

    def kill() -> None:
        next_at = 0
        while not ended.wait(choice.uniform(0, MAX_PAUSE_SECONDS)):
            there = workers()
            if done() < next_at or not there:
                continue
            next_at = done() + choice.randint(1, MAX_BETWEEN)
            stage = choice.choice(sorted(there))
            for process in there[stage]:
                with suppress(ProcessLookupError):  # it has ended by itself
                    os.kill(process, signal.SIGKILL)
                    killed.append(stage)

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill)
        try:
            yield killed
        finally:
            ended.set()
        killing.result()


def workers() -> dict[str, list[int]]:
    """The processes that run the functions of the tests' own system, by stage: children of its MiniStack alone."""
    parent = json.loads((ROOT / STATE / LOCK.name).read_text())["pid"]
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=", "-o", "ppid=", "-o", "args="], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, list[int]] = defaultdict(list)
    for line in listed.splitlines():
        pid, its_parent, *command = line.split(maxsplit=2)
        if int(its_parent) == parent and (match := WORKER.search(" ".join(command))):
            found[match[1]].append(int(pid))
    return found


def _packed(stage: str, addition: str = "") -> bytes:
    """The stage's code as it was built, with something added to its handler's module."""
    folder = ROOT / STATE / "build" / stage.title().replace("_", "")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = str(file.relative_to(folder))
            archive.writestr(name, file.read_bytes() + addition.encode() * (name == "app.py"))
    return packed.getvalue()

"""A deployment while orders flow: every function is changed under load, and nothing is lost.

This is harder than on AWS, which lets an invocation end that has begun. MiniStack (1.5.33) kills the worker of a
function that is updated in the midst of its work: a request is answered by an error, a batch of the stream comes again,
and the messages of a queue come again when their visibility time-out is over: after minutes, not waited for here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local import sam
from local.environment import STACK
from tests.e2e.deployed import ROOT, STATE
from tests.e2e.disturbances import all_impatient
from tests.e2e.flow import Flow
from tests.e2e.promises import Stored, broken, drain
from tests.e2e.system import System, eventually
from tests.support.stages import STAGES

DEPLOY_SECONDS = 300.0
DRAIN_SECONDS = 120.0
SENDERS = 3
"""Of one customer's orders, whose account is written to by all."""
MARK = "a deployment changed this"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """What is deployed, with other code in every function."""
    folder = tmp_path / "build"
    shutil.copytree(ROOT / STATE / "build", folder)
    for program in folder.glob("*/app.py"):
        program.write_text(program.read_text().replace('"""', f'"""{MARK}. ', 1))
    return folder


def deploy(system: System, folder: Path, **parameters: str) -> None:
    """`sam deploy`, as the local cloud's own, of what is in the folder."""
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    variables = {name: value for name, value in system.resources.items() if name.startswith("AWS_")}
    command = ["sam", "deploy", "--template-file", str(folder / "template.yaml"), "--stack-name", STACK]
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:], *sam.LOCAL, *overrides],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "SAM_CLI_TELEMETRY": "0"} | variables,
        capture_output=True,
        text=True,
        timeout=DEPLOY_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_order_accepted_during_deployments_settles_once(system: System, changed: Path) -> None:
    customer = system.customer(cash="10000000000.00")
    flow = Flow([customer] * SENDERS)
    before = versions(system)
    with all_impatient(system):
        with flow.flowing():
            eventually(lambda: len(flow.accepted) > 10 or None, "orders to flow")
            deploy(system, changed, LogLevel="DEBUG")
            now = versions(system)
            assert all(now[name][part] != was[part] for name, was in before.items() for part in (0, 1))
            at_half = len(flow.accepted)
            deploy(system, ROOT / STATE / "build", LogLevel="INFO")
        print(f"\n{len(flow.accepted)} orders accepted during two deployments, {len(flow.faults)} sent again")
        assert len(flow.accepted) > at_half > 10
        drain(system, DRAIN_SECONDS)
    assert flow.shares() == flow.wanted()
    assert broken(Stored(system)) == []


def versions(system: System) -> dict[str, tuple[str, str]]:
    """What of each function is changed by a deployment: its code and its configuration."""
    functions = system.aws("lambda").list_functions()["Functions"]
    return {
        each["FunctionName"]: (each["CodeSha256"], each["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"])
        for each in functions
        if each["FunctionName"].removeprefix(f"{STACK}-") in STAGES
    }

"""What `sam local` runs has this machine for its AWS, also when it is started by hand and nothing is up."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.environment import ARCHITECTURE, RUNTIME
from tests.containers.conftest import STATE
from tests.e2e.deployed import ROOT
from tests.e2e.system import System

SECONDS = 180.0
THIS_MACHINE = "http://host.docker.internal:4566/"


def test_sam_local_by_hand_never_calls_an_account(system: System, tmp_path: Path) -> None:
    shutil.copytree(ROOT / STATE / "build", tmp_path / ".aws-sam" / "build")
    (tmp_path / "local").mkdir()
    for name in ("samconfig.toml", "local/containers.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    event = ROOT / "events" / "order_entry" / "order.json"
    overrides = ["--parameter-overrides", f"Runtime={RUNTIME}", f"Architecture={ARCHITECTURE}"]
    done = subprocess.run(
        ["sam", "local", "invoke", "OrderEntry", "--event", str(event), *overrides],
        cwd=tmp_path,
        env=environment | {"PATH": tools, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    said = done.stdout + done.stderr
    assert f'Could not connect to the endpoint URL: \\"{THIS_MACHINE}\\"' in said, said
    assert "amazonaws.com" not in said

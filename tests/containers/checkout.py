"""A checkout in which commands are typed by hand, and the lines that docs/operating/sam-local.md has for it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.e2e.deployed import ROOT

NEEDED = (
    "Makefile",
    "samconfig.toml",
    "template.yaml",
    "requirements.lock",
    "events",
    "functions",
    "client",
    "layer",
    "local",
    "ops",
    "traffic",
)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PREPARED, INVOKED, SERVED, CALLED = BLOCK.findall((ROOT / "docs" / "operating" / "sam-local.md").read_text())
"""The page's lines: what prepares a terminal, then what is typed in it."""
SECONDS = 240.0


def made(folder: Path, state: str | None = None) -> Path:
    """A copy of this checkout with the `.local` of the system whose folder is `state`; without one nothing is up."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    if state:
        (folder / ".local").symlink_to(ROOT / state)
    return folder


def environment() -> dict[str, str]:
    """What a terminal has before it is prepared: a way to the containers, and nothing of AWS or of the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PORT", "LOCAL_STATE"))}
    return own | {"AWS_EC2_METADATA_DISABLED": "true", "SAM_CLI_TELEMETRY": "0"}


def typed(folder: Path, lines: str) -> "subprocess.CompletedProcess[str]":
    """What came of lines that were typed in the checkout, up to the first that failed."""
    return subprocess.run(
        ["/bin/bash", "-e", "-c", lines],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )

"""Runs mutmut in a workspace. It is installed apart, since nothing else needs what it brings along."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.cloud import ROOT

INSTALLED = ROOT / ".venv" / "mutator"
EXAMPLES = "10"
"""Of a property, for a mutant: what it takes a hundred to find is no rule that a reader finds in the tests."""
OF_A_CALLER = ("MAKE", "MFLAGS", "PYTEST_")
"""What make and pytest tell the processes that they start, some of which start make and pytest themselves."""


class MutationFailed(Exception):
    """mutmut could not try the mutants: the tests fail without any change, for instance."""


def run(folder: Path, names: Sequence[str], *, quiet: bool = False) -> None:
    """Tries the mutants of these names or patterns, one at a time, whatever became of them before."""
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # which tests reach what, as they are now
    command = [sys.executable, str(INSTALLED / "bin" / "mutmut"), "run", "--max-children", "1", *names]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_A_CALLER)}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment | {"PYTHONPATH": str(INSTALLED), "EXAMPLES": EXAMPLES},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MutationFailed(f"mutmut ended with {done.returncode}: {(done.stdout or '')[-3000:]}")

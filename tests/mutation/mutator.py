"""Runs mutmut in a workspace. It is installed apart, since nothing else needs what it brings along."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.cloud import ROOT

INSTALLED = ROOT / ".venv" / "mutator"
TRIALS = Path(__file__).with_name("trials.py")
EXAMPLES = "10"
"""Of a property, for a mutant: what it takes a hundred to find is no rule that a reader finds in the tests."""
OF_A_CALLER = ("MAKE", "MFLAGS", "PYTEST_")
"""What make and pytest tell the processes that they start, some of which start make and pytest themselves."""


class MutationFailed(Exception):
    """The mutants could not be tried: the tests fail without any change, for instance."""


def run(
    folder: Path, names: Sequence[str], untried: Sequence[str] = (), most: int | None = None, *, quiet: bool = False
) -> None:
    """Tries the mutants of these names or patterns, one at a time, whatever became of them before. `untried` names
    those to try if nobody has. `most` is how many of each module: the same ones in each run, drawn by a seed.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_A_CALLER)}
    done = subprocess.run(
        [sys.executable, TRIALS],
        input=json.dumps({"names": [*names], "untried": [*untried], "most": most}),
        cwd=folder,
        env=environment | {"PYTHONPATH": str(INSTALLED), "EXAMPLES": EXAMPLES, "MUTANT_UNDER_TEST": ""},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MutationFailed(f"the trials ended with {done.returncode}: {(done.stdout or '')[-3000:]}")

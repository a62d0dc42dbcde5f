"""`sam build` and `sam deploy` for the local cloud, apart from what is built for AWS. What they say goes to logs."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from local import processes
from local.environment import ARCHITECTURE, RUNTIME, STACK
from local.paths import BUILD, BUILD_CACHE, BUILD_LOG, DEPLOY_LOG, MACHINE, ROOT, STATE
from ops import stack
from ops.console import Failure

BUILD_SECONDS = 600.0
DEPLOY_SECONDS = 300.0
DEPLOYED = ("template.yaml", "samconfig.toml", "layer", "functions", "ops/reference.json")

OF_THIS_MACHINE = {"Runtime": RUNTIME, "Architecture": ARCHITECTURE}
LOCAL = [
    *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "default"),
    *("--parameter-overrides", *(f"{name}={value}" for name, value in OF_THIS_MACHINE.items())),
]
"""What makes the template this machine's."""


def build() -> None:
    """Builds layer and functions for this machine. Raises Failure with what `sam` said.

    From here on `sam` without options builds the same: it reads MACHINE.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    MACHINE.write_text("".join(f'{name} = "{value}"\n' for name, value in OF_THIS_MACHINE.items()))
    places = ["--build-dir", str(BUILD), "--cache-dir", str(BUILD_CACHE)]
    processes.run(["sam", "build", *places, *LOCAL], BUILD_LOG, BUILD_SECONDS)
    compile_sources(BUILD, sys.executable)


def compile_sources(build: Path, python: str) -> None:
    """Puts bytecode beside the sources of what was built: Lambda, which cannot write beside them, would compile them
    with every cold start. It holds whatever the times of the files become, as long as the source is the same, and for
    this version of Python; another one does not look at it.
    """
    for folder in (each.resolve() for each in build.iterdir() if each.is_dir()):
        command = [python, "-m", "compileall", "-q", "-f", "-s", str(folder)]
        done = subprocess.run([*command, "--invalidation-mode", "checked-hash", str(folder)], check=False)  # noqa: S603
        if done.returncode:
            raise Failure(f"Not all of {folder} could be compiled.")


def deploy(name: str = STACK) -> None:
    """Deploys what was built, as a stack of this name. Raises Failure with what `sam` said and CloudFormation could not
    do.
    """
    template = ["--template-file", str(BUILD / "template.yaml"), "--stack-name", name]
    command = ["sam", "deploy", *template, *LOCAL]
    try:
        processes.run(command, DEPLOY_LOG, DEPLOY_SECONDS)
    except Failure as failure:
        raise Failure("\n\n".join([failure.message, *stack.failures(name)])) from failure


def fingerprint() -> str:
    """A digest of all that a deployment rests on: the same if nothing would change."""
    digest = hashlib.sha256(RUNTIME.encode())
    for file in sorted(_files()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT)}\n{content}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in DEPLOYED:
        path = ROOT / name
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)

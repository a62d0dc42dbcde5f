"""The client as somebody installs it: into an environment of its own, and what its README shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.system import System
from tests.support.cloud import ROOT

CLIENT = ROOT / "client"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the client, what that needs, and nothing else."""
    folder = tmp_path_factory.mktemp("client")
    run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, str(folder))
    found = folder / "bin" / "python"
    constraints = ("--constraint", str(ROOT / "requirements.lock"))
    run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(found), *constraints, str(CLIENT))
    return found


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first program of the client's README."""
    program = re.findall(r"^```python\n(.+?)^```", (CLIENT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[0]
    file = tmp_path_factory.mktemp("example") / "trade.py"
    file.write_text(program)
    return file


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(
        command, cwd="/", env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_ten_lines_of_the_readme_trade(system: System, python: Path, example: Path) -> None:
    assert system.broker.credentials
    key_id, secret = system.broker.credentials
    said = run(str(python), str(example), API_URL=system.url, API_KEY_ID=key_id, API_SECRET_KEY=secret).splitlines()
    assert sorted(re.fullmatch(r"(\d+) at 161\.90 on \w+", line)[1] for line in said[:-1]) == ["1000", "614"]  # type: ignore[index]
    assert re.fullmatch(r"Filled fees \d+\.\d\d cash \d+\.\d\d", said[-1])


def test_who_installs_it_has_its_types(python: Path, example: Path) -> None:
    said = run(
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        str(python),
        "--cache-dir",
        os.devnull,
        str(example),
    )
    assert said == "Success: no issues found in 1 source file\n"
    wrong = example.with_name("wrong.py")
    wrong.write_text(example.read_text().replace('"price": "161.90"', '"price": 161.9'))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--python-executable", str(python), "--cache-dir", os.devnull, str(wrong)],
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "TypedDict item" in done.stdout

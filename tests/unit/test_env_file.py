"""`.local/env` and `.local/aws`: what a shell has once it has read them."""

import subprocess
from pathlib import Path

import pytest

from local import envfile
from local.envfile import Access

ACCESS = Access(
    "http://127.0.0.1:4570/_aws/execute-api/a/v1", "ws://127.0.0.1:4570/_aws/execute-api/b/v1", "broker", "it's $ecret"
)


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(envfile, "ENV_FILE", tmp_path / "env")
    monkeypatch.setattr(envfile, "AWS_FILE", tmp_path / "aws")
    envfile.write(ACCESS, 4570, {"TradesStoreName": "trading-TradesStore", "ApiUrl": "on AWS"})
    return tmp_path / "env"


def test_a_program_that_is_started_from_the_shell_has_the_variables(file: Path) -> None:
    mine = {
        "AWS_ACCESS_KEY_ID": "mine",
        "AWS_SECRET_ACCESS_KEY": "mine",
        "AWS_PROFILE": "mine",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        ["sh", "-c", f". {file} && env"], env=mine, capture_output=True, text=True, check=True, timeout=10
    )
    variables = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert {name: variables[name] for name in mine} == mine
    assert {name: value for name, value in variables.items() if name not in {*mine, "PWD", "SHLVL", "_", "OLDPWD"}} == {
        "API_URL": ACCESS.url,
        "STREAM_URL": ACCESS.stream_url,
        "API_KEY_ID": "broker",
        "API_SECRET_KEY": "it's $ecret",
        "LOCAL_CLOUD_URL": "http://127.0.0.1:4570",
        "STACK_NAME": "trading",
        "TRADES_STORE_NAME": "trading-TradesStore",
    }


def test_a_shell_that_asks_for_it_has_the_local_cloud_for_its_aws(file: Path) -> None:
    lines = (file.parent / "aws").read_text().splitlines()
    assert lines == [
        "export AWS_ACCESS_KEY_ID=test",
        "export AWS_DEFAULT_REGION=us-east-1",
        "export AWS_ENDPOINT_URL=http://127.0.0.1:4570",
        "export AWS_SECRET_ACCESS_KEY=test",
    ]


def test_the_commands_read_what_was_written_and_nobody_else_may(file: Path) -> None:
    assert envfile.read() == ACCESS
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    assert envfile.read() is None

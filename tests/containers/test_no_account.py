"""What `sam local` runs never calls an account, also when the terminal was not prepared or nothing is up."""

from pathlib import Path

from tests.containers import checkout
from tests.e2e.deployed import STATE
from tests.e2e.system import System

TOOLS = ". .venv/bin/activate\n"
INVOKED = checkout.INVOKED.replace("sam build\n", "")


def test_with_an_accounts_credentials_the_local_cloud_is_called_and_refuses(system: System, tmp_path: Path) -> None:
    own = "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=eu-west-1\n"
    done = checkout.typed(checkout.made(tmp_path, STATE), TOOLS + own + INVOKED)
    said = done.stdout + done.stderr
    assert "The security token included in the request is invalid" in said, said
    assert "amazonaws.com" not in said


def test_where_nothing_is_up_nothing_is_run(tmp_path: Path) -> None:
    done = checkout.typed(checkout.made(tmp_path), TOOLS + INVOKED)
    assert done.returncode
    assert "does not exist" in done.stderr or "was not found" in done.stderr, done.stderr

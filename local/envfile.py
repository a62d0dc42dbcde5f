"""Lines for a shell, which only their owner may read. `. .local/env` says how to call the system that is up. It has
none of AWS's own variables, so a shell that has somebody's keys keeps them; `. .local/aws` has them, and makes the
local cloud the AWS of a shell, for `sam local` and the AWS CLI.
"""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.environment import HOST, STACK, aws_variables
from local.paths import AWS_FILE, ENV_FILE
from trading_client import Client
from trading_client.client import TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class Access:
    """Where the API is, where its live updates are, and the credential for both."""

    url: str
    stream_url: str
    key_id: str
    secret: str

    def api(self, *, timeout: float = TIMEOUT_SECONDS) -> Client:
        return Client(self.url, self.key_id, self.secret, timeout=timeout)


def local_url(port: int, api_id: str) -> str:
    """Where MiniStack serves an API's stage."""
    return f"http://{HOST}:{port}/_aws/execute-api/{api_id}/v1"


def local_stream(port: int, api_id: str) -> str:
    """Where MiniStack serves a WebSocket API's stage."""
    return local_url(port, api_id).replace("http", "ws", 1)


def write(access: Access, port: int, outputs: Mapping[str, str]) -> None:
    """Everything a program needs: API, credential, where the local cloud is, and the stack's outputs in capitals
    (TRADES_STORE_NAME). AWS's own variables go to a file of their own.
    """
    variables = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(): value for name, value in outputs.items()}
    variables |= {
        "LOCAL_CLOUD_URL": aws_variables(port)["AWS_ENDPOINT_URL"],
        "STACK_NAME": STACK,
        "API_URL": access.url,
        "STREAM_URL": access.stream_url,
        "API_KEY_ID": access.key_id,
        "API_SECRET_KEY": access.secret,
    }
    _write(ENV_FILE, variables)
    _write(AWS_FILE, aws_variables(port))


def _write(path: Path, variables: Mapping[str, str]) -> None:
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(variables.items())]
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)


def read() -> Access | None:
    """What `write` wrote, None if nothing is there."""
    if not ENV_FILE.exists():
        return None
    exports = map(shlex.split, ENV_FILE.read_text().splitlines())
    variables = dict(variable.split("=", 1) for _, variable in exports)
    names = ("API_URL", "STREAM_URL", "API_KEY_ID", "API_SECRET_KEY")
    return Access(*(variables[name] for name in names))

"""`.local/env`: how to call the system that is up, as lines for a shell: `. .local/env`. Only its owner may read it.

No variable is one of AWS's own: a shell that has somebody's keys keeps them.
"""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from local.api import Api
from local.environment import HOST, STACK, aws_variables
from local.paths import ENV_FILE


@dataclass(frozen=True, slots=True)
class Access:
    """Where the API is and the credential for it."""

    url: str
    key_id: str
    secret: str

    def api(self) -> Api:
        return Api(self.url, self.key_id, self.secret)


def local_url(port: int, api_id: str) -> str:
    """Where MiniStack serves an API's stage."""
    return f"http://{HOST}:{port}/_aws/execute-api/{api_id}/v1"


def write(access: Access, port: int, outputs: Mapping[str, str]) -> None:
    """Everything a program needs: API, credential, where the local cloud is, and the stack's outputs in capitals
    (TRADES_STORE_NAME).
    """
    variables = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(): value for name, value in outputs.items()}
    variables |= {
        "LOCAL_CLOUD_URL": aws_variables(port)["AWS_ENDPOINT_URL"],
        "STACK_NAME": STACK,
        "API_URL": access.url,
        "API_KEY_ID": access.key_id,
        "API_SECRET_KEY": access.secret,
    }
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(variables.items())]
    ENV_FILE.unlink(missing_ok=True)
    with os.fdopen(os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)


def read() -> Access | None:
    """What `write` wrote, None if nothing is there."""
    if not ENV_FILE.exists():
        return None
    exports = map(shlex.split, ENV_FILE.read_text().splitlines())
    variables = dict(variable.split("=", 1) for _, variable in exports)
    return Access(variables["API_URL"], variables["API_KEY_ID"], variables["API_SECRET_KEY"])

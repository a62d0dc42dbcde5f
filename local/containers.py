"""The functions as `sam local` runs them, in Lambda's own containers, with the local cloud for their AWS."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from local import gate, sam
from local.environment import STACK
from local.ministack import Running
from local.paths import BUILD, VARIABLES
from ops import stack
from ops.console import Failure

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

FUNCTION = "AWS::Lambda::Function"
BRIDGE = "bridge"
"""The network that containers are in unless they are told otherwise, as Docker calls it; podman answers to it, too."""
DESKTOP_HOST = "host.docker.internal"
ANSWER_SECONDS = 10


class NoRuntime(Failure):
    """Nothing here runs containers."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """The containers' network: this machine's address in it, and whose addresses are containers'."""

    address: str
    subnet: str


def bridge() -> Bridge | None:
    """The network through which containers reach this machine; None where they run in a virtual machine that passes
    DESKTOP_HOST on to its loopback, as Docker Desktop's and podman's on macOS do.

    Raises NoRuntime if nothing here runs containers, Failure if they have no such way.
    """
    if sys.platform != "linux":
        return None
    # Only here, since it takes long: every command starts sooner without.
    import docker  # noqa: PLC0415
    from docker.errors import DockerException  # noqa: PLC0415

    try:
        client = docker.from_env(timeout=ANSWER_SECONDS)
        information = client.info()
        found = client.networks.get(BRIDGE).attrs
    except DockerException as error:
        advice = "Start Docker, or podman's service and name its socket in DOCKER_HOST."
        raise NoRuntime(f"No container runtime answers: {error}. {advice}") from error
    return bridge_of(information, found)


def bridge_of(information: dict[str, Any], network: dict[str, Any]) -> Bridge | None:
    """From what the runtime says of itself and of the network. Raises Failure for a runtime without root."""
    if information.get("OperatingSystem") == "Docker Desktop":
        return None
    if any("rootless" in option for option in information.get("SecurityOptions") or []):
        raise Failure(
            "Containers without root reach this machine only by an address that the network sees, and the local cloud"
            " is not opened to that. Use Docker, or podman's service as root (DOCKER_HOST=unix:///run/podman/podman.sock)."
        )
    [configuration] = [each for each in network["IPAM"]["Config"] if "." in each["Subnet"]]
    return Bridge(configuration["Gateway"], configuration["Subnet"])


def connect(there: Running) -> None:
    """Lets containers reach the local cloud for as long as it runs, and `sam local` know the names of its resources.

    Done again it changes nothing. Raises NoRuntime if nothing here runs containers, Failure if they cannot reach it.
    """
    found = bridge()
    if found is None:
        endpoint = f"http://{DESKTOP_HOST}:{there.port}"
    else:
        gate.open_for(there.pid, there.port, found.address, found.subnet)
        endpoint = f"http://{found.address}:{there.port}"
    VARIABLES.write_text(json.dumps(_variables(endpoint), indent=2) + "\n")


def function(stage: str) -> str:
    """The name that the template has for a stage's function. Raises Failure, with the stages, if there is none."""
    functions = {name.removeprefix(f"{STACK}-"): logical for name, logical in _functions().items()}
    if stage not in functions:
        raise Failure(f"There is no stage {stage!r}. The stages are: {', '.join(sorted(functions))}.")
    return functions[stage]


def invoke(stage: str, event: Path) -> list[str]:
    """The command that gives an event to a stage's function."""
    return ["sam", "local", "invoke", function(stage), "--event", str(event), *_options()]


def start_api(port: int) -> list[str]:
    """The command that serves the API from containers, kept warm after their first request."""
    return ["sam", "local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *_options()]


def _options() -> list[str]:
    """What samconfig.toml says of the system in `.local`, of the one in this command's folder."""
    return ["--template-file", str(BUILD / "template.yaml"), "--env-vars", str(VARIABLES), *sam.LOCAL]


def _variables(endpoint: str) -> dict[str, dict[str, str]]:
    """Each function's variables as they are deployed: `sam local` itself knows the resources' logical names only."""
    client: LambdaClient = boto3.client("lambda")
    known = {"AWS_ENDPOINT_URL": endpoint}
    return {
        logical: client.get_function_configuration(FunctionName=name)["Environment"]["Variables"] | known
        for name, logical in _functions().items()
    }


def _functions() -> dict[str, str]:
    return stack.logical_ids(STACK, FUNCTION)

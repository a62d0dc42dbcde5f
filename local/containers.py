"""The functions as `sam local` runs them, in Lambda's own containers, with the local cloud for their AWS."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import boto3
import docker
from docker.errors import DockerException

from local import gate, sam, stack
from local.console import Failure
from local.environment import HOST, STACK
from local.paths import BUILD

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

FUNCTION = "AWS::Lambda::Function"
BRIDGE = "bridge"
"""The network that containers are in unless they are told otherwise, as Docker calls it; podman answers to it, too."""
DESKTOP_HOST = "host.docker.internal"


@dataclass(frozen=True, slots=True)
class Bridge:
    """The containers' network: this machine's address in it, and whose addresses are containers'."""

    address: str
    subnet: str


def bridge() -> Bridge | None:
    """The network through which containers reach this machine; None where they run in a virtual machine that passes
    DESKTOP_HOST on to its loopback, as Docker Desktop's and podman's on macOS do.

    Raises Failure if nothing here runs containers.
    """
    try:
        client = docker.from_env()
        information = client.info()
        found = client.networks.get(BRIDGE).attrs
    except DockerException as error:
        advice = "Start Docker, or podman's service and name its socket in DOCKER_HOST."
        raise Failure(f"No container runtime answers: {error}. {advice}") from error
    return bridge_of(information, found, sys.platform)


def bridge_of(information: dict[str, Any], network: dict[str, Any], platform: str) -> Bridge | None:
    """From what the runtime says of itself and of the network. Raises Failure for a runtime without root."""
    if platform != "linux" or information.get("OperatingSystem") == "Docker Desktop":
        return None
    if any("rootless" in option for option in information.get("SecurityOptions") or []):
        raise Failure(
            "Containers without root reach this machine only by an address that the network sees, and the local cloud"
            " is not opened to that. Use Docker, or podman's service as root (DOCKER_HOST=unix:///run/podman/podman.sock)."
        )
    [configuration] = [each for each in network["IPAM"]["Config"] if "." in each["Subnet"]]
    return Bridge(configuration["Gateway"], configuration["Subnet"])


@contextmanager
def reachable(port: int) -> Iterator[str]:
    """Lets containers reach the local cloud that listens on this port of loopback; gives the address that they see."""
    found = bridge()
    if found is None:
        yield f"http://{DESKTOP_HOST}:{port}"
        return
    with gate.opened(found.address, found.subnet, (HOST, port)) as opened:
        yield f"http://{found.address}:{opened}"


@contextmanager
def prepared(port: int) -> Iterator[list[str]]:
    """The options of `sam local` with which the deployed functions run in containers, while what they need is there."""
    with reachable(port) as endpoint, NamedTemporaryFile("w", suffix=".json") as variables:
        json.dump(_variables(endpoint), variables)
        variables.flush()
        yield ["--template-file", str(BUILD / "template.yaml"), "--env-vars", variables.name, *sam.LOCAL]


def function(stage: str) -> str:
    """The name that the template has for a stage's function. Raises Failure, with the stages, if there is none."""
    functions = {name.removeprefix(f"{STACK}-"): logical for name, logical in _functions().items()}
    if stage not in functions:
        raise Failure(f"There is no stage {stage!r}. The stages are: {', '.join(sorted(functions))}.")
    return functions[stage]


def invoke(stage: str, event: Path, options: Sequence[str]) -> list[str]:
    """The command that gives an event to a stage's function."""
    return ["sam", "local", "invoke", function(stage), "--event", str(event), *options]


def start_api(port: int, options: Sequence[str]) -> list[str]:
    """The command that serves the API from containers, kept warm after their first request."""
    return ["sam", "local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *options]


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

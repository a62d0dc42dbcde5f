"""How containers reach this machine, from what their runtime says of itself."""

from pathlib import Path

import pytest

from local.containers import Bridge, NoRuntime, bridge, bridge_of
from ops.console import Failure

DOCKER = {"OperatingSystem": "Ubuntu 24.04", "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"]}
NETWORK = {"IPAM": {"Config": [{"Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1"}]}}
IPV6 = {"Subnet": "fd00::/64", "Gateway": "fd00::1"}


def test_on_linux_it_is_the_bridges_own_address() -> None:
    assert bridge_of(DOCKER, NETWORK) == Bridge("172.17.0.1", "172.17.0.0/16")


def test_a_bridge_that_has_ipv6_too_is_reached_by_ipv4() -> None:
    both = {"IPAM": {"Config": [IPV6, *NETWORK["IPAM"]["Config"]]}}
    assert bridge_of(DOCKER, both) == Bridge("172.17.0.1", "172.17.0.0/16")


def test_in_a_virtual_machine_no_bridge_is_needed() -> None:
    assert bridge_of(DOCKER | {"OperatingSystem": "Docker Desktop"}, NETWORK) is None


def test_on_other_systems_containers_run_in_a_virtual_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert bridge() is None


def test_where_nothing_runs_containers_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(NoRuntime, match="Start Docker, or podman"):
        bridge()


def test_without_root_nothing_is_opened_to_the_network() -> None:
    with pytest.raises(Failure, match="Containers without root"):
        bridge_of(DOCKER | {"SecurityOptions": ["name=rootless"]}, NETWORK)

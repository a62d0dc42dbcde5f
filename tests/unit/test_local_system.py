"""When the local system says that it is up to date."""

from collections.abc import Callable
from pathlib import Path

import pytest

from local import envfile, sam, system
from local.envfile import Access
from local.ministack import Running
from ops import stack
from ops.console import Failure

PORT = 4566
ACCESS = Access("http://127.0.0.1", "ws://127.0.0.1", "broker", "secret")


def fails() -> None:
    raise Failure("a function cannot start")


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Deploys a folder with this fingerprint; deploying and warming up do what the test says."""
    monkeypatch.setattr(system, "FINGERPRINT", tmp_path / "deployed")
    monkeypatch.setattr(system, "INSTALL_LOCK", tmp_path / "install.lock")
    monkeypatch.setattr(system, "use_local_cloud", lambda port: None)
    monkeypatch.setattr(system, "_load", lambda port: ACCESS)
    monkeypatch.setattr(envfile, "read", lambda: ACCESS)
    for repair in ("repair_topics", "grant_batches"):
        monkeypatch.setattr(stack, repair, lambda name: None)

    def install(
        fingerprint: str,
        deploy: Callable[[], None] = lambda: None,
        warm_up: Callable[[], None] = lambda: None,
    ) -> None:
        monkeypatch.setattr(sam, "fingerprint", lambda: fingerprint)
        monkeypatch.setattr(sam, "build", lambda: None)
        monkeypatch.setattr(sam, "deploy", deploy)
        monkeypatch.setattr(system, "warm_up", lambda name, api: warm_up())
        system.install(PORT)

    return install


def up_to_date() -> bool:
    return system.up_to_date(Running(1, PORT)) is not None


def test_what_was_deployed_is_up_to_date(deploy: Callable[..., None]) -> None:
    assert not up_to_date()
    deploy("good")
    assert up_to_date()


@pytest.mark.parametrize("step", ["deploy", "warm_up"])
def test_after_a_broken_change_was_deployed_and_taken_back_the_system_is_not_up_to_date(
    deploy: Callable[..., None], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    deploy("good")
    with pytest.raises(Failure):
        deploy("broken", **{step: fails})
    monkeypatch.setattr(sam, "fingerprint", lambda: "good")
    assert not up_to_date()
    deploy("good")
    assert up_to_date()

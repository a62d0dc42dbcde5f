"""The parameters of a deployment reach what is built, and what was built for something else is not deployed."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from local import targets
from local.environment import RUNTIME
from local.targets import Target
from ops.console import Failure
from tests.support.cloud import ROOT, TEMPLATE
from tests.support.lambda_like import run

SECONDS = 300.0
WRITTEN = "Runtime=python3.13 Architecture=arm64"
DEFAULT = Target("python3.13", "x86_64")
DEV = Target(RUNTIME, "arm64")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, of the resources a function and the layer, in which dev has other parameters than the template's
    defaults, and prod has those. It is built for dev.
    """
    made = tmp_path_factory.mktemp("checkout")
    for name in ("layer", "functions/api_authorizer"):
        shutil.copytree(ROOT / name, made / name)
    template = {name: part for name, part in TEMPLATE.items() if name != "Outputs"}
    template["Resources"] = {name: TEMPLATE["Resources"][name] for name in ("TradingLayer", "ApiAuthorizer")}
    template["Parameters"] = TEMPLATE["Parameters"] | {
        "Architecture": TEMPLATE["Parameters"]["Architecture"] | {"Default": DEFAULT.architecture}
    }
    (made / "template.yaml").write_text(json.dumps(template))
    settings = (ROOT / "samconfig.toml").read_text()
    for environment, target in (("dev", DEV), ("prod", DEFAULT)):
        written = f"{WRITTEN} Environment={environment}"
        assert written in settings
        wanted = f"Runtime={target.runtime} Architecture={target.architecture} Environment={environment}"
        settings = settings.replace(written, wanted)
    (made / "samconfig.toml").write_text(settings)
    sam = str(Path(sys.executable).parent / "sam")
    variables = os.environ | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
    run(sam, "build", "--config-env", "dev", seconds=SECONDS, environment=variables, folder=made)
    return made


def test_runtime_and_architecture_reach_what_is_built_and_what_is_deployed(folder: Path) -> None:
    assert targets.built(folder) == {DEV}
    assert targets.checked(folder, "dev") == DEV


def test_what_was_built_for_another_deployment_is_refused(folder: Path) -> None:
    with pytest.raises(Failure, match=rf"Built for {DEV}, but the functions would be deployed as {DEFAULT}\."):
        targets.checked(folder, "prod")


def test_parameters_of_the_deployment_alone_are_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    settings = tmp_path / "samconfig.toml"
    alone = '[dev.deploy.parameters]\nparameter_overrides = "Runtime=python3.12 Environment=dev"\n'
    settings.write_text(settings.read_text().replace("[dev.deploy.parameters]\n", alone))
    with pytest.raises(Failure, match=r"in \[dev\.global\.parameters\] of samconfig\.toml"):
        targets.checked(tmp_path, "dev")

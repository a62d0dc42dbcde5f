"""What `sam build` built for, and what `sam deploy` will deploy: they have to be the same runtime and processor.

`python -m local.targets dev` checks it, and makes what was built ready to be deployed to AWS.
"""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from samcli.cli.types import CfnParameterOverridesType  # type: ignore[import-untyped] # no types, as all of samcli
from samcli.lib.config.samconfig import SamConfig  # type: ignore[import-untyped] # it has no types
from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped] # it has no types

from local.paths import ROOT
from local.sam import compile_sources
from ops.console import Failure, console


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What a function runs on, in Lambda's words: python3.13, arm64."""

    runtime: str
    architecture: str

    def __str__(self) -> str:
        return f"{self.runtime} on {self.architecture}"


def checked(root: Path, config_env: str) -> Target:
    """What will be deployed from this folder. Raises Failure if something else was built: it could not be imported."""
    wanted = deployed(root, config_env)
    others = built(root) - {wanted}
    if others:
        raise Failure(
            f"Built for {' and '.join(map(str, sorted(others)))}, but the functions would be deployed as {wanted}."
            f" Runtime and Architecture belong in [{config_env}.global.parameters] of samconfig.toml, where both"
            f" `sam build` and `sam deploy` read them, and nowhere else."
        )
    return wanted


def built(root: Path) -> set[Target]:
    """What the functions and layers were built for that lie in `.aws-sam/build`, as `sam build` has noted."""
    noted = tomllib.loads((root / ".aws-sam" / "build.toml").read_text())
    functions = noted.get("function_build_definitions", {}).values()
    layers = noted.get("layer_build_definitions", {}).values()
    return {Target(each["runtime"], each["architecture"]) for each in functions} | {
        Target(each["build_method"], each["architecture"]) for each in layers
    }


def deployed(root: Path, config_env: str) -> Target:
    """What `sam deploy --config-env` gives the functions: samconfig.toml's parameters, else the template's defaults."""
    settings = SamConfig(str(root)).get_all(["deploy"], "parameters", config_env)
    given = CfnParameterOverridesType().convert(settings.get("parameter_overrides", ""), None, None)
    parameters = yaml_parse((root / "template.yaml").read_text())["Parameters"]

    def value(name: str) -> str:
        return str(given.get(name, parameters[name]["Default"]))

    return Target(value("Runtime"), value("Architecture"))


def compile_for_aws(build: Path, runtime: str) -> None:
    """As this runtime would, if that Python is here: it need not be if a container built."""
    python = shutil.which(runtime)
    if python and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:  # noqa: S603
        compile_sources(build, python)
    else:
        console.print(f"There is no {runtime} here, so the functions go without bytecode: a cold start takes longer.")


def _main() -> None:
    """Makes what was built ready to be deployed to AWS, with the settings that the argument names."""
    _, config_env = sys.argv
    try:
        target = checked(ROOT, config_env)
        compile_for_aws(ROOT / ".aws-sam" / "build", target.runtime)
    except Failure as failure:
        sys.exit(f"Error: {failure.message}")


if __name__ == "__main__":
    _main()

"""What `sam build` built for, and what `sam deploy` will deploy: they have to be the same runtime and processor."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from samcli.cli.types import CfnParameterOverridesType  # type: ignore[import-untyped] # no types, as all of samcli
from samcli.lib.config.samconfig import SamConfig  # type: ignore[import-untyped]
from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped]

from ops.console import Failure


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

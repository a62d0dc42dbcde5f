"""The template says nothing that nobody uses, and refuses what does not fit together."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from local.targets import Target
from local.targets import deployed as deployed_target
from tests.support.cloud import ROOT, TEMPLATE
from tests.template.deployed import OPTIONS, truths

CONDITIONS = TEMPLATE["Conditions"]
USES: dict[str, Any] = {name: part for name, part in TEMPLATE.items() if name not in {"Parameters", "Mappings"}}


def expressions(value: Any, kind: str) -> Iterator[Any]:
    """What every expression of this kind in the value is about."""
    if isinstance(value, dict):
        if kind in value:
            yield value[kind]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from expressions(part, kind)


def test_every_parameter_is_described_and_used() -> None:
    texts = " ".join(str(each) for each in expressions(USES, "Fn::Sub"))
    referred = set(expressions(USES, "Ref"))
    assert [name for name in TEMPLATE["Parameters"] if name not in referred and f"${{{name}}}" not in texts] == []
    assert [name for name, each in TEMPLATE["Parameters"].items() if not each.get("Description")] == []


def test_every_condition_is_used() -> None:
    parts = [*TEMPLATE["Resources"].values(), *TEMPLATE["Outputs"].values()]
    used = {each["Condition"] for each in parts if "Condition" in each}
    used |= {each[0] for each in expressions(TEMPLATE, "Fn::If")}
    assert used == set(CONDITIONS)


def test_every_value_of_a_mapping_is_used_and_every_environment_has_all() -> None:
    used = {
        (mapping, value)
        for mapping, _, key in expressions(TEMPLATE, "Fn::FindInMap")
        for value in (TEMPLATE["Parameters"][key["Ref"]]["AllowedValues"] if isinstance(key, dict) else [key])
    }
    for name, mapping in TEMPLATE["Mappings"].items():
        assert list(mapping) == TEMPLATE["Parameters"]["Environment"]["AllowedValues"]
        for values in mapping.values():
            assert {(name, key) for key in values} == {each for each in used if each[0] == name}


def test_every_output_is_described() -> None:
    assert [name for name, each in TEMPLATE["Outputs"].items() if not each.get("Description")] == []


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({}, True),
        ({"ApiDomain": OPTIONS["ApiDomain"], "ApiCertificate": OPTIONS["ApiCertificate"]}, True),
        ({"ApiDomain": OPTIONS["ApiDomain"]}, False),
        ({"ApiCertificate": OPTIONS["ApiCertificate"]}, False),
        ({"Environment": "prod", "AlarmEmail": OPTIONS["AlarmEmail"]}, True),
        ({"Environment": "prod"}, False),
        ({"Environment": "prod", "AlarmEmail": OPTIONS["AlarmEmail"], "ArchiveLockDays": "30"}, True),
        ({"ArchiveLockDays": "30"}, False),
    ],
)
def test_what_belongs_together_comes_together_and_prod_tells_somebody_of_its_alarms(
    given: dict[str, str], fits: bool
) -> None:
    kept = []
    for rule in TEMPLATE["Rules"].values():
        [assertion] = rule["Assertions"]
        asked = truths({"asked": rule["RuleCondition"], "kept": assertion["Assert"]}, given)
        kept.append(asked["kept"] or not asked["asked"])
    assert all(kept) is fits


def test_dev_is_what_a_deployment_is_if_nothing_is_said() -> None:
    assert TEMPLATE["Parameters"]["Environment"]["Default"] == "dev"
    assert not any(truths(CONDITIONS, {}).values())


@pytest.mark.parametrize("environment", ["default", "dev", "prod"])
def test_what_is_built_and_what_is_deployed_have_the_same_parameters(environment: str) -> None:
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text())[environment]
    assert [name for name, each in settings.items() if "parameter_overrides" in each["parameters"]] == ["global"]


def test_the_deployments_to_aws_say_what_they_run_on() -> None:
    defaults = [TEMPLATE["Parameters"][name]["Default"] for name in ("Runtime", "Architecture")]
    assert {deployed_target(ROOT, environment) for environment in ("dev", "prod")} == {Target(*defaults)}


def test_the_deployments_say_where_they_are_and_allow_the_templates_transforms() -> None:
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text())
    for environment in ("dev", "prod"):
        given = dict(
            each.split("=") for each in settings[environment]["global"]["parameters"]["parameter_overrides"].split()
        )
        assert given["Environment"] == environment
    for environment in ("default", "dev", "prod"):
        allowed = settings[environment]["deploy"]["parameters"]["capabilities"].split()
        assert allowed == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

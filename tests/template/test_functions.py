"""Every function: what it is given, how long it may take, where its logs go, how a new version of it is let in."""

import ast
from copy import deepcopy
from typing import Any

import pytest

from tests.support.cloud import TEMPLATE
from tests.support.stages import FUNCTIONS as FOLDER
from tests.support.stages import STAGES
from tests.template.deployed import OPTIONS, STACK, deployed, target, transformed

SYSTEM = deployed("prod", **OPTIONS)
FUNCTIONS = SYSTEM.of_type("AWS::Lambda::Function")
ALIASES = SYSTEM.of_type("AWS::Lambda::Alias")
BY_STAGE = {each["FunctionName"].removeprefix(f"{STACK}-"): name for name, each in FUNCTIONS.items()}
OF_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}
LONGEST_OF_THE_API = 29
"""Seconds; API Gateway waits no longer for an answer."""
LONGEST = {"reconciler": 900, "settlement": 900}
"""Seconds; those that work off what has gathered."""


def of(stage: str) -> dict[str, Any]:
    return FUNCTIONS[BY_STAGE[stage]]


def test_every_stage_is_a_function_and_every_function_a_stage() -> None:
    assert sorted(BY_STAGE) == STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_is_given_exactly_the_variables_that_its_settings_read(stage: str) -> None:
    variables = of(stage)["Environment"]["Variables"]
    module = ast.parse((FOLDER / stage / "app.py").read_text())
    [settings] = [each for each in module.body if isinstance(each, ast.ClassDef) and each.name == "Settings"]
    read = {ast.unparse(field.target).upper() for field in settings.body if isinstance(field, ast.AnnAssign)}
    assert set(variables) == read | OF_POWERTOOLS
    assert variables["POWERTOOLS_SERVICE_NAME"] == stage


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_has_limits_a_runtime_tracing_and_the_layer(stage: str) -> None:
    function = of(stage)
    of_the_api = not any(name in function["Environment"]["Variables"] for name in ("QUEUE", "ARCHIVE_BUCKET"))
    assert 0 < function["Timeout"] <= LONGEST.get(stage, LONGEST_OF_THE_API if of_the_api else 60)
    assert function["MemorySize"] == 1024
    assert (function["Runtime"], function["Architectures"], function["Handler"]) == (
        "python3.13",
        ["arm64"],
        "app.handler",
    )
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert [SYSTEM.resources[target(layer)]["Type"] for layer in function["Layers"]] == ["AWS::Lambda::LayerVersion"]


@pytest.mark.parametrize("environment", ["dev", "prod"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_functions_logs_go_to_a_group_of_its_own_and_end(stage: str, environment: str) -> None:
    system = deployed(environment, LogRetentionDays="90")
    group = target(of(stage)["LoggingConfig"]["LogGroup"])
    key = {"KmsKeyId": {"Fn::GetAtt": ["DataKey", "Arn"]}} if environment == "prod" else {}
    assert (
        system.resources[group]["Properties"]
        == {
            "LogGroupName": f"/aws/lambda/{STACK}-{stage}",
            "RetentionInDays": "90",
        }
        | key
    )


@pytest.mark.parametrize("stage", STAGES)
def test_everything_calls_a_function_by_its_alias(stage: str) -> None:
    name = BY_STAGE[stage]
    [alias] = [alias for alias, each in ALIASES.items() if target(each["FunctionName"]) == name]
    assert ALIASES[alias]["Name"] == "live"
    permitted = [
        each["FunctionName"]
        for each in SYSTEM.of_type("AWS::Lambda::Permission").values()
        if name in str(each["FunctionName"])
    ]
    mapped = [
        each["FunctionName"]
        for each in SYSTEM.of_type("AWS::Lambda::EventSourceMapping").values()
        if name in str(each["FunctionName"])
    ]
    assert permitted or mapped
    for each in permitted + mapped:
        assert each == {"Ref": alias} or str(each).endswith(f"function:${{{name}}}:live")


def test_questions_alone_have_a_limit_of_concurrency_and_only_in_prod() -> None:
    limits = {name: each.get("ReservedConcurrentExecutions") for name, each in FUNCTIONS.items()}
    assert {name: limit for name, limit in limits.items() if limit} == {"DataExtractor": 100}
    dev = deployed("dev").of_type("AWS::Lambda::Function")
    assert not any("ReservedConcurrentExecutions" in each for each in dev.values())


@pytest.mark.parametrize("stage", STAGES)
def test_in_prod_a_new_version_gets_a_tenth_of_the_calls_and_goes_if_there_is_an_alarm(stage: str) -> None:
    name = BY_STAGE[stage]
    group = SYSTEM.resources[f"{name}DeploymentGroup"]["Properties"]
    alarms = {target(each["Name"]) for each in group["AlarmConfiguration"]["Alarms"]}
    behind = {f"{name}BehindAlarm"} & set(SYSTEM.resources)
    assert group["AlarmConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    assert "Canary10Percent5Minutes" in str(group["DeploymentConfigName"])
    assert alarms == {f"{name}ErrorsAlarm"} | behind
    errors = SYSTEM.resources[f"{name}ErrorsAlarm"]["Properties"]
    assert (errors["Namespace"], errors["MetricName"]) == ("AWS/Lambda", "Errors")
    assert errors["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": name}}]


def test_in_dev_a_new_version_gets_all_calls_at_once() -> None:
    dev = deployed("dev")
    assert dev.of_type("AWS::CodeDeploy::DeploymentGroup", "AWS::CodeDeploy::Application") == {}
    assert not any("UpdatePolicy" in each for each in dev.resources.values())


def versions(template: dict[str, Any]) -> set[str]:
    resources = transformed(template, {"Environment": "prod"})["Resources"]
    return {name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Version"}


def test_a_change_of_any_property_or_of_the_layer_publishes_a_version_of_every_function() -> None:
    memory, layer = deepcopy(TEMPLATE), deepcopy(TEMPLATE)
    memory["Globals"]["Function"]["MemorySize"] = 2048
    layer["Resources"]["TradingLayer"]["Properties"]["ContentUri"] = "s3://bucket/other"
    published = [versions(each) for each in (TEMPLATE, memory, layer)]
    assert [len(each) for each in published] == [len(FUNCTIONS)] * 3
    assert len(set().union(*published)) == 3 * len(FUNCTIONS)

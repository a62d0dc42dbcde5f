"""Every function: what it is given, how long it may take, where its logs go, how a new version of it is let in."""

import ast
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.support.cloud import ROOT, TEMPLATE
from tests.support.stages import FUNCTIONS as FOLDER
from tests.support.stages import STAGES
from tests.template.deployed import OPTIONS, STACK, deployed, target, transformed
from trading.aws import clients, time_limit
from trading.aws.engine import matching_stage

SYSTEM = deployed("prod", **OPTIONS)
FUNCTIONS = SYSTEM.of_type("AWS::Lambda::Function")
ALIASES = SYSTEM.of_type("AWS::Lambda::Alias")
BY_STAGE = {each["FunctionName"].removeprefix(f"{STACK}-"): name for name, each in FUNCTIONS.items()}
OF_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}
TIMEOUTS = {
    **dict.fromkeys(
        (
            "order_entry",
            "account_keeper",
            "credential_keeper",
            "ticker_keeper",
            "data_extractor",
            "operations_desk",
            "live_connections",
        ),
        29,
    ),  # API Gateway waits no longer
    **dict.fromkeys(
        ("dark_pool_matching_engine", "lit_pool_matching_engine", "market_data"), 20
    ),  # a ticker waits for six times that
    **dict.fromkeys(
        ("post_trade_processor", "smart_order_router", "trades_data_aggregator", "live_updates", "live_market"), 30
    ),
    **dict.fromkeys(("api_authorizer", "api_docs", "broker_ui"), 10),
    "session_close": 29,
    **dict.fromkeys(("snapshot_taker", "archiver"), 60),  # whole books, thousands of bookings
    **dict.fromkeys(("reconciler", "settlement", "archive_compactor"), 900),  # they work off what has gathered
}
"""Seconds."""
ENGINES = ("dark_pool_matching_engine", "lit_pool_matching_engine")
COLD_SECONDS = 7.14
"""In which an engine reads 100,000 resting orders, on one processor (docs/performance/costs-and-limits.md)."""
PROCESSOR_MEGABYTES = 1769
"""With so much memory a function has one processor, with less a share of one."""
MEGABYTES = {**dict.fromkeys(ENGINES, PROCESSOR_MEGABYTES), "trades_data_aggregator": 768}
"""Of the functions that do not have 1,024."""
KEPT_UNRESERVED = 100
"""Of an account's concurrency Lambda lets nobody reserve so much."""
QUIET = {
    *(
        "order_entry",
        "account_keeper",
        "credential_keeper",
        "ticker_keeper",
        "data_extractor",
        "operations_desk",
        "live_connections",
    ),  # callers get a 5xx
    *(
        "dark_pool_matching_engine",
        "lit_pool_matching_engine",
        "post_trade_processor",
        "market_data",
        "live_updates",
        "live_market",
    ),  # groups come again, or are dead-lettered
    *("smart_order_router", "trades_data_aggregator", "archiver", "snapshot_taker"),  # records are dead-lettered
}
"""What may fail with all that it is given, and raises nothing."""


def of(stage: str) -> dict[str, Any]:
    return FUNCTIONS[BY_STAGE[stage]]


def test_every_stage_is_a_function_and_every_function_a_stage() -> None:
    assert sorted(BY_STAGE) == STAGES


def settings_of(module: ast.Module) -> set[str]:
    """The variables that the settings in a module are read from."""
    classes = [each for each in module.body if isinstance(each, ast.ClassDef) and each.name == "Settings"]
    fields = (field for each in classes for field in each.body if isinstance(field, ast.AnnAssign))
    return {ast.unparse(field.target).upper() for field in fields}


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_is_given_exactly_the_variables_that_its_settings_read(stage: str) -> None:
    variables = of(stage)["Environment"]["Variables"]
    text = (FOLDER / stage / "app.py").read_text()
    read = {"TRADES_STORE"} if "from_environment(TableSettings)" in text else settings_of(ast.parse(text))
    if stage in ENGINES:
        read |= settings_of(ast.parse(Path(matching_stage.__file__).read_text()))
    assert set(variables) == read | OF_POWERTOOLS
    assert variables["POWERTOOLS_SERVICE_NAME"] == stage


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_has_limits_a_runtime_and_the_layer(stage: str) -> None:
    function = of(stage)
    assert function["Timeout"] == TIMEOUTS[stage]
    assert function["MemorySize"] == MEGABYTES.get(stage, 1024)
    assert (function["Runtime"], function["Architectures"], function["Handler"]) == (
        "python3.13",
        ["arm64"],
        "app.handler",
    )
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
def test_lambda_logs_only_what_failed_and_drops_no_line_that_the_function_is_to_log(stage: str) -> None:
    levels = ("ApplicationLogLevel", "SystemLogLevel", "LogFormat")
    for level in TEMPLATE["Parameters"]["LogLevel"]["AllowedValues"]:
        function = deployed("prod", LogLevel=level).resources[BY_STAGE[stage]]["Properties"]
        assert [function["LoggingConfig"][each] for each in levels] == [level, "WARN", "JSON"]
        assert function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == level


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


def test_what_only_answers_has_a_limit_of_concurrency_and_only_in_prod() -> None:
    limits = {name: each.get("ReservedConcurrentExecutions") for name, each in FUNCTIONS.items()}
    assert {name: limit for name, limit in limits.items() if limit} == {
        "ApiDocs": 20,
        "BrokerUi": 20,
        "DataExtractor": 100,
        "OperationsDesk": 20,
    }
    dev = deployed("dev").of_type("AWS::Lambda::Function")
    assert not any("ReservedConcurrentExecutions" in each for each in dev.values())
    needed = sum(limit for limit in limits.values() if limit) + KEPT_UNRESERVED
    assert f"needs at least {needed}" in " ".join((ROOT / "docs/operating/deploy.md").read_text().split())


@pytest.mark.parametrize("stage", ENGINES)
def test_a_cold_engine_has_read_a_deep_book_while_there_is_time_for_its_commit(stage: str) -> None:
    seconds = COLD_SECONDS * PROCESSOR_MEGABYTES / of(stage)["MemorySize"]
    commit_and_what_is_given_back = 2 * clients.ATTEMPT_SECONDS + time_limit.SPARE_SECONDS
    assert seconds + commit_and_what_is_given_back < of(stage)["Timeout"]


@pytest.mark.parametrize("stage", STAGES)
def test_in_prod_a_new_version_gets_a_tenth_of_the_calls_and_goes_if_there_is_an_alarm(stage: str) -> None:
    name = BY_STAGE[stage]
    group = SYSTEM.resources[f"{name}DeploymentGroup"]["Properties"]
    alarms = {target(each["Name"]) for each in group["AlarmConfiguration"]["Alarms"]}
    assert group["AlarmConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    assert "Canary10Percent5Minutes" in str(group["DeploymentConfigName"])
    failures = {f"{name}NewVersionFailuresAlarm"} if stage in QUIET else set()
    assert alarms == {f"{name}NewVersionErrorsAlarm"} | failures


@pytest.mark.parametrize("stage", STAGES)
def test_what_rolls_a_version_back_is_about_that_version_alone_and_about_its_first_failure(stage: str) -> None:
    name = BY_STAGE[stage]
    [alias] = [each for each in ALIASES.values() if target(each["FunctionName"]) == name]
    new_version = alias["FunctionVersion"]
    assert SYSTEM.resources[target(new_version)]["Type"] == "AWS::Lambda::Version"
    errors = SYSTEM.resources[f"{name}NewVersionErrorsAlarm"]["Properties"]
    assert (errors["Namespace"], errors["MetricName"]) == ("AWS/Lambda", "Errors")
    assert errors["Dimensions"] == [
        {"Name": "FunctionName", "Value": {"Ref": name}},
        {"Name": "Resource", "Value": f"${{{name}}}:live"},
        {"Name": "ExecutedVersion", "Value": new_version},
    ]
    failures = SYSTEM.resources.get(f"{name}NewVersionFailuresAlarm", {"Properties": errors})["Properties"]
    if failures is not errors:
        metric = SYSTEM.resources[f"{name}NewVersionFailuresMetric"]["Properties"]
        [made] = metric["MetricTransformations"]
        assert metric["LogGroupName"] == {"Ref": f"{name}Logs"}
        assert made["Dimensions"] == [{"Key": "Version", "Value": "$.function_version"}]
        assert "DefaultValue" not in made, "CloudWatch takes none beside dimensions"
        assert (failures["Namespace"], failures["MetricName"]) == (made["MetricNamespace"], made["MetricName"])
        assert failures["Dimensions"] == [{"Name": "Version", "Value": new_version}]
    for each in (errors, failures):
        assert (each["Statistic"], each["Period"], each["EvaluationPeriods"], each["Threshold"]) == ("Sum", 60, 1, 0)


def test_prod_takes_a_release_all_at_once_that_mends_what_an_alarm_is_on_for() -> None:
    at_once = deployed("prod", TrafficShifting="AllAtOnce", **OPTIONS)
    assert at_once.of_type("AWS::CodeDeploy::DeploymentGroup") == {}
    assert not any("UpdatePolicy" in each for each in at_once.resources.values())
    gradually = {name for name, each in SYSTEM.resources.items() if "CodeDeploy" not in str(each)}
    assert gradually <= set(at_once.resources)


def test_in_dev_a_new_version_gets_all_calls_at_once() -> None:
    dev = deployed("dev")
    assert dev.of_type("AWS::CodeDeploy::DeploymentGroup", "AWS::CodeDeploy::Application") == {}
    assert not any("UpdatePolicy" in each for each in dev.resources.values())


def versions(template: dict[str, Any]) -> set[str]:
    resources = transformed(template, {"Environment": "prod"})["Resources"]
    return {name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Version"}


def test_the_functions_properties_stand_where_sams_schema_has_them() -> None:
    """The newest cfn-lint refuses AutoPublishAliasAllProperties for all functions at once."""
    assert "AutoPublishAliasAllProperties" not in TEMPLATE["Globals"]["Function"]


def test_a_change_of_any_property_or_of_the_layer_publishes_a_version_of_every_function() -> None:
    storage, layer = deepcopy(TEMPLATE), deepcopy(TEMPLATE)
    storage["Globals"]["Function"]["EphemeralStorage"] = {"Size": 1024}
    layer["Resources"]["TradingLayer"]["Properties"]["ContentUri"] = "s3://bucket/other"
    published = [versions(each) for each in (TEMPLATE, storage, layer)]
    assert [len(each) for each in published] == [len(FUNCTIONS)] * 3
    assert len(set().union(*published)) == 3 * len(FUNCTIONS)

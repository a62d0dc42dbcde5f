"""What dev and prod have in common and in what they differ: data that is kept, encryption, the way in."""

import json
from typing import Any

import pytest

from tests.support.cloud import ROOT, TEMPLATE
from tests.template.deployed import OPTIONS, STACK, Deployed, deployed, transformed

DEV, PROD = deployed("dev"), deployed("prod", **OPTIONS)
BARE = deployed("prod", AlarmEmail=OPTIONS["AlarmEmail"])
KEY = {"Ref": "DataKey"}
KEY_ARN = {"Fn::GetAtt": ["DataKey", "Arn"]}
TABLES = PROD.of_type("AWS::DynamoDB::Table")
LOSABLE = "Listeners"
"""Clients subscribe again."""


def values(system: Deployed, kind: str, name: str) -> list[Any]:
    """A property of all resources of a type, where they have it."""
    return [each[name] for each in system.of_type(kind).values() if name in each]


@pytest.mark.parametrize("table", sorted(set(TABLES) - {LOSABLE}))
def test_prod_keeps_a_table_whatever_happens_and_dev_lets_it_go(table: str) -> None:
    assert PROD.resources[table]["DeletionPolicy"] == "Retain"
    assert DEV.resources[table]["DeletionPolicy"] == "Delete"
    for system, protected in ((PROD, True), (DEV, False)):
        properties = system.resources[table]["Properties"]
        assert system.resources[table]["UpdateReplacePolicy"] == "Retain"
        assert properties["DeletionProtectionEnabled"] is protected
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": protected}


def test_who_listens_is_kept_nowhere() -> None:
    for system in (PROD, DEV):
        assert (
            system.resources[LOSABLE]["DeletionPolicy"] == system.resources[LOSABLE]["UpdateReplacePolicy"] == "Delete"
        )
        assert "StreamSpecification" not in system.resources[LOSABLE]["Properties"]


def test_the_key_is_kept_with_what_it_encrypts_and_changes_every_year() -> None:
    assert PROD.resources["DataKey"]["DeletionPolicy"] == PROD.resources["DataKey"]["UpdateReplacePolicy"] == "Retain"
    assert PROD.resources["DataKey"]["Properties"]["EnableKeyRotation"] is True


def test_in_prod_everything_that_holds_data_is_encrypted_with_the_key() -> None:
    encryption = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert values(PROD, "AWS::DynamoDB::Table", "SSESpecification") == [encryption] * len(TABLES)
    for kind, name, key in (
        ("AWS::SQS::Queue", "KmsMasterKeyId", KEY),
        ("AWS::SNS::Topic", "KmsMasterKeyId", KEY),
        ("AWS::Logs::LogGroup", "KmsKeyId", KEY_ARN),
    ):
        assert values(PROD, kind, name) == [key] * len(PROD.of_type(kind))
    [rule] = PROD.resources["Archive"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY_ARN}


def test_in_dev_the_keys_of_aws_encrypt() -> None:
    assert "DataKey" not in str(DEV.resources)
    assert values(DEV, "AWS::DynamoDB::Table", "SSESpecification") == [], "SSEEnabled pays for a key of KMS"
    [rule] = DEV.resources["Archive"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize("system", [DEV, PROD], ids=["dev", "prod"])
def test_the_archive_is_kept_private_and_has_a_lifecycle(system: Deployed) -> None:
    assert system.resources["Archive"]["DeletionPolicy"] == "Retain"
    assert set(system.resources["Archive"]["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    rules = system.resources["Archive"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert [rule["Status"] for rule in rules] == ["Enabled"] * 3
    assert not any("ExpirationInDays" in rule for rule in rules)


def test_the_archive_of_prod_keeps_versions_and_refuses_plain_http() -> None:
    assert PROD.resources["Archive"]["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert DEV.resources["Archive"]["Properties"]["VersioningConfiguration"] == {"Status": "Suspended"}
    [statement] = PROD.resources["ArchivePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert DEV.of_type("AWS::S3::BucketPolicy") == {}


def test_the_archive_is_locked_for_so_many_days_if_a_deployment_says_so() -> None:
    assert not {"ObjectLockEnabled", "ObjectLockConfiguration"} & set(BARE.resources["Archive"]["Properties"])
    assert BARE.resources["Archive"]["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    locked = deployed("prod", ArchiveLockMode="COMPLIANCE", **OPTIONS)
    properties = locked.resources["Archive"]["Properties"]
    assert properties["ObjectLockEnabled"] is True
    assert properties["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": "2190"}},
    }
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}, "S3 locks versions"


def test_an_address_asks_the_api_no_more_than_a_deployment_says() -> None:
    assert BARE.of_type("AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation") == {}
    limited = PROD.resources
    [rule] = limited["ApiWebAcl"]["Properties"]["Rules"]
    assert rule["Statement"] == {
        "RateBasedStatement": {"Limit": "3000", "AggregateKeyType": "IP", "EvaluationWindowSec": 300}
    }
    assert rule["Action"] == {"Block": {"CustomResponse": {"ResponseCode": 429}}}
    association = limited["ApiWebAclAssociation"]["Properties"]
    assert association["WebACLArn"] == {"Fn::GetAtt": ["ApiWebAcl", "Arn"]}
    [(name, stage)] = [item for item in limited.items() if item[1]["Type"] == "AWS::ApiGateway::Stage"]
    named = stage["Properties"]["StageName"]
    assert str(association["ResourceArn"]).endswith(f":apigateway:us-east-1::/restapis/${{TradingApi}}/stages/{named}")
    assert limited["ApiWebAclAssociation"]["DependsOn"] == name


PRICES = json.loads((ROOT / "docs" / "performance" / "prices.json").read_text())["usd"]


@pytest.mark.parametrize(
    ("row", "kind", "price"),
    [
        ("alarms", "AWS::CloudWatch::Alarm", "CloudWatch alarm, a month"),
        ("metrics of the logs, while there is something to count", "metric", "CloudWatch metric, a month"),
        ("dashboard", "AWS::CloudWatch::Dashboard", "CloudWatch dashboard, a month"),
        ("key of KMS", "AWS::KMS::Key", "KMS key, a month"),
    ],
)
def test_the_page_of_costs_has_what_stands(row: str, kind: str, price: str) -> None:
    dev, prod = (len(metrics(system)) if kind == "metric" else len(system.of_type(kind)) for system in (DEV, PROD))
    page = (ROOT / "docs" / "performance" / "costs-and-limits.md").read_text()
    assert f"| {row} | {dev} | {prod} | {prod * PRICES[price]:.2f} |" in page


def metrics(system: Deployed) -> set[tuple[str, bool]]:
    """What is counted in the logs, as a whole and of a new version."""
    made = [each["MetricTransformations"][0] for each in system.of_type("AWS::Logs::MetricFilter").values()]
    return {(each["MetricName"], "Dimensions" in each) for each in made}


def test_logs_are_kept_as_long_as_a_deployment_says_and_no_longer() -> None:
    for system in (DEV, PROD):
        assert values(system, "AWS::Logs::LogGroup", "RetentionInDays") == [30] * len(
            system.of_type("AWS::Logs::LogGroup")
        )


@pytest.mark.parametrize(
    ("system", "mode"), [(DEV, "PassThrough"), (BARE, "PassThrough"), (PROD, "Active")], ids=["dev", "prod", "asked"]
)
def test_traces_are_recorded_only_if_a_deployment_asks_for_them(system: Deployed, mode: str) -> None:
    functions = system.of_type("AWS::Lambda::Function")
    assert values(system, "AWS::Lambda::Function", "TracingConfig") == [{"Mode": mode}] * len(functions)
    assert values(system, "AWS::ApiGateway::Stage", "TracingEnabled") == [mode == "Active"]


@pytest.mark.parametrize("system", [DEV, PROD], ids=["dev", "prod"])
def test_the_api_answers_a_flood_with_429(system: Deployed) -> None:
    [stage] = system.of_type("AWS::ApiGateway::Stage").values()
    assert stage["MethodSettings"] == [
        {"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 2000, "ThrottlingBurstLimit": 1000}
    ]


def test_prod_logs_access_to_the_api_with_a_role_that_outlives_the_stack() -> None:
    [stage] = PROD.of_type("AWS::ApiGateway::Stage").values()
    assert stage["AccessLogSetting"]["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
    assert PROD.resources["ApiLogs"]["DependsOn"] == "ApiAccount"
    for name in ("ApiAccount", "ApiLogsRole"):
        assert PROD.resources[name]["DeletionPolicy"] == "Retain"
    [stage] = DEV.of_type("AWS::ApiGateway::Stage").values()
    assert "AccessLogSetting" not in stage


def test_the_api_has_its_own_domain_if_one_is_given() -> None:
    assert PROD.outputs["ApiUrl"]["Value"] == "https://orders.example.com"
    domain = PROD.resources["ApiDomainName"]["Properties"]
    assert (domain["DomainName"], domain["RegionalCertificateArn"]) == (OPTIONS["ApiDomain"], OPTIONS["ApiCertificate"])
    mapping = PROD.resources["ApiDomainMapping"]["Properties"]
    assert PROD.resources[mapping["Stage"]["Ref"]]["Type"] == "AWS::ApiGateway::Stage"
    assert not {"ApiDomainName", "ApiDomainMapping"} & set(DEV.resources)
    assert "ApiDomainTarget" not in DEV.outputs


NAMES = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SSM::Parameter": "Name",
    "AWS::ApiGateway::RestApi": "Name",
    "AWS::ApiGatewayV2::Api": "Name",
    "AWS::CloudWatch::Dashboard": "DashboardName",
}


def test_every_name_contains_the_stacks_so_that_an_account_can_have_several() -> None:
    for kind, name in NAMES.items():
        assert values(PROD, kind, name)
        assert [value for value in values(PROD, kind, name) if STACK not in str(value)] == []


def test_nothing_else_is_named_so_that_cloudformation_can_replace_it() -> None:
    def named(kind: str, properties: dict[str, Any]) -> bool:
        return "Name" in properties or kind.rpartition("::")[2] + "Name" in properties

    kinds = {each["Type"] for each in PROD.resources.values() if named(each["Type"], each.get("Properties", {}))}
    assert kinds - set(NAMES) == {"AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage", "AWS::Lambda::Alias"}


MOST_RESOURCES, MOST_LETTERS, MOST_BYTES = 500, 4_096, 1_000_000
"""Of a stack, also those whose condition is false; of a parameter of the standard tier; of a template. From the
quotas of CloudFormation and Parameter Store.
"""


def test_a_stack_is_no_larger_than_cloudformation_takes_it() -> None:
    whole = transformed(TEMPLATE, {"Environment": "prod", **OPTIONS})
    assert len(whole["Resources"]) <= MOST_RESOURCES
    assert len(json.dumps(whole)) <= MOST_BYTES
    assert all(len(value) <= MOST_LETTERS for value in values(PROD, "AWS::SSM::Parameter", "Value"))
    assert f"this one has {len(whole['Resources'])}" in (ROOT / "docs/performance/costs-and-limits.md").read_text()

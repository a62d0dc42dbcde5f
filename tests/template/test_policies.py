"""Each function may do only what it does: nothing in a policy covers more than it names, unless it is argued here."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.deployed import OPTIONS, deployed, target

SYSTEM = deployed("prod", **OPTIONS)
ROLES = SYSTEM.of_type("AWS::IAM::Role")
FUNCTIONS = SYSTEM.of_type("AWS::Lambda::Function")
CALLING = sorted(set(FUNCTIONS) - {"ApiDocs", "BrokerUi"})
"""The functions that call AWS."""
ARCHIVE = {"Fn::GetAtt": ["Archive", "Arn"]}
STREAM = "arn:aws:execute-api:us-east-1:123456789012:${StreamApi}/v1"

ARGUED = {
    ("DataKey", "*"): "a key's policy is about that key, which it can only call *",
    ("DataKey", "kms:*"): "the account decides by its own policies; without it nobody could ever change the key",
    ("ArchivePolicy", "*"): "it denies, and what it denies is denied to everybody",
    ("ArchivePolicy", "s3:*"): "it denies",
    ("ArchivePolicy", "${Archive.Arn}/*"): "it denies, for all objects",
    ("SmartOrderRouterRole", "${Archive.Arn}/dead-letters/*"): "an object per record that it dead-letters",
    ("SmartOrderRouterRole", "${Archive.Arn}/aws/lambda/*"): "Lambda names the objects of a failure destination",
    ("TradesDataAggregatorRole", "${Archive.Arn}/dead-letters/*"): "as of the router",
    ("TradesDataAggregatorRole", "${Archive.Arn}/aws/lambda/*"): "as of the router",
    ("SnapshotTakerRole", "${Archive.Arn}/dead-letters/*"): "as of the router",
    ("SnapshotTakerRole", "${Archive.Arn}/aws/lambda/*"): "as of the router",
    ("SnapshotTakerRole", "${Archive.Arn}/snapshots/*"): "an object per snapshot; it removes what it superseded",
    ("DarkPoolMatchingEngineRole", "${Archive.Arn}/snapshots/*"): "reads what the keeper wrote",
    ("LitPoolMatchingEngineRole", "${Archive.Arn}/snapshots/*"): "reads what the keeper wrote",
    ("ArchiverRole", "${Archive.Arn}/trades/*"): "an object is named by what is in it",
    ("ArchiveCompactorRole", "${Archive.Arn}/trades/*"): "as of the archiver; it removes what it has merged",
    ("ArchiverRole", "${Archive.Arn}/dead-letters/*"): "as of the router",
    ("ArchiverRole", "${Archive.Arn}/aws/lambda/*"): "as of the router",
    ("ReconcilerRole", "${Archive.Arn}/trades/*"): "reads every object of a day",
    ("ReconcilerRole", "${Archive.Arn}/reconciliation/*"): "an object per report",
    ("OperationsDeskRole", "${Archive.Arn}/dead-letters/*"): "reads why a record is there",
    ("OperationsDeskRole", "${Archive.Arn}/reconciliation/*"): "reads the last report",
    ("LiveConnectionsRole", f"{STREAM}/POST/@connections/*"): "answers every connection of the one API",
    ("LiveMarketRole", f"{STREAM}/POST/@connections/*"): "sends to every connection of the one API",
    ("LiveMarketRole", f"{STREAM}/DELETE/@connections/*"): "closes a connection that takes nothing",
    ("LiveUpdatesRole", f"{STREAM}/POST/@connections/*"): "sends to every connection of the one API",
    ("LiveUpdatesRole", f"{STREAM}/DELETE/@connections/*"): "closes a connection that takes nothing",
}
MANAGED = {
    "service-role/AWSLambdaBasicExecutionRole": "writing logs; SAM gives it to every function",
    "AWSXrayWriteOnlyAccess": "X-Ray's actions know no resources; SAM gives it to every function that is traced",
    "service-role/AWSCodeDeployRoleForLambda": "shifting traffic between versions, CodeDeploy's own role",
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs": "API Gateway's access logs, for the account as a whole",
}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Who has it, and the statement, of every policy that the template writes."""
    for name, each in SYSTEM.resources.items():
        properties = each.get("Properties", {})
        policies = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        policies += [properties[key] for key in ("PolicyDocument", "KeyPolicy") if key in properties]
        for document in policies:
            yield from ((name, statement) for statement in as_list(document["Statement"]))


def wildcards(statement: dict[str, Any]) -> set[str]:
    """Whom, what and which things a statement names with a `*`."""
    principals = statement.get("Principal", {})
    named = as_list(principals) if isinstance(principals, str) else list(principals.values())
    named += as_list(statement["Action"]) + as_list(statement["Resource"])
    texts = [each if isinstance(each, str) else str(next(iter(each.values()))) for each in named]
    return {text for text in texts if "*" in text}


def test_nothing_covers_more_than_it_names_without_a_reason() -> None:
    found = {(name, text) for name, statement in statements() for text in wildcards(statement)}
    assert found == set(ARGUED)


def test_managed_policies_are_those_that_there_is_a_reason_for() -> None:
    attached = {policy for role in ROLES.values() for policy in role.get("ManagedPolicyArns", [])}
    assert {policy.removeprefix("arn:aws:iam::aws:policy/") for policy in attached} == set(MANAGED)


def test_what_covers_everything_is_denied_or_the_keys_own() -> None:
    for name, statement in statements():
        assert name == "DataKey" or statement["Effect"] == "Deny" or "*" not in as_list(statement["Resource"])


@pytest.mark.parametrize("name", CALLING)
def test_a_function_has_a_role_of_its_own_and_may_use_exactly_the_key_that_its_data_is_encrypted_with(
    name: str,
) -> None:
    roles = [target(each["Role"]) for each in FUNCTIONS.values()]
    role = target(FUNCTIONS[name]["Role"])
    assert roles.count(role) == 1
    own = [each for owner, each in statements() if owner == role]
    [key] = [each for each in own if any(action.startswith("kms:") for action in as_list(each["Action"]))]
    writes = any(word in str(each["Action"]) for each in own for word in ("Put", "Send", "Update", "Publish"))
    assert key == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"] if writes else "kms:Decrypt",
        "Resource": {"Fn::GetAtt": ["DataKey", "Arn"]},
    }


@pytest.mark.parametrize("name", CALLING)
def test_in_dev_a_function_has_the_same_permissions_but_for_the_key(name: str) -> None:
    def others(environment: str) -> list[dict[str, Any]]:
        role = deployed(environment).resources[target(FUNCTIONS[name]["Role"])]["Properties"]
        [policy] = role["Policies"]
        found = policy["PolicyDocument"]["Statement"]
        return [each for each in found if not any("kms:" in action for action in as_list(each["Action"]))]

    assert others("dev") == others("prod")


def test_a_function_that_calls_nothing_may_do_nothing() -> None:
    quiet = [target(each["Role"]) for name, each in FUNCTIONS.items() if name not in CALLING]
    assert [owner for owner, _ in statements() if owner in quiet] == []


def test_the_settlement_lists_what_is_due_and_changes_customers_alone() -> None:
    role = target(FUNCTIONS["Settlement"]["Role"])
    granted = {
        frozenset(statement["Action"]): statement["Condition"]
        for owner, statement in statements()
        if owner == role and "Condition" in statement
    }

    def under(prefix: str) -> dict[str, Any]:
        return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [prefix]}}

    on_customers = {"BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"}
    assert granted == {
        frozenset({"dynamodb:Query", "dynamodb:DeleteItem"}): under("DUE#*"),
        frozenset(f"dynamodb:{action}" for action in on_customers): under("CUST#*"),
    }


def test_the_desk_counts_every_queue_and_takes_no_message_and_lists_three_folders() -> None:
    role = target(FUNCTIONS["OperationsDesk"]["Role"])
    own = [statement for owner, statement in statements() if owner == role]
    actions = {action for statement in own for action in as_list(statement["Action"])}
    assert actions == {"dynamodb:Query", "s3:ListBucket", "s3:GetObject", "sqs:GetQueueAttributes", "kms:Decrypt"}
    [counting] = [statement for statement in own if statement["Action"] == "sqs:GetQueueAttributes"]
    assert {target(each) for each in counting["Resource"]} == set(SYSTEM.of_type("AWS::SQS::Queue"))
    assert [statement["Condition"] for statement in own if "Condition" in statement] == [
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["DUE#*"]}},
        {"StringLike": {"s3:prefix": ["dead-letters/*", "aws/lambda/*", "reconciliation/*"]}},
    ]


@pytest.mark.parametrize("topic", sorted(SYSTEM.of_type("AWS::SNS::Topic").keys() - {"AlarmTopic"}))
def test_a_topic_has_a_policy_of_its_own_that_leaves_it_to_iam_who_may_publish(topic: str) -> None:
    """SNS takes one topic in a policy."""
    policies = SYSTEM.of_type("AWS::SNS::TopicPolicy").values()
    assert [len(each["Topics"]) for each in policies] == [1] * len(policies)
    [policy] = [each for each in policies if each["Topics"] == [{"Ref": topic}]]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert statement["Resource"] == {"Ref": topic}


def test_every_action_is_one_that_iam_has() -> None:
    """IAM asks for the single action where SNS and SQS take a batch; the local cloud's own are added there."""
    actions = {action for _, statement in statements() for action in as_list(statement["Action"])}
    assert sorted(action for action in actions if action.startswith(("sns:", "sqs:"))) == [
        "sns:GetTopicAttributes",
        "sns:Publish",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    ]


def test_services_may_use_the_key_for_this_stacks_topics_alarms_and_logs_alone() -> None:
    [administration, *services] = [statement for name, statement in statements() if name == "DataKey"]
    assert administration["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    [sns, schedules, cloudwatch, logs] = services
    at = "us-east-1:123456789012"
    assert sns["Principal"] == {"Service": "sns.amazonaws.com"}
    assert sns["Condition"] == {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:{at}:desk-*"}}
    assert schedules["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in schedules, "none is documented; the queues say which rules may send"
    assert cloudwatch["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert cloudwatch["Condition"] == {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{at}:alarm:desk-*"}}
    assert sns["Action"] == schedules["Action"] == cloudwatch["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert logs["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    groups = [f"arn:aws:logs:{at}:log-group:/aws/lambda/desk-*", f"arn:aws:logs:{at}:log-group:/aws/apigateway/desk"]
    assert logs["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}}

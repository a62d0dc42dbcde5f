"""What CloudFormation knows of a stack, on AWS or on the local cloud, by this process's AWS environment."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from ops.console import Failure

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_sns import SNSClient


ALIAS = "live"
"""What everything calls; the template's AutoPublishAlias."""
BATCHES = {
    "sns:Publish": "sns:PublishBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}
"""What the local cloud asks for where IAM asks for the single action."""


def state(stack: str) -> str:
    """CloudFormation's status of the stack, like CREATE_COMPLETE. Raises Failure if there is no such stack."""
    return _described(stack)[0]


def outputs(stack: str) -> dict[str, str]:
    """The stack's outputs by name. Raises Failure if there is no such stack."""
    return _described(stack)[1]


def is_prod(stack: str) -> bool:
    """Whether the stack was deployed with `Environment=prod`. Raises Failure if there is no such stack."""
    return _described(stack)[2].get("Environment") == "prod"


def resources(stack: str, kind: str) -> list[str]:
    """The physical ids of a stack's resources of one type, like AWS::SQS::Queue, sorted."""
    return sorted(logical_ids(stack, kind))


def logical_ids(stack: str, kind: str) -> dict[str, str]:
    """The names that the template has for a stack's resources of one type, by their physical ids. Raises Failure if
    there is no such stack.
    """
    pages = _cloudformation().get_paginator("list_stack_resources").paginate(StackName=stack)
    try:
        summaries = [summary for page in pages for summary in page["StackResourceSummaries"]]
    except ClientError as error:
        raise _missing(stack, error) from error
    found = [each for each in summaries if each["ResourceType"] == kind]
    return {each["PhysicalResourceId"]: each["LogicalResourceId"] for each in found}


def stages(stack: str) -> set[str]:
    """The stages of the stack, by the names of its functions."""
    return {function.removeprefix(f"{stack}-") for function in resources(stack, "AWS::Lambda::Function")}


def archive(stack: str) -> str:
    """The name of the stack's archive bucket."""
    [bucket] = resources(stack, "AWS::S3::Bucket")
    return bucket


def failures(stack: str) -> list[str]:
    """What could not be made or changed, and why, in the order in which it happened."""
    try:
        pages = _cloudformation().get_paginator("describe_stack_events").paginate(StackName=stack)
        events = [event for page in pages for event in page["StackEvents"]]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # the stack was never begun
            return []
        raise
    return [
        f"{event.get('LogicalResourceId')}: {event['ResourceStatusReason']}"
        for event in reversed(events)
        if event.get("ResourceStatus", "").endswith("_FAILED") and event.get("ResourceStatusReason")
    ]


def repair_topics(stack: str) -> None:
    """Tells the local cloud again that the topics are FIFO.

    MiniStack (1.5.33) drops `FifoTopic` of topics that CloudFormation makes; without it SNS passes messages on to the
    queues without their group. AWS needs none of this, and refuses it: for the local cloud only, after each deployment.
    """
    sns: SNSClient = boto3.client("sns")
    for topic in resources(stack, "AWS::SNS::Topic"):
        if topic.endswith(".fifo"):
            sns.set_topic_attributes(TopicArn=topic, AttributeName="FifoTopic", AttributeValue="true")


def grant_batches(stack: str) -> None:
    """Lets the local cloud's functions do in a batch what their roles let them do singly.

    MiniStack (1.5.33) asks for an action of the batch's own name. IAM has none: it asks for the single one, which is
    what the template grants. The policy stands beside the template's, and an update of the stack leaves it as it is.
    """
    iam: Any = boto3.client("iam")
    for role in resources(stack, "AWS::IAM::Role"):
        statements = [
            {"Effect": "Allow", "Action": BATCHES[action], "Resource": statement["Resource"]}
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
            for action in _listed(statement["Action"])
            if action in BATCHES
        ]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_role_policy(RoleName=role, PolicyName="batches", PolicyDocument=document)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def _cloudformation() -> "CloudFormationClient":
    return boto3.client("cloudformation")


def _missing(stack: str, error: ClientError) -> Exception:
    """The error in words if it says that there is no such stack, else the error itself."""
    if error.response["Error"]["Code"] == "ValidationError":
        return Failure(f"There is no stack {stack} here.")
    return error


def _described(stack: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Its status, outputs and parameters."""
    try:
        described = _cloudformation().describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        raise _missing(stack, error) from error
    values = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    given = {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}
    return described["StackStatus"], values, given

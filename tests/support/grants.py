"""What a function's role grants, by the template, and what a call of AWS takes: both as IAM names it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.support.cloud import FUNCTION, of_type, stage_of
from tests.template.deployed import deployed, target

WRITES = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
"""What IAM asks for each part of a transaction; for the transaction itself it asks for nothing."""
OTHERS = {
    "PublishBatch": ("sns:Publish", "TopicArn"),
    "SendMessage": ("sqs:SendMessage", "QueueUrl"),
    "GetQueueAttributes": ("sqs:GetQueueAttributes", "QueueUrl"),
    "ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility", "QueueUrl"),
    "ListObjectsV2": ("s3:ListBucket", "Bucket"),
    "GetParameter": ("ssm:GetParameter", "Name"),
}
"""Action of an operation, and which of its parameters says what it is about."""
QUERIED = re.compile(r"PK = (:\w+)")


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One action on one thing, of DynamoDB on the items under one partition key."""

    stage: str
    action: str
    thing: str
    partition: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """An action that a stage may take on the things of this pattern, under partition keys of these."""

    stage: str
    action: str
    things: str
    partitions: tuple[str, ...] = ("*",)

    def covers(self, use: Use) -> bool:
        return (
            (self.stage, self.action) == (use.stage, use.action)
            and fnmatchcase(use.thing, self.things)
            and any(fnmatchcase(use.partition, each) for each in self.partitions)
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.action} {self.things}"


def grants() -> Iterator[Grant]:
    """All of the template, but for the key of prod, which is asked for by what is encrypted with it."""
    system = deployed("dev")
    functions, roles = (system.of_type(f"AWS::{kind}") for kind in ("Lambda::Function", "IAM::Role"))
    for name, _ in of_type(FUNCTION):
        for policy in roles[target(functions[name]["Role"])].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in _listed(statement["Action"]):
                    for resource in _listed(statement["Resource"]):
                        yield Grant(stage_of(name), action, _thing(resource), _partitions(statement))


def _partitions(statement: Mapping[str, Any]) -> tuple[str, ...]:
    if "Condition" not in statement:
        return ("*",)
    [condition] = statement["Condition"].values()
    return tuple(_listed(condition.get("dynamodb:LeadingKeys", "*")))


def _thing(resource: Any) -> str:
    """`TradesStore`, `TradesStore.StreamArn`, `Archive/trades/*`: the logical id, and what of it."""
    if isinstance(resource, dict):
        [reference] = resource.values()
        return ".".join(_listed(reference)).removesuffix(".Arn")
    [(name, rest)] = re.findall(r"\$\{(\w+)(?:\.Arn)?\}(.*)", resource)
    return f"{name}{rest}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def uses(stage: str, operation: str, params: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Use]:
    """What a call takes; `names` are the logical ids of what it may be about."""
    match operation:
        case "TransactWriteItems":
            for write in params["TransactItems"]:
                for kind, fields in write.items():
                    yield Use(stage, WRITES[kind], names[fields["TableName"]], _partition(fields))
        case "BatchGetItem" | "BatchWriteItem":
            for table, asked in params["RequestItems"].items():
                things = asked["Keys"] if "Keys" in asked else [each["PutRequest"]["Item"] for each in asked]
                yield from (Use(stage, f"dynamodb:{operation}", names[table], each["PK"]["S"]) for each in things)
        case "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query":
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            yield Use(stage, f"dynamodb:{operation}", names[params["TableName"]] + index, _partition(params))
        case "GetObject" | "PutObject" | "DeleteObject":
            yield Use(stage, f"s3:{operation}", f"{names[params['Bucket']]}/{params['Key']}")
        case _ if operation in OTHERS:
            action, named = OTHERS[operation]
            yield Use(stage, action, names[params[named]])
        case _:
            raise NotImplementedError(f"it is not known what {operation} takes")


def _partition(fields: Mapping[str, Any]) -> str:
    if condition := fields.get("KeyConditionExpression"):
        [name] = QUERIED.findall(condition)
        return str(fields["ExpressionAttributeValues"][name]["S"])
    return str((fields.get("Key") or fields["Item"])["PK"]["S"])

"""The resources of template.yaml on moto: nothing about them is written down here a second time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped] # it has no types

ROOT = Path(__file__).parents[2]
TEMPLATE: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text())
RESOURCES: dict[str, dict[str, Any]] = {
    name: each for name, each in TEMPLATE["Resources"].items() if "Condition" not in each
}
"""What every deployment has. What only some have, like the key of prod, no stage sees."""
STACK = "trading"
CREATED = {"AWS::DynamoDB::Table", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SSM::Parameter"}
"""The types that moto's CloudFormation makes. Subscriptions are made by API, from its values. The policies of queues,
which moto does not look at, are left out.
"""
SOCKETS = "AWS::ApiGatewayV2::Api"
"""Is made by API before the stack, which has its id as a parameter."""
FUNCTION = "AWS::Serverless::Function"


@dataclass(frozen=True, slots=True)
class Feed:
    """What feeds a stage: a queue or a table's stream, and which of its records."""

    stage: str
    source_arn: str
    batch_size: int
    patterns: tuple[dict[str, Any], ...]


def of_type(*types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and properties of the template's resources of these types."""
    return ((name, each["Properties"]) for name, each in RESOURCES.items() if each["Type"] in types)


def stage_of(reference: str) -> str:
    """The folder of a function that is referred to as `Name` or, by its alias, as `Name.Alias`."""
    return Path(RESOURCES[reference.removesuffix(".Alias")]["Properties"]["CodeUri"]).name


def timeout_of(stage: str) -> int:
    """A stage's time limit, seconds."""
    properties = next(found for name, found in of_type(FUNCTION) if stage_of(name) == stage)
    seconds: int = properties.get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    return seconds


def memory_of(stage: str) -> int:
    """A stage's memory, MB."""
    properties = next(found for name, found in of_type(FUNCTION) if stage_of(name) == stage)
    megabytes: int = properties.get("MemorySize", TEMPLATE["Globals"]["Function"]["MemorySize"])
    return megabytes


@cache
def operators_client(session: boto3.Session, service: str) -> Any:
    """A client of whoever looks at the system from outside, never one that a stage uses. Making one takes long."""
    return session.client(service)  # type: ignore[call-overload] # the name is not a literal


class Cloud:
    """A stack of the template, with these parameters. `resolve` gives the physical value of any of the template's
    expressions about it.
    """

    def __init__(self, session: boto3.Session, **parameters: str) -> None:
        self._session = session
        self._parameters = parameters
        self._values = self._create(list(_expressions(_used())))
        self._subscribe()

    def environment(self, stage: str) -> dict[str, str]:
        """The stage's variables, as the template declares them."""
        properties = next(found for name, found in of_type(FUNCTION) if stage_of(name) == stage)
        return {name: self.resolve(value) for name, value in _variables(properties).items()}

    def feeds(self) -> list[Feed]:
        return [self._feed(properties) for _, properties in of_type("AWS::Lambda::EventSourceMapping")]

    def resolve(self, value: Any) -> Any:
        """The value with every expression in it replaced."""
        if _is_expression(value):
            return self._values[json.dumps(value)]
        if isinstance(value, dict):
            return {name: self.resolve(part) for name, part in value.items()}
        return [self.resolve(part) for part in value] if isinstance(value, list) else value

    @property
    def names(self) -> dict[str, str]:
        """The logical ids of what stages know, by what they know it as."""
        found = {value: json.loads(expression).get("Ref") for expression, value in self._values.items()}
        return {value: name for value, name in found.items() if name in RESOURCES}

    def _feed(self, properties: dict[str, Any]) -> Feed:
        filters = properties.get("FilterCriteria", {"Filters": []})["Filters"]
        return Feed(
            stage=stage_of(properties["FunctionName"]["Ref"]),
            source_arn=self.resolve(properties["EventSourceArn"]),
            batch_size=properties["BatchSize"],
            patterns=tuple(json.loads(each["Pattern"]) for each in filters),
        )

    def _create(self, expressions: list[Any]) -> dict[str, Any]:
        """Creates the stack; its outputs say what each expression means, under the template's own names, too."""
        names = {json.dumps(each): f"Value{number}" for number, each in enumerate(expressions)}
        printed = {name: each["Value"] for name, each in TEMPLATE["Outputs"].items()}
        apis = operators_client(self._session, "apigatewayv2")
        sockets = {name: apis.create_api(Name=name, ProtocolType="WEBSOCKET")["ApiId"] for name, _ in of_type(SOCKETS)}
        reduced = {
            **{section: TEMPLATE[section] for section in ("Mappings", "Conditions")},
            "Parameters": TEMPLATE["Parameters"]
            | {name: {"Type": "String", "Default": its_id} for name, its_id in sockets.items()},
            "Resources": {name: each for name, each in RESOURCES.items() if each["Type"] in CREATED},
            "Outputs": {
                **{name: {"Value": value} for name, value in printed.items() if json.dumps(value) in names},
                **{name: {"Value": json.loads(expression)} for expression, name in names.items()},
            },
        }
        cloudformation = operators_client(self._session, "cloudformation")
        given: Any = [{"ParameterKey": name, "ParameterValue": value} for name, value in self._parameters.items()]
        body = "\t" + json.dumps(reduced)  # with a tab it is no YAML, which moto tries first and takes long to read
        cloudformation.create_stack(StackName=STACK, TemplateBody=body, Parameters=given)
        [stack] = cloudformation.describe_stacks()["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        return {expression: outputs[name] for expression, name in names.items()}

    def _subscribe(self) -> None:
        sns = operators_client(self._session, "sns")
        for _, each in of_type("AWS::SNS::Subscription"):
            properties = self.resolve(each)
            topic, protocol, endpoint = (properties.pop(name) for name in ("TopicArn", "Protocol", "Endpoint"))
            attributes = {name: json.dumps(value) for name, value in properties.items()}
            sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=attributes)


def _variables(properties: dict[str, Any]) -> dict[str, Any]:
    """A function's variables, without those that are conditional."""
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"] | properties["Environment"]["Variables"]
    return {name: value for name, value in variables.items() if not (isinstance(value, dict) and "Fn::If" in value)}


def _used() -> Iterator[Any]:
    """What has expressions in it that are to be resolved."""
    yield from (_variables(properties) for _, properties in of_type(FUNCTION))
    yield from (properties["EventSourceArn"] for _, properties in of_type("AWS::Lambda::EventSourceMapping"))
    yield from (properties for _, properties in of_type("AWS::SNS::Subscription"))
    yield from ({"Ref": name} for name, _ in of_type("AWS::SQS::Queue"))


def _is_expression(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in {"Ref", "Fn::GetAtt", "Fn::Sub"}


def _expressions(value: Any) -> Iterator[Any]:
    """Every expression in the value."""
    if _is_expression(value):
        yield value
    elif isinstance(value, str):
        return
    elif isinstance(value, Mapping):
        yield from _expressions(value.values())
    elif isinstance(value, Iterable):
        for part in value:
            yield from _expressions(part)

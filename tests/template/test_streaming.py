"""A stack without live updates: nothing of them is there, nothing else rests on them, and all else is the same."""

import json
import re
from typing import Any

import pytest

from tests.template.deployed import OPTIONS, Deployed, deployed, target

LIVE = re.compile(r"(Live(Connections|Updates|Market)|Listeners|Stream(?!Api))")
NAMED = re.compile(r"(Live(Connections|Updates|Market)|Listeners)")


@pytest.fixture(params=["dev", "prod"])
def without(request: pytest.FixtureRequest) -> Deployed:
    return deployed(request.param, Streaming="None", **(OPTIONS if request.param == "prod" else {}))


def test_nothing_of_live_updates_is_there_but_an_api_without_routes(without: Deployed) -> None:
    assert [name for name in without.resources if LIVE.match(name)] == []
    assert [name for name in without.outputs if LIVE.match(name)] == []
    assert not [each for each in without.of_type("AWS::SNS::Subscription").values() if "Live" in json.dumps(each)]


def test_nothing_that_is_there_refers_to_what_is_not(without: Deployed) -> None:
    assert {name for name in referred(list(without.resources.values())) if NAMED.match(name)} == set()


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_all_other_resources_are_the_same(environment: str) -> None:
    options = OPTIONS if environment == "prod" else {}
    whole = {name for name in deployed(environment, **options).resources if not LIVE.match(name)}
    stack = deployed(environment, Streaming="None", **options)
    versions = re.compile(r"Version[0-9a-f]{10}$|Deployment[0-9a-f]{10}$")
    assert {versions.sub("", name) for name in stack.resources} == {versions.sub("", name) for name in whole}


def test_a_listing_of_functions_is_complete_without_them(without: Deployed) -> None:
    functions = {each["FunctionName"] for each in map(dict, without.of_type("AWS::Lambda::Function").values())}
    assert not [name for name in functions if "live_" in json.dumps(name)]
    assert target({"Ref": "StreamApi"}) in without.resources


def referred(value: Any) -> set[str]:
    """The logical ids that a value refers to, by Ref, Fn::GetAtt or in the text of Fn::Sub."""
    match value:
        case {"Ref": str(name)}:
            return {name}
        case {"Fn::GetAtt": [str(name), *_]}:
            return {name}
        case {"Fn::Sub": str(text)}:
            return set(re.findall(r"\$\{(\w+)", text))
        case dict():
            return set().union(*map(referred, value.values()), set())
        case list():
            return set().union(*map(referred, value), set())
    return set()

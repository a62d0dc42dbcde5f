"""A new stack gets its first credential by one command, and prod gets no play money unless it is named."""

import json
import re

import boto3
import click
import pytest
from click.testing import CliRunner, Result

from ops import stack
from ops.commands import cli
from ops.console import Failure
from tests.integration.test_credential_keeper import let_in
from tests.support.world import World

TEMPLATE = {
    "Parameters": {"Environment": {"Type": "String"}, "Table": {"Type": "String"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"TradesStoreName": {"Value": {"Ref": "Table"}}, "ApiUrl": {"Value": "https://api.example.com"}},
}


@pytest.fixture(params=["dev", "prod"])
def environment(request: pytest.FixtureRequest, world: World) -> str:
    """A stack of this kind, whose table is the world's, under its name."""
    stack._cloudformation.cache_clear()
    given = {"Environment": request.param, "Table": world.table("TradesStore")}
    boto3.client("cloudformation", region_name="us-east-1").create_stack(
        StackName=f"mine-{request.param}",
        TemplateBody=json.dumps(TEMPLATE),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    )
    return str(request.param)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), standalone_mode=False)


def test_a_broker_is_let_in_with_the_first_credential_of_a_stack(world: World, environment: str) -> None:
    done = run("credential", "--role", "broker", "--stack", f"mine-{environment}")
    assert done.exit_code == 0, done.exception
    [key_id] = re.findall(r"^Key id +(\S+)$", done.output, re.MULTILINE)
    [secret] = re.findall(r"^Secret +(\S+)$", done.output, re.MULTILINE)
    assert let_in(world, key_id, secret) == {"role": "broker"}


def test_a_second_brokers_credential_leaves_the_first_as_it_is(world: World, environment: str) -> None:
    for _ in range(2):
        run("credential", "--role", "broker", "--stack", f"mine-{environment}")
    assert len(world.items(pk="APIKEY#broker-")) == 2


@pytest.mark.parametrize("whose", [["--role", "customer"], ["--role", "broker", "--customer", "000002"], []])
def test_whose_a_credential_is_has_to_be_clear(world: World, environment: str, whose: list[str]) -> None:
    done = run("credential", *whose, "--stack", f"mine-{environment}")
    assert isinstance(done.exception, Failure)
    assert world.items(pk="APIKEY#") == []


@pytest.mark.parametrize("confirm", [[], ["--confirm", "mine"], ["--confirm", "1"]])
def test_prod_is_not_loaded_unless_by_name(world: World, environment: str, confirm: list[str]) -> None:
    before = world.state()
    done = run("load", "--stack", f"mine-{environment}", *confirm)
    if environment == "dev":
        assert done.exit_code == 0, done.exception
        return
    assert isinstance(done.exception, click.ClickException)
    words = done.exception.format_message()
    assert "mine-prod is prod" in words
    assert "CONFIRM=mine-prod" in words
    assert world.state() == before


def test_prod_is_loaded_when_its_name_is_given(world: World, environment: str) -> None:
    name = f"mine-{environment}"
    done = run("load", "--stack", name, "--confirm", name)
    assert done.exit_code == 0, done.exception
    assert "play money" not in done.output
    assert len(world.items(pk="APIKEY#broker")) == 1

"""`make close` and `make settle` say what came of it; a command that fails says so in words."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from local import commands, sessions, system
from local.commands import market_day
from ops import arguments, invocation, stack
from ops import commands as ops_commands
from ops.console import Failure
from tests.support import events
from tests.support.cloud import STACK
from tests.support.orders import entered
from tests.support.world import World


@pytest.fixture
def said(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Exit code and output of a command; what is up is this world, whose stages work while somebody waits."""

    def call(stage: str, event: dict[str, Any]) -> Any:
        return world.deliver(stage, event).answer

    def until(holds: Callable[[], bool], _: float) -> bool:
        world.settle()
        return holds()

    monkeypatch.setattr(system, "access", lambda: None)
    monkeypatch.setattr(market_day, "STACK", STACK)
    monkeypatch.setattr(market_day, "call", call)
    monkeypatch.setattr(stack, "outputs", lambda _: {"TradesStoreName": world.table("TradesStore")})
    monkeypatch.setattr(sessions, "until", until)
    monkeypatch.setattr(market_day, "session_date", lambda _: "2026-11-22")
    monkeypatch.setattr(arguments, "session_date", lambda _: "2026-11-22")

    def run(*arguments: str) -> tuple[int, str]:
        cli = commands.cli if arguments[0] in commands.cli.commands else ops_commands.cli
        result = CliRunner().invoke(cli, arguments)
        words = [line for line in result.output.splitlines() if not line.startswith("{")]  # what the stages log
        return result.exit_code, "\n".join(words)

    return run


def test_closing_says_how_many_orders_have_expired_and_how_many_are_open(
    world: World, said: Callable[..., Any]
) -> None:
    for fields in ({}, {}, {"timeInForce": "GTC"}):
        world.post(entered(quantity=10, price="100.00", **fields))
    world.settle()
    assert said("close") == (
        0,
        "The session 2026-11-22 has ended. Of 3 open orders 2 have ended, 1 is still open.",
    )


def test_closing_says_that_no_order_was_open(said: Callable[..., Any]) -> None:
    assert said("close") == (0, "The session 2026-11-22 has ended. No order was open.")


def test_closing_does_not_pretend_that_engines_are_done_which_are_not(
    world: World, said: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.post(entered(quantity=10, price="100.00"))
    world.settle()
    monkeypatch.setattr(sessions, "until", lambda holds, _: holds())
    _, text = said("close")
    assert text == (
        "The session 2026-11-22 has ended. Of 1 open order none has ended so far: the engines are still working,"
        " `make status` shows it."
    )


def test_where_nothing_is_due_the_next_value_date_is_named(world: World, said: Callable[..., Any]) -> None:
    assert said("settle", "--date", "2026-11-22") == (0, "Nothing is due until 2026-11-22. Nothing is due later.")
    world.post(entered(quantity=10))
    world.settle()
    _, text = said("settle", "--date", "2026-11-22")
    assert text == (
        "Nothing is due until 2026-11-22. The next value date with trades is 2026-11-23: make settle DATE=2026-11-23"
    )
    assert "1 position, 1,619.00 USD paid" in said("settle", "--date", "2026-11-23")[1]


def test_a_stack_that_is_not_there_is_named_in_words(world: World) -> None:
    with pytest.raises(Failure, match=r"^There is no stack nix here\.$"):
        stack.resources("nix", "AWS::SQS::Queue")


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"errorType": "Unsettled", "errorMessage": "left: 1", "stackTrace": ["File x"]}, "Unsettled: left: 1"),
        ({"errorMessage": "Task timed out"}, "Task timed out"),
        (["odd"], '["odd"]'),
    ],
)
def test_what_a_function_raised_is_told_without_its_traceback(payload: Any, words: str) -> None:
    assert invocation._words(json.dumps(payload)) == words


def test_a_command_that_is_used_wrongly_says_so_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ops", "dlq", "--last", "20"])
    assert ops_commands.main() == 2
    assert capsys.readouterr().err.startswith("Error: No such option: --last")


def test_a_customer_gets_a_credential_of_its_own_and_the_one_before_is_nobodys(
    world: World, said: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = {"TradesStoreName": world.table("TradesStore"), "ApiUrl": "https://api"}
    monkeypatch.setattr(stack, "outputs", lambda _: outputs)
    secrets = []
    for _ in range(2):
        code, text = said("credential", "--customer", "000002", "--stack", STACK)
        assert (code, text.splitlines()[:2]) == (0, ["API      https://api", "Key id   customer-000002"])
        secrets.append(text.splitlines()[2].removeprefix("Secret   "))
    before, after = (
        world.stage("api_authorizer")(events.token(events.basic("customer-000002", secret))) for secret in secrets
    )
    assert before["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    assert after["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert after["context"] == {"role": "customer", "customerId": "000002"}


@pytest.mark.parametrize(
    ("customer", "words"),
    [("999999", "There is no customer 999999."), ("../x", "CUSTOMER is a customer's id like 000002, not '../x'.")],
)
def test_nobody_gets_no_credential(world: World, said: Callable[..., Any], customer: str, words: str) -> None:
    code, text = said("credential", "--customer", customer, "--stack", STACK)
    assert (code, words in text) == (1, True)
    assert world.items(pk="APIKEY#") == []

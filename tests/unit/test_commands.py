"""What the commands say to whoever typed a target of the Makefile: the error, in words."""

import signal
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import httpx
import pytest
from botocore.exceptions import NoCredentialsError, NoRegionError

from local import commands, system
from local.envfile import Access
from local.orders import Refused
from ops import arguments, stack
from ops import commands as ops_commands
from trading_client import Client, Retry
from traffic import commands as traffic_commands


def module_of(command: str) -> ModuleType:
    return next(each for each in (commands, ops_commands, traffic_commands) if command in each.cli.commands)


def said(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command that fails says."""
    module = module_of(arguments[0])
    monkeypatch.setattr("sys.argv", [module.__name__, *arguments])
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    assert module.main() == 1
    return capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "missing.json")
    assert said(["order", file], monkeypatch, capsys) == f"Error: {file} cannot be read: No such file or directory.\n"


def refused(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that click itself refuses."""
    module = module_of(arguments[0])
    monkeypatch.setattr("sys.argv", [module.__name__, *arguments])
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    assert module.main() == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["statement", "000002", "--format", "xml"], "FORMAT: 'xml' is not one of 'json', 'csv'."),
        (["put-back", "Nix", "x"], "TABLE: 'Nix' is not one of 'TradesStore', 'OrderBooks'."),
        (["run", "--market", "off"], "MARKET: 'off' is not one of 'moving', 'still'."),
        (["restore", "x"], "WHAT: 'x' is not one of 'statistics', 'snapshots', 'open-orders'."),
    ],
)
def test_a_value_that_is_refused_is_named_as_the_makefile_names_it(
    arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(arguments, monkeypatch, capsys) == f"Error: {words}\n"


@pytest.mark.parametrize("number", ["many", "0", "-1", "1.5", "٤", "", "100000"])
def test_an_invalid_number_is_named(
    number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: FIRST is a whole number from 1 to 99999, not {number!r}.\n"
    assert said(["dlq", "--first", number], monkeypatch, capsys) == expected


@pytest.mark.parametrize("time", ["30", "0s", "1.5s", "-1s", "1d", "٣s", "100000s", ""])
def test_an_invalid_length_of_time_is_named(
    time: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: DURATION is a time like 500ms, 10s, 5m or 1h, not {time!r}.\n"
    assert said(["traders", "--duration", time], monkeypatch, capsys) == expected


@pytest.mark.parametrize(
    ("text", "milliseconds"), [("500ms", 500), ("1s", 1_000), ("30m", 1_800_000), ("2h", 7_200_000)]
)
def test_a_time_is_read_in_its_unit(text: str, milliseconds: int) -> None:
    assert arguments.duration(Mock(), Mock(), text) == milliseconds


def test_more_traders_than_there_are_ids_for_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(["traders", "--count", "901"], monkeypatch, capsys) == "Error: COUNT is at most 900, not 901.\n"


@pytest.mark.parametrize("number", ["0", "x", "1.5"])
def test_an_invalid_seed_is_named(
    number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: SEED is a whole number from 1 to 99999, not {number!r}.\n"
    assert said(["traders", "--seed", number], monkeypatch, capsys) == expected


def test_a_file_of_quotes_is_refused_with_its_line_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "quotes.csv"
    file.write_text("time,ticker,bid,ask,bidSize,askSize\n1,COIN,161.88,161.90,1,1\n2,COIN,161.90,161.88,1,1\n")
    monkeypatch.setattr(system, "access", lambda: pytest.fail("the system is asked for"))
    expected = "Error: quotes.csv, line 3: the quote is crossed: bid 161.90, ask 161.88.\n"
    assert said(["quotes", str(file)], monkeypatch, capsys) == expected


def test_a_file_of_quotes_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "missing.csv")
    assert said(["quotes", file], monkeypatch, capsys) == f"Error: {file} cannot be read: No such file or directory.\n"


def test_traders_do_not_trade_on_a_prod_stack_unless_it_is_named_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stack, "is_prod", lambda name: True)
    words = (
        "trading-prod is prod. This would give it play quotes, or orders of play money. To do it: CONFIRM=trading-prod"
    )
    given = ["traders", "--stack", "trading-prod"]
    assert said(given, monkeypatch, capsys) == f"Error: {words}\n"
    assert said([*given, "--confirm", "yes"], monkeypatch, capsys) == f"Error: {words}\n"


def test_traders_on_aws_ask_for_a_broker_s_credential(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stack, "is_prod", lambda name: False)
    monkeypatch.setattr(stack, "outputs", lambda name: {"ApiUrl": "https://api/v1"})
    monkeypatch.delenv("API_KEY_ID", raising=False)
    advice = "Set API_KEY_ID and API_SECRET_KEY to a broker's credential: make credential STACK=trading-dev ROLE=broker"
    assert said(["traders", "--stack", "trading-dev"], monkeypatch, capsys) == f"Error: {advice}\n"


@pytest.mark.parametrize("command", [["statement"], ["credential", "--customer"]], ids=" ".join)
@pytest.mark.parametrize("customer", ["nix", "2", "٠٠٠٠٠٢", "../x"])
def test_an_invalid_customer_is_named(
    command: list[str], customer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: CUSTOMER is a customer's id like 000002, not {customer!r}.\n"
    assert said([*command, customer], monkeypatch, capsys) == expected


@pytest.mark.parametrize("command", [["reconcile"], ["statement", "000002"], ["republish"]], ids=" ".join)
def test_a_date_to_come_is_refused(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = said([*command, "--date", "2999-01-01"], monkeypatch, capsys)
    assert words.endswith(" or a day before it: 2999-01-01 is yet to come.\n")


def test_an_aws_environment_that_says_nothing_is_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error in (NoRegionError(), NoCredentialsError()):
        monkeypatch.setattr(stack, "outputs", Mock(side_effect=error))
        words = said(["load", "--stack", "x"], monkeypatch, capsys)
        assert words.endswith(": set a region and credentials, as for the AWS CLI.\n")


def test_what_the_api_says_instead_of_an_answer_is_said_in_words_that_no_terminal_obeys(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"code": "not-found", "detail": "There is no \x1b[2Jcustomer."})

    def nothing(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    statement = "http://api/customers/000002/statements/2026-11-22"
    advice = "See `make status` and `make logs`."
    for handler, expected in (
        (answer, "Error: The API says: 404 not-found: There is no \\x1b[2Jcustomer.\n"),
        (nothing, f"Error: GET {statement} has no answer: ConnectError('refused'). {advice}\n"),
    ):
        client = Client("http://api", "key", "secret", retry=Retry(1), transport=httpx.MockTransport(handler))
        monkeypatch.setattr(system, "access", lambda client=client: Mock(spec=Access, api=lambda: client))
        assert said(["statement", "000002", "--date", "2026-11-22"], monkeypatch, capsys) == expected


@pytest.mark.parametrize(
    ("command", "name"),
    [(["up", "--port"], "PORT"), (["start-api", "--api-port"], "API_PORT")],
    ids=["up", "start-api"],
)
@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٤", ""])
def test_an_invalid_port_is_named(
    command: list[str], name: str, port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: {name} is a number from 1 to 65535, not {port!r}.\n"
    assert said([*command, port], monkeypatch, capsys) == expected


@pytest.mark.parametrize("date", ["tomorrow", "2026-11-31", "20261124", "2026-2-3", "2026-W47-7", "٢٠٢٦-11-24", " "])
@pytest.mark.parametrize(
    "command",
    [["settle"], ["reconcile"], ["restore", "statistics"], ["statement", "000002"], ["republish"]],
    ids=" ".join,
)
def test_an_invalid_date_is_named(
    command: list[str], date: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: DATE is a date like 2026-11-24, not {date!r}.\n"
    assert said([*command, "--date", date], monkeypatch, capsys) == expected


@pytest.mark.parametrize("time", ["", "now", "2026-11-22", "2026-11-22T14:30:00", "2026-11-22T14:30:00+01:00"])
def test_an_invalid_time_is_named(
    time: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: TIME is a time like 2026-11-22T14:30:00Z, not {time!r}.\n"
    assert said(["copy-table", "TradesStore", "--time", time], monkeypatch, capsys) == expected


def test_a_refused_order_is_counted_as_the_pointers_of_its_faults() -> None:
    fault = {"pointer": "/3/quantity", "detail": "quantity is a whole number of at least 1."}
    problem = {"status": 400, "code": "invalid-order", "detail": "The order is not well-formed.", "errors": [fault]}
    assert str(Refused(3, problem)).splitlines() == [
        "The order at /3 was refused (400 invalid-order): The order is not well-formed.",
        "  /3/quantity: quantity is a whole number of at least 1.",
    ]

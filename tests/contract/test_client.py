"""The client knows the contract: its problems and, field by field, what is answered."""

import inspect
import re
from typing import Any, is_typeddict

import pytest

from tests.support.cloud import ROOT
from tests.support.contract import CONTRACT
from trading_client import Client, problem_of, problems, schemas

SCHEMAS: dict[str, dict[str, Any]] = CONTRACT["components"]["schemas"]
OTHER_NAMES = {"Problem": "ProblemDetails"}
NOT_MET = {"EnteredOrders", "GatewayMessage"}
"""The client gives the orders themselves, and makes a problem of a message."""


def fields(schema: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The names of a schema's fields, and those that are required."""
    names, required = set(schema.get("properties", {})), set(schema.get("required", []))
    for reference in (part["$ref"] for part in schema.get("allOf", []) if "$ref" in part):
        more, needed = fields(SCHEMAS[reference.rpartition("/")[2]])
        names, required = names | more, required | needed
    return names, required


ANSWERED = [
    name
    for name, schema in SCHEMAS.items()
    # Those with a dot are what is taken, and events.
    if fields(schema)[0] and "." not in name and name not in NOT_MET and (name == "Problem" or "Problem" not in name)
]


@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_has_the_fields_of_the_contract(name: str) -> None:
    typed: Any = getattr(schemas, OTHER_NAMES.get(name, name), schemas.Order if name == "ListedOrder" else None)
    assert is_typeddict(typed)
    names, required = fields(SCHEMAS[name])
    pages = {"nextToken"}  # the client reads them all
    assert set(typed.__annotations__) == names - pages
    assert set(typed.__required_keys__) == required


def test_a_trade_has_the_fields_of_the_contract() -> None:
    names, required = fields(SCHEMAS["schemas.tradesSettled"]["properties"]["trades"]["items"])
    assert set(schemas.Trade.__annotations__) == names
    assert set(schemas.Trade.__required_keys__) == required


def test_an_order_is_entered_with_the_fields_of_the_contract() -> None:
    [body] = CONTRACT["paths"]["/orders"]["post"]["requestBody"]["content"].values()
    reference = body["schema"]["oneOf"][0]["$ref"].rpartition("/")[2]
    names, required = fields(SCHEMAS[reference])
    assert set(schemas.NewOrder.__annotations__) == names
    assert set(schemas.NewOrder.__required_keys__) == required


def test_every_problem_of_the_contract_has_the_class_of_its_status_and_its_words() -> None:
    codes = set()
    for name, schema in SCHEMAS.items():
        if name.endswith("Problem") and "allOf" in schema:
            status = schema["properties"]["status"]["const"]
            for code in schema["properties"]["code"]["oneOf"]:
                problem = problem_of({"status": status, "code": code["const"], "detail": ""})
                of_status = problems.BY_STATUS.get(status, problems.Unavailable)
                assert isinstance(problem, of_status)
                if code["const"] in problems.BY_CODE:
                    assert type(problem).__doc__ == code["description"].replace("clientOrderId", "`clientOrderId`")
                codes.add(code["const"])
    assert set(problems.BY_CODE) <= codes
    rules = {
        code["const"]
        for name in ("Rule", "Conflict")
        for code in SCHEMAS[f"{name}Problem"]["properties"]["code"]["oneOf"]
    }
    assert set(problems.BY_CODE) == rules


def test_the_readme_names_every_call_of_the_client_and_no_other() -> None:
    page = (ROOT / "client" / "README.md").read_text()
    rows = dict(re.findall(r"^\| `client(?:\.(\w+))?` \| (.+) \|$", page, re.MULTILINE))
    client = Client("http://api", "key", "secret")
    for name, row in rows.items():
        methods = {each for each, _ in inspect.getmembers(getattr(client, name) if name else client, inspect.ismethod)}
        shown = {each for each in methods if not each.startswith("_")} - {"close"}
        assert set(re.findall(r"`(\w+)`", row)) == shown
    assert set(rows) == {"", "orders", "accounts", "credentials", "market", "operations"}


def test_the_tree_of_exceptions_is_shown_whole() -> None:
    tree = str(problems.__doc__)
    for name, each in vars(problems).items():
        if isinstance(each, type) and issubclass(each, problems.TradingError) and each.__base__ is not problems.Refused:
            assert re.search(rf"\b{name}\b", tree)

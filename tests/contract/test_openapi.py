"""openapi.yaml is the API: its calls, parameters, bounds, forms and problems are those of the template and the code."""

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from local.contract import SERVED, bundled, text_of
from tests.support import contract
from tests.support.cloud import FUNCTION, RESOURCES, ROOT, of_type
from tests.support.contract import CONTRACT
from trading.aws.api import http
from trading.domain.order_status import OrdStatus
from trading.domain.orders import CUSTOMER_ID, ORDER_ID, TICKER

OF_THE_GATEWAY = {"unauthorized": 401, "too-many-requests": 429}
PROBLEMS = {
    "unauthorized": "Unauthorized",
    "forbidden": "Forbidden",
    "not-found": "NotFound",
    "too-many-requests": "TooMany",
    "unavailable": "Unavailable",
}


def routes() -> dict[tuple[str, str], dict[str, Any]]:
    """What the template says of each call."""
    return {
        (event["Properties"]["Method"], event["Properties"]["Path"]): event["Properties"]
        for _, function in of_type(FUNCTION)
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    }


def test_what_is_served_is_openapi_yaml_with_the_schemas_that_the_functions_use() -> None:
    assert SERVED.read_text() == text_of(bundled()), "make openapi"


def test_it_is_openapi_3_1() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(CONTRACT).iter_errors()] == []


def test_its_calls_are_the_routes_of_the_template() -> None:
    assert set(contract.calls()) == set(routes())


def test_every_call_that_a_page_names_is_a_route_of_the_template() -> None:
    pages = [ROOT / "README.md", ROOT / "client" / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        (call, page.name)
        for page in pages
        for call in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^` ?]*)", page.read_text())
    }
    assert len(named) > len(contract.calls()) / 2
    assert {(call, page) for call, page in named if call not in routes()} == set()


def test_what_needs_no_credentials_is_open_in_the_template() -> None:
    open_calls = {call for call, each in contract.calls().items() if each.get("security") == []}
    assert open_calls == {call for call, each in routes().items() if each.get("Auth") == {"Authorizer": "NONE"}}
    for call, each in contract.calls().items():
        assert ("401" in each["responses"]) is (call not in open_calls)


def test_every_problem_stands_with_its_status_and_means_something() -> None:
    found = {}
    for name, schema in CONTRACT["components"]["schemas"].items():
        if name.endswith("Problem") and "allOf" in schema:
            for code in schema["properties"]["code"]["oneOf"]:
                assert code["description"].endswith(".")
                found[code["const"]] = schema["properties"]["status"]["const"]
    assert found == http.STATUS | OF_THE_GATEWAY


def test_a_response_is_described_by_the_problem_of_its_status() -> None:
    for method, path in contract.calls():
        for status, response in contract.responses(method, path).items():
            schema = response.get("content", {}).get("application/problem+json", {}).get("schema")
            if schema:
                name = schema["$ref"].rpartition("/")[2]
                assert CONTRACT["components"]["schemas"][name]["properties"]["status"]["const"] == int(status)


def test_every_call_has_a_name_of_its_own_and_a_body_has_an_example() -> None:
    calls = contract.calls().values()
    assert len({call["operationId"] for call in calls}) == len(calls)
    for call in calls:
        for content in call.get("requestBody", {}).get("content", {}).values():
            assert "example" in content or content["examples"]


@pytest.mark.parametrize(("name", "form"), [("CustomerId", CUSTOMER_ID), ("Uuid", ORDER_ID), ("TickerSymbol", TICKER)])
def test_an_id_has_the_form_that_all_stages_know(name: str, form: Any) -> None:
    assert CONTRACT["components"]["schemas"][name]["pattern"] == f"^{form.pattern}$"


def test_an_order_has_the_states_that_there_are() -> None:
    assert CONTRACT["components"]["schemas"]["State"]["enum"] == [each.value for each in OrdStatus]


def test_what_the_gateway_refuses_is_a_problem_of_the_contract() -> None:
    for name, each in RESOURCES["TradingApi"]["Properties"]["GatewayResponses"].items():
        problem = json.loads(each["ResponseTemplates"]["application/json"])
        schema = contract.component(f"{PROBLEMS[problem['code']]}Problem")
        assert list(schema.iter_errors(problem)) == [], name
        assert each["StatusCode"] == problem["status"]
        assert each["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"

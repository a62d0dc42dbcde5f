"""The contract is what the functions do: parameters and bounds. That every answer keeps to it, any test shows: a world
compares each answer that it gets.
"""

import json

import pytest

from tests.support import contract, events
from tests.support.contract import CONTRACT
from tests.support.orders import entered
from tests.support.world import World


def questions() -> list[tuple[str, str]]:
    return [
        (method, path)
        for method, path in contract.calls()
        if method == "GET" and "401" in contract.responses(method, path)
    ]


def query(path: str) -> dict[str, dict[str, object]]:
    return {
        name: each["schema"] for (place, name), each in contract.parameters("GET", path).items() if place == "query"
    }


def test_a_question_takes_the_parameters_that_the_contract_names(shared_world: World) -> None:
    taken = {path: set(names) for path, (_, names) in shared_world.stage("data_extractor").module.ROUTES.items()}
    taken |= {path: set() for path in shared_world.stage("operations_desk").module.ROUTES}
    assert {path: set(query(path)) for _, path in questions()} == taken


@pytest.mark.parametrize("path", [path for _, path in questions() if "limit" in query(path)])
def test_the_highest_limit_is_taken_and_one_more_is_refused(shared_world: World, path: str) -> None:
    order_id = shared_world.post(entered())[1]["orders"][0]["orderId"] if "{orderId}" in path else ""
    named = {"customerId": "000002", "ticker": "COIN", "date": "2026-11-22", "orderId": order_id}
    there = {name: value for name, value in named.items() if f"{{{name}}}" in path}
    highest = int(str(query(path)["limit"]["maximum"]))
    assert query(path)["limit"]["default"] == highest
    assert shared_world.get(path, {"limit": str(highest)}, **there)[0] == 200
    status, problem = shared_world.get(path, {"limit": str(highest + 1)}, **there)
    assert (status, problem["code"]) == (400, "invalid-parameter")


def test_the_contract_is_served_as_it_is_and_as_a_page_of_all_calls_that_loads_nothing(shared_world: World) -> None:
    stage = shared_world.stage("api_docs")
    served, page = (stage(events.get(path, {})) for path in ("/openapi.json", "/docs"))
    assert json.loads(served["body"]) == CONTRACT
    for call in contract.calls().values():
        assert f'<article id="{call["operationId"]}">' in page["body"]
    assert "<script" not in page["body"]
    assert "://" not in page["body"]
    assert page["headers"]["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")

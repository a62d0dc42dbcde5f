"""The deployed API keeps to its contract, whatever it is asked: schemathesis makes calls from the contract, right and
wrong ones, and judges each answer.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as of_openapi

from tests.e2e.promises import drain
from tests.e2e.system import Customer, System
from tests.support.contract import CONTRACT
from trading.domain.orders import CUSTOMER_ID, TICKER

WITH_A_BODY, WITHOUT = 30, 8
"""Examples of each call, beside those that its bounds give. A body has many fields that meet. The parameters of a call
without one are few, and their bounds try nearly all of them.
"""
CHANGES = "^(POST|PUT|PATCH)$"
LISTED = "CONTRACT"
"""The ticker that is listed by this test."""

JUDGED = [
    checks.not_a_server_error,  # nobody can send what the system fails at
    of_openapi.status_code_conformance,  # every status is in the contract,
    of_openapi.content_type_conformance,  # with its type of content,
    of_openapi.response_headers_conformance,  # its headers,
    of_openapi.response_schema_conformance,  # and its schema
    of_openapi.negative_data_rejection,  # what the contract forbids is refused
    of_openapi.ignored_auth,  # no call that asks for credentials does without
]
"""Left out: positive_data_acceptance (which fields go together, and which tokens were given out, no schema says: the
answer is 400, too), unsupported_method and allow_header_conformance (API Gateway answers them), missing_required_header
(there is none), use_after_free and ensure_resource_availability (what is asked to end is still shown),
object_level_authorization (it needs two customers that it knows; test_access.py has them).
"""
CONFIGURATION = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
"""Credentials are this test's. `ignored_auth` calls without."""
CALLS = schemathesis.openapi.from_dict(CONTRACT, config=CONFIGURATION)


@pytest.fixture(scope="module")
def customer(system: System) -> Iterator[Customer]:
    """A customer for whatever comes; nothing stays open of it."""
    made = system.customer(COIN=1000)
    yield made
    assert system.broker.change("PUT", f"/customers/{made.id}/halt").status == 200
    drain(system)


def of_each(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@CALLS.include(method_regex=CHANGES).parametrize()
@of_each(WITH_A_BODY)
def test_every_answer_to_a_change_keeps_to_the_contract(case: Any, system: System, customer: Customer) -> None:
    judge(case, system, customer)


@CALLS.exclude(method_regex=CHANGES).parametrize()
@of_each(WITHOUT)
def test_every_other_answer_keeps_to_the_contract(case: Any, system: System, customer: Customer) -> None:
    judge(case, system, customer)


def judge(case: Any, system: System, customer: Customer) -> None:
    address(case, customer.id)
    on_one_line(case)
    case.call_and_validate(base_url=system.broker.url, auth=system.broker.credentials, checks=JUDGED)


def on_one_line(case: Any) -> None:
    """Takes line breaks out of the path. MiniStack (1.5.33) has the `*` of a policy's resource end at the first of
    them, and refuses the call before any function sees it.
    """
    for name, value in dict(case.path_parameters or {}).items():
        if isinstance(value, str):
            case.path_parameters[name] = value.replace("\n", " ").replace("%0A", "%20")


def address(case: Any, customer_id: str) -> None:
    """Has a call be about this customer, if it is about any that there could be, and list no ticker but LISTED."""
    bodies = case.body if isinstance(case.body, list) else [case.body]
    for fields in (case.path_parameters, *bodies):
        if isinstance(fields, dict) and CUSTOMER_ID.fullmatch(str(fields.get("customerId"))):
            fields["customerId"] = customer_id
    if case.method == "PUT" and TICKER.fullmatch(str((case.path_parameters or {}).get("ticker"))):
        case.path_parameters["ticker"] = LISTED

"""Credentials: what is stored of them, and who calls with one."""

import pytest

from trading.domain.credentials import Caller, Credential, credential_from, digest, matches
from trading.domain.errors import Refusal

DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""Of `abc`: the first example of FIPS 180-4."""


def test_a_secret_is_stored_as_its_sha_256_and_matches_that_alone() -> None:
    assert digest("abc") == DIGEST
    assert matches("abc", DIGEST)
    assert not matches("abd", DIGEST)


def test_a_broker_acts_for_every_customer_and_a_customer_for_itself() -> None:
    broker = credential_from({"secretDigest": DIGEST, "role": "broker", "customerId": "000002"})
    customer = credential_from({"secretDigest": DIGEST, "role": "customer", "customerId": "000002"})
    assert broker == Credential(DIGEST, "broker", None)
    assert customer == Credential(DIGEST, "customer", "000002")
    assert broker.caller.shown == {"role": "broker"}
    assert customer.caller.shown == {"role": "customer", "customerId": "000002"}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"role": "broker"}, "secretDigest is not a digest"),
        ({"secretDigest": DIGEST.upper(), "role": "broker"}, "secretDigest is not a digest"),
        ({"secretDigest": 1, "role": "broker"}, "secretDigest is not a digest"),
        ({"secretDigest": DIGEST}, "role is neither broker nor customer"),
        ({"secretDigest": DIGEST, "role": "Broker"}, "role is neither broker nor customer"),
        ({"secretDigest": DIGEST, "role": "customer"}, "customerId is not six digits"),
        ({"secretDigest": DIGEST, "role": "customer", "customerId": 2}, "customerId is not six digits"),
        ({"secretDigest": DIGEST, "role": "customer", "customerId": "2"}, "customerId is not six digits"),
        ({"secretDigest": DIGEST, "role": "broker", "expires": 1}, "expires is no time"),
    ],
)
def test_a_damaged_credential_is_refused_by_what_is_wrong_with_it(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        credential_from(fields)


BROKER, CUSTOMER = Caller("broker", None), Caller("customer", "000002")


def test_a_broker_may_act_for_any_customer_and_a_customer_for_itself_alone() -> None:
    BROKER.require("000001")
    BROKER.require("000002")
    CUSTOMER.require("000002")
    with pytest.raises(Refusal, match=r"^These credentials are not for customer 000001\.$") as raised:
        CUSTOMER.require("000001")
    assert raised.value.code == "forbidden"


def test_what_is_for_brokers_is_forbidden_to_customers() -> None:
    BROKER.require_broker()
    with pytest.raises(Refusal, match=r"^Only a broker may do this\.$") as raised:
        CUSTOMER.require_broker()
    assert raised.value.code == "forbidden"


LAPSES = "2026-11-22T14:30:00.000Z"


@pytest.mark.parametrize("owner", [{"role": "broker"}, {"role": "customer", "customerId": "000002"}])
def test_a_credential_lets_in_until_it_expires_and_one_without_that_for_ever(owner: dict[str, str]) -> None:
    lapsing = credential_from({"secretDigest": DIGEST, "expires": LAPSES, **owner})
    assert lapsing.expires == LAPSES
    assert lapsing.lasts_at("2026-11-22T14:29:59.999Z")
    assert not lapsing.lasts_at(LAPSES)
    assert credential_from({"secretDigest": DIGEST, **owner}).lasts_at("2999-12-31T23:59:59.999Z")

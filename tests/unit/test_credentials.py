"""Credentials: what is stored of them, and who calls with one."""

import pytest

from trading.domain.credentials import Credential, credential_from, digest, matches

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
    ],
)
def test_a_damaged_credential_is_refused_by_what_is_wrong_with_it(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        credential_from(fields)

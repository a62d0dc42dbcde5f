"""A one-time code signs in once, for some time, and holds no secret: it is gone with its first use."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support import events
from tests.support.world import World
from trading.aws import clients, clock
from trading.aws.store import dynamodb, sign_ins
from trading.domain.credentials import digest

BROKER: dict[str, str] = {"role": "broker"}
CUSTOMER = {"role": "customer", "customerId": "000002"}


def code_for(world: World, customer_id: str | None = None) -> str:
    """A new code, as `make page` stores it."""
    code = sign_ins.new_code()
    item = sign_ins.item(code, customer_id, clock.now())
    clients.dynamodb().put_item(TableName=world.table("TradesStore"), Item=dynamodb.to_item(item))
    return code


def signed_in(world: World, code: object) -> tuple[int, Any]:
    return world.answer("credential_keeper", events.sign_in(code))


def let_in(world: World, credential: dict[str, str]) -> dict[str, str] | None:
    policy = world.stage("api_authorizer")(events.token(events.basic(credential["keyId"], credential["secret"])))
    allowed = policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    return policy["context"] if allowed else None


@pytest.mark.parametrize(("customer_id", "whose"), [(None, BROKER), ("000002", CUSTOMER)])
def test_a_code_brings_a_credential_of_whom_it_is_for(
    world: World, customer_id: str | None, whose: dict[str, str]
) -> None:
    status, credential = signed_in(world, code_for(world, customer_id))
    assert status == 201
    assert credential == {**whose, **{name: credential[name] for name in ("keyId", "secret", "expires")}}
    assert let_in(world, credential) == whose


def test_a_code_works_once(world: World) -> None:
    code = code_for(world)
    assert signed_in(world, code)[0] == 201
    before = world.state()
    assert (signed_in(world, code)[0], world.state()) == (403, before)


def test_a_code_works_for_ten_minutes(world: World) -> None:
    early, late = code_for(world), code_for(world)
    world.clock.advance(minutes=10, seconds=-1)
    assert signed_in(world, early)[0] == 201
    world.clock.advance(seconds=1)
    assert signed_in(world, late)[0] == 403


def test_the_credential_of_a_code_lets_nobody_in_after_twelve_hours(world: World) -> None:
    _, credential = signed_in(world, code_for(world))
    world.clock.advance(hours=12, seconds=-1)
    assert let_in(world, credential) == BROKER
    world.clock.advance(seconds=1)
    assert let_in(world, credential) is None


def test_neither_code_nor_secret_is_stored_and_both_items_go_by_themselves(world: World) -> None:
    code = code_for(world)
    [stored] = world.items(pk=f"SIGNIN#{digest(code)}")
    assert code not in str(stored)
    assert stored["expiresAt"] == int((clock.now() + timedelta(minutes=10)).timestamp())
    _, credential = signed_in(world, code)
    assert world.items(pk=f"SIGNIN#{digest(code)}") == []
    [kept] = world.items(pk=f"APIKEY#{credential['keyId']}")
    assert kept["secretDigest"] == digest(credential["secret"])
    assert kept["expiresAt"] == int((clock.now() + timedelta(hours=12)).timestamp())


@pytest.mark.parametrize("body", ["x" * 43, "short", {"code": 1}, {}, [], {"code": "x" * 43, "more": 1}])
def test_what_is_no_code_signs_nobody_in(world: World, body: object) -> None:
    before = world.state()
    status, problem = signed_in(world, body)
    assert status == (403 if body == "x" * 43 else 400)
    assert problem["code"] == ("forbidden" if status == 403 else "invalid-request")
    assert world.state() == before


def test_two_who_have_the_same_code_do_not_both_sign_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_for(world)
    keeper = world.stage("credential_keeper")
    find = keeper.module.sign_ins.find

    def found_while_another_uses_it(table: str, its_code: str, now: Any) -> Any:
        found = find(table, its_code, now)
        monkeypatch.setattr(keeper.module.sign_ins, "find", find)
        assert signed_in(world, code)[0] == 201
        return found

    monkeypatch.setattr(keeper.module.sign_ins, "find", found_while_another_uses_it)
    assert signed_in(world, code)[0] == 403
    assert len([item for item in world.items() if item["PK"].startswith("APIKEY#")]) == 1


def test_a_caller_learns_whose_its_credential_is(world: World) -> None:
    assert world.get("/caller") == (200, BROKER)
    theirs = events.get("/caller", {}, caller=CUSTOMER)
    assert world.answer("data_extractor", theirs) == (200, CUSTOMER)

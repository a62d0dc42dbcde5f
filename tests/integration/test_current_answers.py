"""Who asks again and names what it knows is told that it is current, without the text."""

import json
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import away
from tests.support.world import World

QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("/customers/{customerId}/orders", {"customerId": "000002"}),
    ("/customers/{customerId}", {"customerId": "000002"}),
    ("/trades/{customerId}", {"customerId": "000002"}),
    ("/customers/{customerId}/positions", {"customerId": "000002"}),
    ("/customers/{customerId}/ledger", {"customerId": "000002"}),
    ("/books/{ticker}", {"ticker": "COIN"}),
    ("/tickers/{ticker}", {"ticker": "COIN"}),
]


def asked(world: World, resource: str, path: dict[str, str], *known: str, header: str = "If-None-Match") -> Any:
    event = events.get(resource, path)
    if known:
        event["headers"][header] = known[-1]
        event["multiValueHeaders"][header] = list(known)
    return world.stage("data_extractor")(event)


@pytest.mark.parametrize(("resource", "path"), QUESTIONS)
def test_what_has_not_changed_is_answered_without_its_text(
    shared_world: World, resource: str, path: dict[str, str]
) -> None:
    first = asked(shared_world, resource, path)
    tag = first["headers"]["ETag"]
    assert first["statusCode"] == 200
    assert first["headers"]["Cache-Control"] == "private, no-cache"
    for known in ([tag], [f"W/{tag}"], [f'"other", {tag}'], ['"other"', tag], ["*"]):
        again = asked(shared_world, resource, path, *known)
        assert again == {
            "statusCode": 304,
            "headers": {"ETag": tag, "Cache-Control": "private, no-cache"},
            "body": "",
        }
    assert asked(shared_world, resource, path, tag, header="if-none-match")["statusCode"] == 304


@pytest.mark.parametrize("known", ['"other"', "", ",", "other", '"*"', '"', "*, *", "W/", "\x00", "é" * 5000])
def test_what_is_not_known_is_told(shared_world: World, known: str) -> None:
    answer = asked(shared_world, *QUESTIONS[0], known)
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"orders": []})


def test_a_refusal_has_no_tag_and_is_not_kept(shared_world: World) -> None:
    answer = asked(shared_world, "/customers/{customerId}", {"customerId": "999999"}, "*")
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (404, "no-store")
    assert "ETag" not in answer["headers"]


def test_a_tag_changes_with_what_is_said(shared_world: World) -> None:
    tags = []
    for _ in range(2):
        tags.append([asked(shared_world, *question)["headers"]["ETag"] for question in QUESTIONS])
        shared_world.post(away())
        shared_world.settle()
    changed = [before != after for before, after in zip(*tags, strict=True)]
    assert changed == [True, True, False, False, True, True, True]

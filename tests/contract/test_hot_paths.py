"""What replaces MiniStack's functions on the way of each call answers as they do."""

import time
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from local.hot_paths import forget_expired, syntax_fault_by_text

topics: Any = import_module("ministack.services.sns")
dynamodb: Any = import_module("ministack.services.dynamodb")
dynamodb.time = SimpleNamespace(**vars(time))
"""Its import starts a thread that sleeps for ever: by the real clock, while other tests have one of their own."""

NOW = 1_000.0
CONDITIONS = [
    "attribute_not_exists(PK)",
    "#open = :none AND NOT (a < :b OR size(c[0].d) > :e)",
    "a BETWEEN :low AND :high",
    "a = ",
    "a == :b",
    "(a = :b",
    "a IN (:b,)",
]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("local.hot_paths", "ministack.services.sns"):
        monkeypatch.setattr(f"{name}.time", SimpleNamespace(time=lambda: NOW))


def topic(*expire: float) -> dict[str, Any]:
    return {"dedup_cache": {f"id {at}": {"expire": at, "message_id": str(at)} for at in expire}}


@pytest.mark.parametrize("expire", [(), (999, 1_001), (1_000, 1_000.001), (998, 999), (1_001, 1_002)])
def test_the_ids_of_a_topic_that_have_expired_are_forgotten_and_no_others(expire: tuple[float, ...]) -> None:
    ours, of_ministack = topic(*expire), topic(*expire)
    forget_expired(ours)
    topics._prune_sns_dedup(of_ministack)
    assert ours == of_ministack
    assert list(ours["dedup_cache"]) == [f"id {at}" for at in expire if at > NOW]


def test_a_topic_without_ids_gets_an_empty_list_of_them() -> None:
    ours: dict[str, Any] = {}
    forget_expired(ours)
    assert ours == {"dedup_cache": {}}


def test_what_is_left_is_not_copied() -> None:
    ours = topic(999, 1_001)
    ids = ours["dedup_cache"]
    forget_expired(ours)
    assert ours["dedup_cache"] is ids


def test_a_condition_has_the_fault_that_ministack_finds_and_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [dynamodb._condition_syntax_error(each, "ConditionExpression") for each in CONDITIONS]
    assert [fault is None for fault in expected] == [True] * 3 + [False] * 4
    found = syntax_fault_by_text(dynamodb)
    assert [found(each, "ConditionExpression") for each in CONDITIONS] == expected
    assert found("a = ", "FilterExpression") == dynamodb._condition_syntax_error("a = ", "FilterExpression")

    monkeypatch.setattr(dynamodb, "_COND_TOKEN_RE", None)
    assert [found(each, "ConditionExpression") for each in CONDITIONS] == expected

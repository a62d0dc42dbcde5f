"""A `Query` by the order of keys is answered as MiniStack answers it that looks at every item."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local import emulator
from local.key_order import replacements

dynamodb: Any = import_module("ministack.services.dynamodb")
dynamodb.time = SimpleNamespace(**vars(time))
"""Its import starts a thread that sleeps for ever: by the real clock, while other tests have one of their own."""
asked_of_all: Callable[[dict[str, Any]], Any] = dynamodb._query
Item = dict[str, dict[str, str]]

ROOT = Path(__file__).parents[2]
PARTITIONS = ("a", "b", "nobody's")
FRUIT, NUMBER = "fruit", "number"
PROJECTION = {"ProjectionType": "INCLUDE", "NonKeyAttributes": [FRUIT]}
ITEM_BYTES = 300_000
FORMS = ("SK = :x", "SK < :x", "SK <= :x", "SK > :x", "SK >= :x", "SK BETWEEN :x AND :y", "begins_with(SK, :x)")
ALIASED = ("#sk = :x", "#sk between :x and :y", "begins_with ( #sk , :x )", "#sk>:x")
STRANGE = (
    ":x = SK",
    "(SK = :x)",
    "((SK = :x))",
    "SK <> :x",
    "SK IN (:x)",
    "NOT SK = :x",
    "contains(SK, :x)",
    "SK > :x AND SK < :y",
    "SK = :x OR SK = :y",
    "fruit = :x",
    "SK.part = :x",
    "SK",
    "SK = :undefined",
    "#undefined = :x",
    "begins_with(SK)",
    "BEGINS_WITH(SK, :x)",
    "SK BETWEEN :x",
    "size(SK) = :x",
    "PK = :x",
    "AND",
    "",
)
WRONG: tuple[Any, ...] = (
    {"S": ""},
    {"S": "1"},
    {"N": "1"},
    {"N": "no"},
    {"N": "NaN"},
    {"NULL": True},
    {"B": "AA=="},
    {},
)


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


texts = st.text(st.sampled_from("aAb#~\u00e9\uffff\U0001f600"), min_size=1, max_size=4)
numbers = st.sampled_from(["0", "-0", "1", "1.0", "1.5", "10", "2", "-1", "-10", "1E+2", "100", "1e-5", "9" * 20])
octets = st.binary(min_size=1, max_size=3).map(encoded)
VALUES = {"S": texts, "N": numbers, "B": octets}


@st.composite
def requests(draw: st.DrawFn, kind: str, items: list[Item]) -> dict[str, Any]:
    """A question of a table whose sort key is of this kind. One in four has something strange in it."""
    strange = draw(st.integers(0, 3)) == 0

    def one_of(usual: tuple[Any, ...], unusual: tuple[Any, ...]) -> Any:
        return draw(st.sampled_from(usual + unusual if strange else usual))

    of_partition = [item["SK"] for item in items]
    value = st.sampled_from(of_partition) if of_partition else VALUES[kind].map(lambda found: {kind: found})
    key = one_of((None, *FORMS, *ALIASED), STRANGE)
    condition = "PK = :pk" if key is None else draw(st.sampled_from([f"PK = :pk AND {key}", f"{key} and #pk = :pk"]))
    filtering = one_of((None, None, "fruit = :fruit", "attribute_exists(fruit)"), ("number > :pk", "bad("))
    projection = one_of((None, None, "SK, fruit", "#pk"), ("number", "fruit, fruit"))
    text = " ".join(filter(None, (condition, filtering, projection)))
    values: dict[str, Any] = {":pk": {"S": draw(st.sampled_from(PARTITIONS))}, ":fruit": {"S": "fig"}}
    values |= dict(zip((":x", ":y"), in_order(draw(value), draw(value)), strict=True))
    if strange:
        values[draw(st.sampled_from([*values]))] = draw(st.sampled_from(WRONG))
    names = {"#pk": "PK", "#sk": "SK"}
    start = draw(st.sampled_from([None, None, {"PK": values[":pk"], "SK": draw(value)}]))
    request = {
        "TableName": "Table",
        "KeyConditionExpression": condition,
        "FilterExpression": filtering,
        "ProjectionExpression": projection,
        "ExpressionAttributeValues": {name: each for name, each in values.items() if name in text},
        "ExpressionAttributeNames": {name: each for name, each in names.items() if name in text},
        "ScanIndexForward": draw(st.sampled_from([None, True, False])),
        "Limit": one_of((None, 1, 2, 3, 100), (0, -1)),
        "ExclusiveStartKey": one_of((start,), ({"PK": {"S": "a"}},)),
        "ConsistentRead": draw(st.sampled_from([None, True])),
        "Select": one_of(
            (None,) if projection else (None, "COUNT", "ALL_ATTRIBUTES"), ("SPECIFIC_ATTRIBUTES", "NONSENSE")
        ),
        "IndexName": one_of((None,), ("Index", "Local", "Unknown")),
        "ReturnConsumedCapacity": draw(st.sampled_from([None, "TOTAL", "INDEXES"])),
    }
    return {name: each for name, each in request.items() if each is not None and each != {}}


def in_order(one: Any, other: Any) -> list[Any]:
    """The bounds of a BETWEEN; MiniStack refuses them the wrong way round."""
    return sorted((one, other), key=lambda value: dynamodb._sort_key_value(value, *value))


@st.composite
def items_of(draw: st.DrawFn, kind: str) -> list[Item]:
    """Items with the rest of their attributes; some overwrite others."""
    large = draw(st.integers(0, 9)) == 0
    found = []
    for _ in range(draw(st.integers(0, 12))):
        item: Item = {"PK": {"S": draw(st.sampled_from("ab"))}, "SK": {kind: draw(VALUES[kind])}}
        if draw(st.booleans()):
            item[FRUIT] = {"S": draw(st.sampled_from(["fig", "pear"]))}
        if draw(st.booleans()):
            item[NUMBER] = {"N": draw(numbers)}
        if large:
            item["ballast"] = {"S": "x" * ITEM_BYTES}
        found.append(item)
    return found


@contextmanager
def table_of(kind: str, sort_key: str = "SK") -> Iterator[Callable[[dict[str, Any]], Any]]:
    """A table with a sort key of this kind and two indexes; what it gives answers by the order of keys."""

    def key(*names: str) -> list[dict[str, str]]:
        return [{"AttributeName": name, "KeyType": role} for name, role in zip(names, ("HASH", "RANGE"), strict=False)]

    types = {"PK": "S", sort_key: kind, FRUIT: "S", NUMBER: "N"}
    made = dynamodb._create_table(
        {
            "TableName": "Table",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": each} for name, each in types.items()],
            "KeySchema": key("PK", sort_key),
            "GlobalSecondaryIndexes": [
                {"IndexName": "Index", "KeySchema": key(FRUIT, NUMBER), "Projection": PROJECTION}
            ],
            "LocalSecondaryIndexes": [
                {"IndexName": "Local", "KeySchema": key("PK", NUMBER), "Projection": {"ProjectionType": "ALL"}}
            ],
        }
    )
    assert made[0] == 200, made
    with pytest.MonkeyPatch.context() as patched:
        for name, function in replacements(dynamodb).items():
            patched.setattr(dynamodb, name, function)
        try:
            yield dynamodb._query
        finally:
            dynamodb.reset()


def put(*items: Item) -> None:
    for item in items:
        assert dynamodb._put_item({"TableName": "Table", "Item": item})[0] == 200


def delete(item: Item) -> None:
    key = {name: item[name] for name in ("PK", "SK")}
    assert dynamodb._delete_item({"TableName": "Table", "Key": key})[0] == 200


def pages(query: Callable[[dict[str, Any]], Any], request: dict[str, Any]) -> Iterator[Any]:
    """The answers to a question, page after page."""
    for _ in range(30):
        status, _, body = query(request)
        answer = json.loads(body)
        yield status, answer
        if "LastEvaluatedKey" not in answer:
            return
        request = {**request, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


@given(st.data())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_every_page_is_the_one_that_ministack_finds_by_looking_at_all_items(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["S", "N", "B"]))
    before, after = data.draw(items_of(kind)), data.draw(items_of(kind))
    with table_of(kind) as query:
        put(*before)
        for items in (before, before + after):
            put(*items[len(before) :])
            for item in data.draw(st.lists(st.sampled_from(items), max_size=3)) if items else []:
                delete(item)
            for _ in range(3):
                request = data.draw(requests(kind, items))
                assert list(pages(query, request)) == list(pages(asked_of_all, request)), request


@pytest.mark.parametrize("condition", [f"PK = :pk AND {form}" for form in FORMS + ALIASED])
@pytest.mark.parametrize("forward", [True, False])
def test_no_item_is_looked_at_that_is_not_on_the_page(
    monkeypatch: pytest.MonkeyPatch, condition: str, forward: bool
) -> None:
    looked_at = count()
    evaluate = dynamodb._evaluate_condition
    monkeypatch.setattr(
        dynamodb, "_evaluate_condition", lambda *given, **named: (next(looked_at), evaluate(*given, **named))[1]
    )
    values = {":pk": {"S": "a"}, ":x": {"S": "1"}, ":y": {"S": "3"}}
    request = {
        "TableName": "Table",
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": {"#sk": "SK"} if "#sk" in condition else {},
        "ExpressionAttributeValues": {name: each for name, each in values.items() if name in condition},
        "ScanIndexForward": forward,
        "Limit": 10,
    }
    with table_of("S") as query:
        put(*({"PK": {"S": "a"}, "SK": {"S": f"{number}"}} for number in range(1000, 4000)))
        assert query(request) == asked_of_all(request)
        next(looked_at)
        before = next(looked_at)
        assert query(request)[0] == 200
        assert next(looked_at) - before <= 2


def test_a_condition_that_is_wrong_by_itself_is_refused_also_if_no_item_would_fulfil_it() -> None:
    request = {
        "TableName": "Table",
        "KeyConditionExpression": "PK = :pk AND name > :x",  # a reserved word
        "ExpressionAttributeValues": {":pk": {"S": "a"}, ":x": {"S": "y"}},
    }
    with table_of("S", "name") as query:
        put({"PK": {"S": "a"}, "name": {"S": "x"}})
        assert query(request)[0] == 400
        assert query(request) == asked_of_all(request)


def test_what_replaces_items_as_a_whole_replaces_their_order() -> None:
    request = {
        "TableName": "Table",
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "a"}},
    }
    first, second = ({"PK": {"S": "a"}, "SK": {"S": name}} for name in "xy")
    with table_of("S") as query:
        put(first)
        assert json.loads(query(request)[2])["Items"] == [first]
        dynamodb._tables["Table"]["items"] = {"a": {"y": second}}
        dynamodb._items_replaced(dynamodb._tables["Table"])
        assert json.loads(query(request)[2])["Items"] == [second]
        dynamodb._tables["Table"]["items"]["a"]["x"] = first
        assert json.loads(query(request)[2])["Items"] == [first, second]


def test_it_is_made_for_the_version_that_is_installed_and_starts_with_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator.require_version()
    locked = (ROOT / "requirements.lock").read_text()
    assert f"ministack=={emulator.VERSION}" in locked.replace("[full]", "")
    monkeypatch.setattr(emulator, "version", lambda name: "2.0.0")
    modules = r"local/key_order\.py, replays\.py, event_sources\.py, message_groups\.py, workers\.py and hot_paths\.py"
    with pytest.raises(SystemExit, match=rf"^MiniStack 2\.0\.0 is installed; {modules} replace functions"):
        emulator.require_version()

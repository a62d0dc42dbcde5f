"""moto's DynamoDB in a fraction of its time, for the same result.

moto (5.x) parses the text of a condition three times for each write of a transaction, that of an update twice. For a
`Query` it sorts all items of the table by its own comparison, and copies what it found. It checks the size of an item
with each of its attributes, and looks in several places for each attribute that it answers.

One thing is not as in moto, but as in DynamoDB: a range that ends before it begins is refused.
"""

import base64
import copy
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import responses
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ItemSizeTooLarge, MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models import table as tables
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import dynamo_to_dict
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node  # type: ignore[attr-defined] # it is not checked
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined] # it is not checked

ITEM_BYTES = 405_000
"""moto's own bound."""
REMEMBERED = 1_000
"""Conditions."""
update: Callable[..., Any] = DynamoDBBackend.update_item
query: Callable[..., Any] = Table.query
parse: Callable[..., Any] = ConditionExpressionParser.parse
parsed_update = cache(UpdateExpressionParser.make)
serialize_map: Callable[..., None] = BaseJSONSerializer._serialize_type_map


def patch(patched: pytest.MonkeyPatch) -> None:
    """For as long as the patches last.

    Before each write of a transaction moto copies the whole table with all that is in it, to restore it if the
    transaction fails. Here a copy shares its items with the table, and an item that is updated is replaced by a copy
    first.
    """
    patched.setattr(DynamoDBBackend, "update_item", _update_copy)
    patched.setattr(Table, "__deepcopy__", _sharing_items, raising=False)
    patched.setattr(Table, "query", _query)
    patched.setattr(Table, "all_items", _all_items)
    patched.setattr(Item, "__init__", _fill)
    patched.setattr(tables, "copy", SimpleNamespace(copy=copy.copy, deepcopy=_shown))
    patched.setattr(tables, "dynamo_json_dump", lambda _: "")  # for the size of a stream's record, which nobody reads
    patched.setattr(responses, "dynamo_to_dict", _plain)
    patched.setattr(ConditionExpressionParser, "parse", _parsed)
    patched.setattr(UpdateExpressionParser, "make", parsed_update)
    patched.setattr(validators, "deepcopy", _nodes)  # of what is parsed, which it changes
    patched.setattr(DepthFirstTraverser, "nodes_to_be_processed", _kinds)
    patched.setattr(BaseJSONSerializer, "_serialize_type_map", _serialize)


def _update_copy(backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *rest: Any, **fields: Any) -> Any:
    table = backend.get_table(table_name)
    names: Any = (table.hash_key_attr, table.range_key_attr)
    hash_value, range_value = (DynamoType(key[name]) for name in names)
    item = table.get_item(hash_value, range_value)
    if item is not None:
        table.items[hash_value][range_value] = copy.deepcopy(item)
    return update(backend, table_name, key, *rest, **fields)


def _sharing_items(table: Table, memo: dict[int, Any]) -> Table:
    other = copy.copy(table)
    other.items = copy.copy(table.items)
    for key, items in table.items.items():
        other.items[key] = copy.copy(items)
    if table.stream_shard:
        other.stream_shard = copy.copy(table.stream_shard)
        other.stream_shard.table = other
        other.stream_shard.items = list(table.stream_shard.items)
    return other


def _query(table: Table, hash_key: DynamoType, *rest: Any, **fields: Any) -> Any:
    """Of the table itself: looks at the partition alone."""
    conditions = [rest[:2], *(each[1:] for each in fields.get("range_key_conditions") or ())]
    for comparison, bounds in conditions:
        if comparison == "BETWEEN" and bounds[0].value > bounds[1].value:
            raise MockValidationException("The BETWEEN operator requires upper bound to be greater than lower bound")
    index = rest[6] if len(rest) > 6 else fields.get("index_name")
    if index:
        return query(table, hash_key, *rest, **fields)
    every = table.items
    table.items = {hash_key: every[hash_key]}  # type: ignore[assignment] # nothing is written meanwhile
    try:
        return query(table, hash_key, *rest, **fields)
    finally:
        table.items = every


def _all_items(table: Table) -> list[Item]:
    """Sorted by what the keys are, not by moto's comparison of them."""
    items = [item for partition in table.items.values() for item in partition.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.cast_value))


def _fill(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    dict.update(item.attrs, {name: DynamoType(value) for name, value in attrs.items()})
    if item.size() > ITEM_BYTES:
        raise ItemSizeTooLarge


def _shown(found: Any) -> Any:
    """What was found is shown, no more: it need not be copied."""
    return found if isinstance(found, list | Item) else copy.deepcopy(found)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value
    if kind is DynamoType and value.type not in {"B", "BS"}:
        return {value.type: _plain(value.value)}
    if kind is dict:
        return {name: _plain(each) for name, each in value.items()}
    if kind is list:
        return [_plain(each) for each in value]
    return dynamo_to_dict(value)


_conditions: dict[str, tuple[Any, list[str], list[str]]] = {}


def _parsed(parser: ConditionExpressionParser) -> Any:
    text = parser.condition_expression
    if not text:
        return parse(parser)
    given = repr((text, parser.expression_attribute_names, parser.expression_attribute_values))
    if given not in _conditions:
        if len(_conditions) >= REMEMBERED:
            _conditions.clear()
        _conditions[given] = parse(parser), parser.expr_attr_names_found, parser.expr_attr_values_found
    condition, names, values = _conditions[given]
    parser.expr_attr_names_found, parser.expr_attr_values_found = list(names), list(values)
    return condition


def _nodes(node: Node) -> Node:
    other: Node = object.__new__(type(node))
    vars(other).update(vars(node))
    if isinstance(node.children, list):
        other.children = [_nodes(each) if isinstance(each, Node) else each for each in node.children]
        for child in other.children:
            if isinstance(child, Node):
                child.set_parent(other)
    return other


def _kinds(traverser: DepthFirstTraverser) -> tuple[type[Node], ...]:
    known = vars(traverser)
    if "kinds" not in known:
        known["kinds"] = tuple(traverser._processing_map())
    found: tuple[type[Node], ...] = known["kinds"]
    return found


def _serialize(serializer: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    if shape.value.name == "AttributeValue":
        serialized[shape.serialization.get("name", key)] = {name: _sent(each) for name, each in value.items()}
    else:
        serialize_map(serializer, serialized, value, shape, key)


def _sent(value: dict[str, Any]) -> dict[str, Any]:
    [(kind, content)] = value.items()
    if kind == "B":
        return {kind: _base64(content)}
    if kind == "BS":
        return {kind: [_base64(each) for each in content]}
    if kind == "L":
        return {kind: [_sent(each) for each in content]}
    if kind == "M":
        return {kind: {name: _sent(each) for name, each in content.items()}}
    return value


def _base64(content: str | bytes) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()

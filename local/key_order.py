"""MiniStack's `Query` of a table by the order of its sort keys, for the same answer.

MiniStack (1.5.33) sorts a whole partition for each `Query`, and evaluates the text of the key condition on every item.
Here a partition keeps its sort keys in order. The items of the page are looked up, and MiniStack's own `Query` answers
as if the table held nothing else: it checks the request, filters, projects, and says where the next page starts. A
request that is not understood here is answered by MiniStack from the whole table.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from operator import itemgetter
from types import FunctionType, ModuleType
from typing import Any

Table = dict[str, Any]
Item = dict[str, Any]
Request = Mapping[str, Any]
Answer = Callable[[Request], Any]

KEY_CONDITION = "KeyConditionExpression"
ORDER = object()
"""Where the order is kept beside MiniStack's own derived data of a table, which it drops when items are replaced."""
COMPARED = frozenset({"EQ", "LT", "LE", "GT", "GE"})
UNREADABLE = (LookupError, TypeError, ValueError, InvalidOperation)
"""What comes of a request that MiniStack is going to refuse."""

_value = itemgetter(0)


@dataclass(frozen=True, slots=True)
class _Page:
    """The items of a page, one more item if there are none, and whether the page ends before the range does."""

    items: list[Item]
    beside: list[Item]
    more: bool


def replacements(dynamodb: ModuleType) -> dict[str, Callable[..., Any]]:
    """What to put in the place of functions of MiniStack's module of DynamoDB, by their names."""
    query = _Query(dynamodb)
    return {"_query": query.answer, "_set_item": query.set_item, "_remove_item": query.remove_item}


class _Query:
    def __init__(self, dynamodb: ModuleType) -> None:
        self._names = vars(dynamodb)
        self._query: FunctionType = dynamodb._query  # noqa: SLF001 # what is replaced is private
        self._set_item: Callable[..., Item | None] = dynamodb._set_item  # noqa: SLF001
        self._remove_item: Callable[..., Item | None] = dynamodb._remove_item  # noqa: SLF001

    # ----------------------------------------------------- what is replaced

    def answer(self, request: Request) -> Any:
        table = self._table(request)
        page = table and self._page(table, request)
        return self._answer_of(table, page, request) if table and page else self._query(request)

    def set_item(self, table: Table, partition: str, key: str, item: Item) -> Item | None:
        before = self._set_item(table, partition, key, item)
        order = self._order_if_known(table, partition)
        if before is None and order is not None:
            insort(order, self._entry(table, key, item))
        return before

    def remove_item(self, table: Table, partition: str, key: str) -> Item | None:
        before = self._remove_item(table, partition, key)
        order = self._order_if_known(table, partition)
        if before is not None and order is not None:
            entry = self._entry(table, key, before)
            position = bisect_left(order, entry)
            if order[position : position + 1] == [entry]:
                del order[position]
        return before

    # ------------------------------------------------------------ the answer

    def _answer_of(self, table: Table, page: _Page, request: Request) -> Any:
        """MiniStack's answer, if the table held this page alone. All of its items fulfil the key condition."""
        evaluate: Callable[..., Any] = self._names["_evaluate_condition"]
        fulfilling = {id(item) for item in page.items[1:]}  # the first is looked at: it may be the condition that fails

        def fulfils(text: str, item: Item, values: Any, names: Any, slot: str = "ConditionExpression") -> Any:
            if slot == KEY_CONDITION and id(item) in fulfilling:
                return True
            return evaluate(text, item, values, names, slot)

        partition = dict(enumerate([*page.items, *page.beside]))
        shown = {**table, "items": {self._partition(table, request): partition}}
        narrowed = {
            "_tables": {self._names["_normalize_table_name"](request["TableName"]): shown},
            "_evaluate_condition": fulfils,
            "_paginate_evaluated_items": lambda items, *_: (items, page.more),
        }
        return FunctionType(self._query.__code__, {**self._names, **narrowed})(request)

    def _table(self, request: Request) -> Table | None:
        """The table, if this is a question that is understood here: for the table itself, by an expression."""
        if request.get("IndexName") or request.get("KeyConditions") or not isinstance(request.get(KEY_CONDITION), str):
            return None
        name = request.get("TableName")
        table: Table | None = self._names["_tables"].get(self._names["_normalize_table_name"](name)) if name else None
        return table if table and table["sk_name"] else None

    def _partition(self, table: Table, request: Request) -> Any:
        values, names = request.get("ExpressionAttributeValues") or {}, request.get("ExpressionAttributeNames") or {}
        return self._names["_extract_pk_from_condition"](request[KEY_CONDITION], values, names, table["pk_name"])

    def _page(self, table: Table, request: Request) -> _Page | None:
        """None for a request that is not understood here, or that MiniStack refuses."""
        try:
            partition = self._partition(table, request)
            items = table["items"].get(partition, {})
            order = self._order(table, partition)
            first, after = self._range(table, request, order)
            if (limit := request.get("Limit")) is not None and int(limit) <= 0:
                return None
            forward = request.get("ScanIndexForward", True)
            places = range(first, after) if forward else range(after - 1, first - 1, -1)
            in_turn = (items[order[place][1]] for place in places)
            found, more = self._names["_paginate_evaluated_items"](in_turn, limit, table)
        except UNREADABLE:
            return None
        return _Page(found, [] if found else [*islice(items.values(), 1)], more)

    # ------------------------------------------------------------- the range

    def _range(self, table: Table, request: Request, order: Sequence[Any]) -> tuple[int, int]:
        """The first entry that fulfils the key condition behind the start key, and the one after the last."""
        first, after = 0, len(order)
        names = request.get("ExpressionAttributeNames") or {}
        tokens = self._names["_tokenize"](request[KEY_CONDITION])
        for clause in self._names["_key_condition_clauses"](tokens):
            attribute, operator, operands = _read(clause, names)
            values = [request["ExpressionAttributeValues"][operand] for operand in operands]
            if attribute == table["sk_name"]:
                first, after = self._within(order, operator, [self._sortable(table, value) for value in values])
            elif (attribute, operator) != (table["pk_name"], "EQ"):
                raise ValueError(attribute)
        start = request.get("ExclusiveStartKey")
        if not start:
            return first, after
        behind = self._sortable(table, start[table["sk_name"]])
        if request.get("ScanIndexForward", True):
            return max(first, bisect_right(order, behind, key=_value)), after
        return first, min(after, bisect_left(order, behind, key=_value))

    @staticmethod
    def _within(order: Sequence[Any], operator: str, values: Sequence[Any]) -> tuple[int, int]:
        low, high = values[0], values[-1]
        at, behind = bisect_left(order, low, key=_value), bisect_right(order, high, key=_value)
        if operator == "BEGINS_WITH":
            if isinstance(low, Decimal):
                raise ValueError(low)
            return at, bisect_left(order, True, lo=at, key=lambda entry: not entry[0].startswith(low))  # noqa: FBT003
        return {
            "EQ": (at, behind),
            "BETWEEN": (at, behind),
            "GE": (at, len(order)),
            "GT": (behind, len(order)),
            "LE": (0, behind),
            "LT": (0, at),
        }[operator]

    def _sortable(self, table: Table, value: Mapping[str, Any]) -> Any:
        """What a sort key is compared by. Raises ValueError for one that is not of the table's type."""
        wanted = self._names["_get_attr_type"](table, table["sk_name"])
        if [*value] != [wanted] or (wanted == "N" and Decimal(value["N"]).is_nan()):
            raise ValueError(wanted)
        return self._names["_sort_key_value"](value, wanted)

    # ------------------------------------------------------------- the order

    def _order(self, table: Table, partition: Any) -> list[Any]:
        """The partition's sort keys in order: what each is compared by, and under which key its item is stored."""
        items, order = table["items"].get(partition, {}), self._order_if_known(table, partition)
        if order is None or len(order) != len(items):
            order = sorted(self._entry(table, key, item) for key, item in items.items())
            if order:
                self._names["_index_members"](table).setdefault(ORDER, {})[partition] = order
        return order

    def _order_if_known(self, table: Table, partition: Any) -> list[Any] | None:
        found: list[Any] | None = table.get(self._names["_INDEX_MEMBERS"], {}).get(ORDER, {}).get(partition)
        return found

    def _entry(self, table: Table, key: str, item: Item) -> tuple[Any, str]:
        sk_type = self._names["_get_attr_type"](table, table["sk_name"])
        return self._names["_sort_key_value"](item.get(table["sk_name"]), sk_type), key


def _read(clause: Sequence[tuple[str, str]], names: Mapping[str, str]) -> tuple[str, str, list[str]]:
    """The attribute, the operator and the operands of a part of a key condition. Raises ValueError for other forms."""
    kinds, texts = [kind for kind, _ in clause], [text for _, text in clause]

    def name(position: int) -> str:
        return names[texts[position]] if kinds[position] == "NAME_REF" else texts[position]

    match [text.upper() if kind == "IDENT" else kind for kind, text in clause]:
        case [_, operator, "VALUE_REF"] if operator in COMPARED and _is_name(kinds[0]):
            return name(0), operator, [texts[2]]
        case [_, "BETWEEN", "VALUE_REF", "AND", "VALUE_REF"] if _is_name(kinds[0]):
            return name(0), "BETWEEN", [texts[2], texts[4]]
        case ["BEGINS_WITH", "LPAREN", _, "COMMA", "VALUE_REF", "RPAREN"] if _is_name(kinds[2]):
            return name(2), "BEGINS_WITH", [texts[4]]
    raise ValueError(texts)


def _is_name(kind: str) -> bool:
    return kind in {"IDENT", "NAME_REF"}

"""What every message is read by: JSON of a kind and a version, in which no amount is a number."""

from typing import Any

import pytest

from tests.support.samples import order
from trading.domain.errors import FromLaterRelease
from trading.domain.messages import wire
from trading.domain.orders import Side


@pytest.mark.parametrize("number", ["1.5", "1e2", "NaN", "Infinity", "-Infinity"])
def test_a_number_with_a_fraction_is_refused_because_amounts_are_strings(number: str) -> None:
    with pytest.raises(ValueError, match=f"^{number} is not a number of this protocol: amounts are strings$"):
        wire.parsed_value(f'{{"price":{number}}}')
    assert wire.parsed_value('{"quantity":15}') == {"quantity": 15}


def test_a_message_is_of_one_kind_and_version() -> None:
    message = {"type": "order", "version": 1}
    assert wire.parsed(wire.compact(message), "order") == message
    for other, words in (
        ({"type": "quote", "version": 1}, '"quote" of version 1'),
        ({"type": "order", "version": 0}, '"order" of version 0'),
        ({"type": "order", "version": "2"}, '"order" of version "2"'),
        ({}, "null of version null"),
    ):
        with pytest.raises(ValueError, match=f"^{words}$"):
            wire.parsed(wire.compact(other), "order")


@pytest.mark.parametrize("kind", ["order", "what is new in it"])
def test_a_later_version_is_for_a_later_release_whatever_its_kind(kind: str) -> None:
    with pytest.raises(FromLaterRelease, match=f'^"{kind}" of version 2, which this release cannot read$'):
        wire.parsed(wire.compact({"type": kind, "version": 2}), "order")


def test_messages_are_written_without_spaces() -> None:
    assert wire.compact({"a": [1, 2], "b": "c"}) == '{"a":[1,2],"b":"c"}'


LIMIT = wire.order_fields(order(1, "000002", Side.BUY, "COIN", 1500, "161.90"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "Market"}, "a limit order has a price, a market order has none"),
        ({"price": None}, "a limit order has a price, a market order has none"),
        ({"type": "StopLimit", "price": None}, "a limit order has a price, a market order has none"),
        ({"stopPrice": "161.00"}, "a stop order has a stop price, no other has one"),
        ({"type": "StopLimit"}, "a stop order has a stop price, no other has one"),
        ({"type": "Stop", "price": None}, "a stop order has a stop price, no other has one"),
    ],
)
def test_an_order_has_the_prices_of_its_type_and_no_others(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        wire.order_from({**LIMIT, **fields})

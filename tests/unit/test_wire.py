"""What every message is read by: JSON of a kind and a version, in which no amount is a number."""

import pytest

from trading.domain.messages import wire


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
        ({"type": "order", "version": 2}, '"order" of version 2'),
        ({}, "null of version null"),
    ):
        with pytest.raises(ValueError, match=f"^{words}$"):
            wire.parsed(wire.compact(other), "order")


def test_messages_are_written_without_spaces() -> None:
    assert wire.compact({"a": [1, 2], "b": "c"}) == '{"a":[1,2],"b":"c"}'

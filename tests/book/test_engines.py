"""Our book and engines of others answer the same commands alike: who trades with whom, how much, at which price, and
whether there was something to cancel.

`matching-engine` is compared on Python 3.12 and later, which it needs; `liquibook`, where there are wheels of it.
Tracebook's engine is pure Python and always compared.
"""

import pytest

from tests.book.engines import OTHERS, Ours
from tests.book.engines.commands import answers, stream
from trading.domain.orders import TimeInForce


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("seed", range(10))
def test_the_book_answers_as_another_engine(engine: str, seed: int) -> None:
    commands = stream(seed, 1000, tifs={TimeInForce.GTC: 7, TimeInForce.IOC: 2, TimeInForce.FOK: 1})
    other = answers(OTHERS[engine](), commands)
    for mine, theirs in zip(answers(Ours(), commands), other, strict=True):
        assert mine == theirs


@pytest.mark.parametrize("seed", range(10))
def test_the_commands_that_are_compared_do_something(seed: int) -> None:
    commands = stream(seed, 1000, tifs={TimeInForce.GTC: 7, TimeInForce.IOC: 2, TimeInForce.FOK: 1})
    each = [answer for _, answer in answers(Ours(), commands)]
    assert {True, False} <= {answer for answer in each if isinstance(answer, bool)}
    assert sum(bool(answer) for answer in each if isinstance(answer, list)) > 100
    assert max(len(answer) for answer in each if isinstance(answer, list)) > 5

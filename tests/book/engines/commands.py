"""What the engines are told, and what is compared of their answers."""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from trading.domain.orders import TimeInForce


class Enter(NamedTuple):
    """A limit order; engines name it by its number or by its id."""

    number: int
    id: str
    buys: bool
    quantity: int
    price: int
    tif: TimeInForce


class Cancel(NamedTuple):
    number: int
    id: str


class Fill(NamedTuple):
    maker: int
    quantity: int
    price: int


Command = Enter | Cancel


class Engine(Protocol):
    """What `enter` and `cancel` return is the engine's own, `fills` reads it: benchmarks do without."""

    def enter(self, order: Enter) -> Any: ...

    def cancel(self, order: Cancel) -> bool: ...

    def fills(self, answer: Any) -> list[Fill]: ...


def answers(engine: Engine, commands: list[Command]) -> Iterator[tuple[Command, bool | list[Fill]]]:
    """Each command and what came of it. At the end everything that rests is bought and sold, which shows the queues."""
    whole = [
        Enter(number, f"whole {number}", buys, 10**9, price, TimeInForce.IOC)
        for number, (buys, price) in enumerate([(True, 10**6), (False, 1)], start=10**6)
    ]
    for command in [*commands, *whole]:
        if isinstance(command, Enter):
            yield command, engine.fills(engine.enter(command))
        else:
            yield command, engine.cancel(command)


def stream(
    seed: int, length: int, *, tifs: dict[TimeInForce, int], width: int = 20, cancels: int = 35
) -> list[Command]:
    """Random orders `width` steps around a price that wanders, and `cancels` percent cancels of earlier ones, some of
    which are gone by then. The same seed is the same stream.
    """
    draw = random.Random(seed)
    kinds, weights = list(tifs), list(tifs.values())
    commands: list[Command] = []
    entered: list[int] = []
    middle = 10_000
    for number in range(1, length + 1):
        if entered and draw.randrange(100) < cancels:
            # Mostly young orders, as in a market: of the last hundred, one.
            earlier = entered[-draw.randint(1, min(100, len(entered)))]
            commands.append(Cancel(earlier, f"order {earlier}"))
            continue
        middle += draw.choice((-1, 0, 0, 0, 1))
        buys = draw.random() < 0.5
        price = middle + draw.randint(-width, width // 4) * (1 if buys else -1)
        tif = draw.choices(kinds, weights)[0]
        commands.append(Enter(number, f"order {number}", buys, 10 * draw.randint(1, 50), price, tif))
        entered.append(number)
    return commands

"""Shows somebody who waits how far it is: with a bar on a terminal, by lines elsewhere."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")
_console = Console(stderr=True, soft_wrap=True)


def shown(things: Iterable[T], what: str) -> Iterator[T]:
    """The things, one after the other, with a bar on a terminal; elsewhere a line tells that they are done."""
    listed, start = list(things), time.monotonic()
    yield from track(listed, what, console=_console, transient=True, disable=not _console.is_terminal)
    if not _console.is_terminal:
        _console.print(f"    {what}: {len(listed)} in {time.monotonic() - start:.0f} s", markup=False)


def part(name: str, measure: Callable[[], T]) -> T:
    """What a part measures; a line tells that it begins, and one how long it took."""
    start = time.monotonic()
    _console.print(f"  {name} …", markup=False)
    measured = measure()
    _console.print(f"  {name}: {time.monotonic() - start:.0f} s", markup=False)
    return measured

"""Shows somebody who waits how far it is."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")
_console = Console(stderr=True)


def shown(things: Iterable[T], what: str) -> Iterator[T]:
    """The things, one after the other, with a bar on a terminal; elsewhere nothing is said."""
    yield from track(list(things), what, console=_console, transient=True, disable=not _console.is_terminal)

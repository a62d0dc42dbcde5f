"""What the user sees: stages with their time, errors without a traceback."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console

from ops.shown_text import plain

MAX_LINE_LETTERS = 2000
console = Console(highlight=False, soft_wrap=True)


class Failure(click.ClickException):
    """What went wrong and what to do about it, in words; ends the command with exit code 1.

    The words may quote what others wrote: they are shown without anything that a terminal obeys.
    """

    def format_message(self) -> str:
        return "\n".join(plain(line, MAX_LINE_LETTERS) for line in self.message.split("\n"))


@contextmanager
def stage(doing: str, done: str) -> Iterator[None]:
    """Shows what is being done while it lasts, on a terminal, and that it is done with its time, everywhere."""
    start = time.monotonic()
    with console.status(f"{doing} …"):
        yield
    console.print(f"[green]✓[/] {done} [dim]({time.monotonic() - start:.1f} s)[/]")

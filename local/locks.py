"""Locks between the commands of this folder: files, locked for as long as someone who has them open lives."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ops.console import Failure


def taken(file: TextIO, *, shared: bool = False) -> bool:
    """Whether the lock could be had. It is kept until the file is closed, by all processes that have it open."""
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone(path: Path, refusal: str) -> Iterator[None]:
    """Does what is inside while nobody else does. Raises Failure with the refusal if somebody does."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a+") as file:
        if not taken(file):
            raise Failure(refusal)
        yield

"""Tests that measure how long something takes run alone, in however many processes the others run."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".local" / "tests"
DOOR, ROOM = "door", "room"


@contextmanager
def among_others() -> Iterator[None]:
    """For a test: it waits while another one is alone, or is about to be."""
    with ExitStack() as room:
        with _held(DOOR, fcntl.LOCK_EX):
            room.enter_context(_held(ROOM, fcntl.LOCK_SH))
        yield


@contextmanager
def alone() -> Iterator[None]:
    """For a test: it waits until those that run have ended. No other one begins meanwhile."""
    with _held(DOOR, fcntl.LOCK_EX), _held(ROOM, fcntl.LOCK_EX):
        yield


@contextmanager
def _held(name: str, kind: int) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / name).open("w") as file:
        fcntl.flock(file, kind)
        yield

"""MiniStack's FIFO queues give as many messages of one group as they can, as SQS does.

MiniStack (1.5.33) gives the oldest messages, whatever their groups. A stage that is behind would then get one message
of each group, and commit for each of them. It would get further behind, because what several messages of a group have
in common is only done once if they come together.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

Queue = dict[str, Any]


def replacements(queues: ModuleType) -> dict[str, Any]:
    """What to put in the place of names of MiniStack's module of SQS."""
    collect: Callable[[Queue, int, int, float], list[Any]] = queues._collect_fifo  # noqa: SLF001 # what is replaced
    complete: Callable[[Any], None] = queues._ensure_msg_fields  # noqa: SLF001 # is private

    def of_one_group_first(queue: Queue, most: int, seconds: int, now: float) -> list[Any]:
        """The group of the oldest message first. If it has less than `most`, others follow in their order."""
        for each in queue["messages"]:
            complete(each)
        first = _first_group(queue["messages"], now)
        messages = sorted(queue["messages"], key=lambda each: each["group_id"] != first)  # keeps the order otherwise
        return collect({**queue, "messages": messages}, most, seconds, now)

    return {"_collect_fifo": of_one_group_first}


def _first_group(messages: list[Any], now: float) -> str | None:
    """The group of the oldest message that may be given; None if there is no such message. A group of which a message
    was given, and not removed yet, waits.
    """
    held = {each["group_id"] for each in messages if each["visible_at"] > now and each["receive_count"]}
    free = (each["group_id"] for each in messages if each["visible_at"] <= now and each["group_id"] not in held)
    return next(free, None)

"""What MiniStack does again in each call, done once, with the same answers.

MiniStack (1.5.33) takes two thirds of the processors' time while eight clients post orders. These places were found by
looking at it then.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any

CONDITIONS = 1_024
"""Texts that are remembered. The functions have some dozens."""


def forget_expired(topic: dict[str, Any]) -> None:
    """Removes the deduplication ids of a topic that have expired.

    This is to be put in the place of MiniStack's function, which copies all others for each message: after a few
    thousand messages that takes longer than to deliver one. Each id is kept for five minutes, so they are in the order
    in which they expire.
    """
    ids: dict[str, Any] = topic.setdefault("dedup_cache", {})
    now = time.time()
    expired = []
    for its_id, message in ids.items():
        if message["expire"] > now:
            break
        expired.append(its_id)
    for its_id in expired:
        del ids[its_id]


def syntax_fault_by_text(dynamodb: ModuleType) -> Callable[[str, str], str | None]:
    """What to put in the place of MiniStack's function, which parses a condition several times in each call."""
    return lru_cache(CONDITIONS)(vars(dynamodb)["_condition_syntax_error"])

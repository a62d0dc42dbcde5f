"""MiniStack's event source mappings of streams, each read by itself and with its batching window, as on AWS.

MiniStack (1.5.33) reads all queues and streams in one thread, and calls the functions of streams in it: until such a
function has ended, no other stage gets a batch. It knows no batching window. Here each stream is read in a thread of
its own, while there is something to read. MiniStack's own function reads, filters, calls and acknowledges; it sees only
the one mapping.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

IDLE_SECONDS = 1.0
"""A mapping that could not be read, or whose function failed, is read again after this time: so does MiniStack."""
GAP_SECONDS = 0.002
"""MiniStack pauses after it has woken up in vain, because it looks at all mappings each time. Its own pause is 50 ms,
which the next message waits for.
"""
LONGEST_WINDOW_SECONDS = 1.0
"""A batching window is no longer than this here: nobody is to wait five minutes for an archive on a laptop."""

Scoped = tuple[str, str, Mapping[str, Any]]
"""A mapping with its account and region."""


def replacements(functions: ModuleType, dynamodb: ModuleType) -> dict[str, Any]:
    """What to put in the place of names of MiniStack's module of Lambda."""
    return {
        "_poll_dynamodb_streams": _Streams(functions, dynamodb).poll,
        "_ESM_IDLE_WAKE_GAP_SECONDS": GAP_SECONDS,
    }


class _Streams:
    def __init__(self, functions: ModuleType, dynamodb: ModuleType) -> None:
        self._names = vars(functions)
        self._end: Callable[[str], int] = dynamodb.stream_end_position
        self._poll: FunctionType = functions._poll_dynamodb_streams  # noqa: SLF001 # what is replaced is private
        self._not_before: dict[str, float] = {}
        """By mapping, s of `time.monotonic`: when its pause or its batching window is over."""

    def poll(self) -> bool:
        """Begins to read each stream that is ahead of what its mapping has read. Whether there was one."""
        began = False
        for account, region, mapping in self._names["_iter_all_esms"]():
            with self._scope(account, region):
                if self._is_due(mapping):
                    self._names["_dispatch_esm_batch"](mapping["UUID"], self._read, (account, region, mapping))
                    began = True
        return began

    def _read(self, mapping: Scoped) -> None:
        """Reads a batch of one mapping, and hands it to its function."""
        narrowed = {**self._names, "_iter_all_esms": lambda: [mapping]}
        its_id = mapping[2]["UUID"]
        self._not_before[its_id] = time.monotonic() + IDLE_SECONDS
        if FunctionType(self._poll.__code__, narrowed)():
            del self._not_before[its_id]

    def _is_due(self, mapping: Mapping[str, Any]) -> bool:
        """Whether the mapping has records to read, is not being read, and neither pauses nor gathers a batch."""
        its_id, table = mapping["UUID"], self._table(mapping)
        if table is None or self._names["_esm_inflight"].get(its_id):
            return False
        behind = self._end(table) - self._names["_dynamodb_stream_positions"].get(its_id, 0)
        if behind <= 0:
            return False
        window = min(mapping.get("MaximumBatchingWindowInSeconds") or 0, LONGEST_WINDOW_SECONDS)
        now = time.monotonic()
        return now >= self._not_before.setdefault(its_id, now + window)

    def _table(self, mapping: Mapping[str, Any]) -> str | None:
        """The table whose stream the mapping reads, None if it reads something else."""
        source: str = mapping.get("EventSourceArn", "")
        if ":dynamodb:" not in source:
            return None
        named = self._names["_dynamodb_stream_table_from_arn_spec"](self._names["parse_arn"](source))
        return str(named[0]) if named else None

    @contextmanager
    def _scope(self, account: str, region: str) -> Iterator[None]:
        """MiniStack's state is by account and region; what is begun here has them, too."""
        of_account, of_region = self._names["_request_account_id"], self._names["_request_region"]
        account_before, region_before = of_account.set(account), of_region.set(region)
        try:
            yield
        finally:
            of_account.reset(account_before)
            of_region.reset(region_before)

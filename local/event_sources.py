"""MiniStack's event source mappings: each reads by itself, keeps its batching window, and rests after a batch.

MiniStack (1.5.33) reads all queues and streams in one thread, and calls the functions of streams in it: until such a
function has ended, no other stage gets a batch. It knows no batching window. Here each stream is read in a thread of
its own, while there is something to read. MiniStack's own function reads, filters, calls and acknowledges; it sees only
the one mapping.

A mapping that reads on at once gets each record alone while the system is busy, and a batch of one costs nearly as much
as one of ten. So a mapping rests after a batch for as long as the batch took. What comes meanwhile is its next batch.
One order in flight finds all mappings rested.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

IDLE_SECONDS = 1.0
"""A stream that could not be read, or whose function failed, is read again after this time: so does MiniStack."""
GAP_SECONDS = 0.002
"""MiniStack pauses after it has woken up in vain, because it looks at all mappings each time. Its own pause is 50 ms,
which the next message waits for.
"""
LONGEST_WINDOW_SECONDS = 1.0
"""A batching window is no longer than this here: nobody is to wait five minutes for an archive on a laptop."""
LONGEST_REST_SECONDS = 0.1
"""After a batch that took long, a cold start for one."""

Scoped = tuple[str, str, Mapping[str, Any]]
"""A mapping with its account and region."""


def replacements(functions: ModuleType, dynamodb: ModuleType) -> dict[str, Any]:
    """What to put in the place of names of MiniStack's module of Lambda."""
    return {
        "_poll_dynamodb_streams": _Streams(functions, dynamodb).poll,
        "_run_sqs_batch": rested(vars(functions)["_run_sqs_batch"]),
        "_ESM_IDLE_WAKE_GAP_SECONDS": GAP_SECONDS,
    }


def rested(work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work, and then a rest of as long. MiniStack begins no other batch of the mapping meanwhile, for this one
    counts as in flight; when it ends, MiniStack looks at all mappings again.
    """

    def with_rest(*arguments: Any) -> Any:
        began = time.monotonic()
        result = work(*arguments)
        time.sleep(min(time.monotonic() - began, LONGEST_REST_SECONDS))
        return result

    return with_rest


class _Streams:
    def __init__(self, functions: ModuleType, dynamodb: ModuleType) -> None:
        self._names = vars(functions)
        self._end: Callable[[str], int] = dynamodb.stream_end_position
        self._poll: FunctionType = functions._poll_dynamodb_streams  # noqa: SLF001 # what is replaced is private

    def poll(self) -> bool:
        """Begins to read each stream that is ahead of what its mapping has read. Whether there was one."""
        began = False
        for account, region, mapping in self._names["_iter_all_esms"]():
            with self._scope(account, region):
                if self._is_behind(mapping):
                    self._names["_dispatch_esm_batch"](mapping["UUID"], self._gather_and_read, mapping["UUID"])
                    began = True
        return began

    def _gather_and_read(self, its_id: str) -> None:
        """Waits for the mapping's batching window, hands it a batch, and rests. It is in flight until then."""
        if window := self._window(its_id):
            time.sleep(window)
        if not rested(self._read)(its_id):
            time.sleep(IDLE_SECONDS)

    def _window(self, its_id: str) -> float:
        """Seconds."""
        windows = (each[2].get("MaximumBatchingWindowInSeconds") or 0 for each in self._mappings(its_id))
        return min(next(windows, 0), LONGEST_WINDOW_SECONDS)

    def _read(self, its_id: str) -> bool:
        """Reads a batch of one mapping, and hands it to its function. Whether it has taken it."""
        narrowed = {**self._names, "_iter_all_esms": lambda: self._mappings(its_id)}
        return bool(FunctionType(self._poll.__code__, narrowed)())

    def _mappings(self, its_id: str) -> list[Scoped]:
        """The one with this id, none if it is gone."""
        return [each for each in self._names["_iter_all_esms"]() if each[2]["UUID"] == its_id]

    def _is_behind(self, mapping: Mapping[str, Any]) -> bool:
        """Whether the mapping has records to read, and is not in flight."""
        its_id, table = mapping["UUID"], self._table(mapping)
        if table is None or self._names["_esm_inflight"].get(its_id):
            return False
        read: int = self._names["_dynamodb_stream_positions"].get(its_id, 0)
        return self._end(table) > read

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

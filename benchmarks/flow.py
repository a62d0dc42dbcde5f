"""What a simulation of the system on AWS is made of: queues that give a group one batch at a time, streams that are
looked at four times a second, items that one transaction changes at a time, keys that take so many units a second.
"""

import zlib
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Hashable
from typing import Any

import simpy

Steps = Generator[simpy.Event, Any, None]
Work = Callable[[Any, list[Any]], Steps]


class Groups:
    """Of every group, messages in their order and one batch of at most `size` at a time, which is given to `work`.
    After each batch the group rests for `pause` seconds.
    """

    def __init__(self, env: simpy.Environment, size: int, work: Work, pause: float = 0.0) -> None:
        self._env = env
        self._size = size
        self._work = work
        self._pause = pause
        self._waiting: dict[Hashable, deque[Any]] = defaultdict(deque)
        self._at_work: set[Hashable] = set()
        self.busy: dict[Hashable, float] = defaultdict(float)

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, group: Hashable, *messages: Any) -> None:
        self._waiting[group].extend(messages)
        if group not in self._at_work:
            self._at_work.add(group)
            self._env.process(self._run(group))

    def _run(self, group: Hashable) -> Steps:
        waiting = self._waiting[group]
        while waiting:
            batch = [waiting.popleft() for _ in range(min(self._size, len(waiting)))]
            start = self._env.now
            yield from self._work(group, batch)
            yield self._env.timeout(self._pause)
            self.busy[group] += self._env.now - start
        self._at_work.discard(group)


class Stream:
    """A table's stream: what is put comes to the lanes of its shard when the shard is next looked at."""

    def __init__(self, env: simpy.Environment, shards: int, lanes: int, polls: float, groups: Groups) -> None:
        self._env = env
        self._shards, self._lanes = shards, lanes
        self._pause = 1 / polls
        self._groups = groups
        self._unread: dict[Hashable, list[Any]] = defaultdict(list)

    def put(self, key: str, record: Any) -> None:
        number = zlib.crc32(key.encode())
        shard = number % self._shards
        lane = (shard, number // self._shards % self._lanes)
        self._unread[lane].append(record)
        if len(self._unread[lane]) == 1:
            phase = self._pause * shard / self._shards
            wait = self._pause - (self._env.now - phase) % self._pause
            self._env.timeout(wait).callbacks.append(lambda _: self._groups.put(lane, *self._unread.pop(lane)))


class Rates:
    """Keys that take so many units a second each; who comes when they are used up waits, in order of arrival.
    `take` says how long, seconds.
    """

    def __init__(self, env: simpy.Environment, rate: float) -> None:
        self._env = env
        self._rate = rate
        self._free: dict[Hashable, float] = defaultdict(float)
        self.busy: dict[Hashable, float] = defaultdict(float)

    def take(self, key: Hashable, units: float) -> float:
        start = max(self._env.now, self._free[key])
        self._free[key] = start + units / self._rate
        self.busy[key] += units / self._rate
        return start - self._env.now


class Items:
    """Items that one transaction at a time changes, each in its turn."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._locks: dict[Hashable, simpy.Resource] = {}
        self.busy: dict[Hashable, float] = defaultdict(float)

    def change(self, item: Hashable, seconds: float) -> Steps:
        lock = self._locks.setdefault(item, simpy.Resource(self._env))
        with lock.request() as turn:
            yield turn
            yield self._env.timeout(seconds)
        self.busy[item] += seconds

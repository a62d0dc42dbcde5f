"""A customer's updates in the order of their numbers, each once, whatever order and however often they come in."""

from typing import Any

Update = dict[str, Any]


class Sequence:
    """What has come of a customer. `last` is the number up to which nothing is missing, `time` the time up to which."""

    def __init__(self, last: int, time: str) -> None:
        self.last = last
        self.time = time
        self._told = last
        self._ahead: dict[int, Update] = {}
        self._gap_since: float | None = None

    def take(self, update: Update, now: float) -> list[Update]:
        """The updates that are next, now that this one has come; none if it is known or another one is missing."""
        number = update["customerSequence"]
        if number > self.last:
            self._ahead[number] = update
        ready = []
        while (following := self._ahead.pop(self.last + 1, None)) is not None:
            ready.append(following)
            self.last += 1
            self.time = max(self.time, following["time"])
        self._look(now, moved=bool(ready))
        return ready

    def told(self, number: int, now: float) -> None:
        """The customer's number is at least this one, as a pong says."""
        self._told = max(self._told, number)
        self._look(now, moved=False)

    def restart(self, number: int, time: str) -> None:
        """Goes on after this number, of this time: what was before is in a snapshot."""
        self.last, self.time, self._told = number, time, number
        self._ahead = {ahead: update for ahead, update in self._ahead.items() if ahead > number}
        self._gap_since = None

    def missing_for(self, now: float) -> float:
        """For how many seconds an update has been missing; 0 if none is."""
        return 0.0 if self._gap_since is None else now - self._gap_since

    def asked(self, now: float) -> None:
        """What is missing was asked for: there is time to wait again."""
        if self._gap_since is not None:
            self._gap_since = now

    def _look(self, now: float, *, moved: bool) -> None:
        if not self._ahead and self._told <= self.last:
            self._gap_since = None
        elif moved or self._gap_since is None:
            self._gap_since = now

"""A customer's updates in the order of their numbers, each once, whatever order and however often they come in; and
whether its account is known as it is.
"""

from typing import Any

Update = dict[str, Any]


class Sequence:
    """What has come of a customer. `last` is the number up to which nothing is missing, `time` the time up to which.
    `account` is the number of the account's last change that is no booking, as far as it has come.
    """

    def __init__(self, last: int, time: str, account: int) -> None:
        self.last = last
        self.time = time
        self.account = account
        self._told, self._account_told = last, account
        self._ahead: dict[int, Update] = {}
        self._accounts_ahead: set[int] = set()
        self._gap_since: float | None = None

    def take(self, update: Update, now: float) -> list[Update]:
        """The updates that are next, now that this one has come; none if it is known or another one is missing. One of
        the account alone does not wait for others: it has the account as it is then.
        """
        if "account" in update:
            self._account_told = max(self._account_told, update["account"]["accountSequence"])
        if "customerSequence" not in update:
            return self._take_account(update, now)
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

    def _take_account(self, update: Update, now: float) -> list[Update]:
        number, before = update["accountSequence"], self.account
        if number <= self.account or number in self._accounts_ahead:
            return []
        self._accounts_ahead.add(number)
        self._advance_account()
        self._look(now, moved=self.account > before)
        return [update]

    def _advance_account(self) -> None:
        while self.account + 1 in self._accounts_ahead:
            self.account += 1
            self._accounts_ahead.discard(self.account)

    def told(self, number: int, account: int, now: float) -> None:
        """The customer's numbers are at least these, as a pong says."""
        self._told, self._account_told = max(self._told, number), max(self._account_told, account)
        self._look(now, moved=False)

    def restart(self, number: int, time: str, account: int) -> None:
        """Goes on after these numbers, of this time: what was before is in a snapshot."""
        self.last, self.time, self._told = number, time, number
        self.account = self._account_told = account
        self._accounts_ahead = {ahead for ahead in self._accounts_ahead if ahead > account}
        self._advance_account()
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
        if not self._ahead and self._told <= self.last and self._account_told <= self.account:
            self._gap_since = None
        elif moved or self._gap_since is None:
            self._gap_since = now

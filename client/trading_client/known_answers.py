"""Answers that are kept with their `ETag`: asked again, the API says that nothing has changed, without the text."""

from collections import OrderedDict
from threading import Lock

import httpx

KEPT = 64
LARGEST_KEPT = 100_000
"""Bytes. What is larger is read again: it is not what one polls."""


class KnownAnswers:
    """The last answers to the questions that were asked last, by address. Threads may share it."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, httpx.Response] = OrderedDict()
        self._lock = Lock()

    def to(self, request: httpx.Request) -> httpx.Response | None:
        """The answer that is known, if one is; the request then names it."""
        with self._lock:
            known = self._answers.get(str(request.url)) if request.method == "GET" else None
        if known is not None:
            request.headers["If-None-Match"] = known.headers["ETag"]
        return known

    def keep(self, request: httpx.Request, answer: httpx.Response) -> None:
        """Keeps a success that has an `ETag`; the one that was asked for longest ago makes room."""
        if request.method == "GET" and answer.is_success and "ETag" in answer.headers:
            url = str(request.url)
            with self._lock:
                self._answers.pop(url, None)
                if len(answer.content) <= LARGEST_KEPT:
                    self._answers[url] = answer
                if len(self._answers) > KEPT:
                    self._answers.popitem(last=False)

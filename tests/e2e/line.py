"""The line between a page and its stream: all frames pass, until a test cuts it, or loses or changes some of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, WebSocketRoute

Frame = dict[str, Any]


def _passed(frame: Frame) -> Frame:
    return frame


@dataclass
class Line:
    """`asked` are the frames of the page, `told` those of the stream, as they were sent. What `out` and `back` make
    of a frame goes on; nothing does where they give None.
    """

    asked: list[Frame] = field(default_factory=list)
    told: list[Frame] = field(default_factory=list)
    out: Callable[[Frame], Frame | None] = _passed
    back: Callable[[Frame], Frame | None] = _passed
    is_cut: bool = False
    _pages: list[WebSocketRoute] = field(default_factory=list)

    def lay(self, context: BrowserContext) -> None:
        context.route_web_socket(lambda _: True, self._connected)

    def cut(self) -> None:
        """Ends the connection, and every one that is tried until the line is mended."""
        self.is_cut = True
        while self._pages:
            self._pages.pop().close(code=1001)

    def mend(self) -> None:
        self.is_cut = False

    def tell(self, frame: Frame) -> None:
        """Sends the page a frame as the stream would."""
        self._pages[-1].send(json.dumps(frame))

    def has_told(self, kind: str) -> Frame | None:
        """The last frame of this type."""
        return next((each for each in reversed(self.told) if each["type"] == kind), None)

    def has_asked(self, action: str) -> Frame | None:
        """The last frame with this action."""
        return next((each for each in reversed(self.asked) if each["action"] == action), None)

    def _connected(self, page: WebSocketRoute) -> None:
        if self.is_cut:
            page.close(code=1001)
            return
        system = page.connect_to_server()

        def asked(text: str | bytes) -> None:
            frame = json.loads(text)
            self.asked.append(frame)
            if (sent := self.out(frame)) is not None:
                system.send(json.dumps(sent))

        def told(text: str | bytes) -> None:
            frame = json.loads(text)
            self.told.append(frame)
            if (sent := self.back(frame)) is not None:
                page.send(json.dumps(sent))

        page.on_message(asked)
        system.on_message(told)
        self._pages.append(page)

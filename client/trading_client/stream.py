"""Live updates over WebSocket: what happens to customers and on markets, without a gap.

docs/reference/stream.md has the protocol. A stream keeps its connection: it pings, connects again when the connection
is lost or before API Gateway ends it, and asks for what it missed.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Self

from websockets.exceptions import ConnectionClosed

from trading_client.connection import Retry
from trading_client.problems import StreamRefused
from trading_client.sequence import Sequence
from trading_client.sockets import ANSWER_SECONDS, UNAVAILABLE, Socket, send, signed_in, websocket

PING_SECONDS = 60.0
RENEW_SECONDS = 110 * 60.0
"""After which a new connection takes over: API Gateway ends one after two hours."""
PATIENCE_SECONDS = 2.0
"""How long an update may be missing before it is asked for."""
RETRY = Retry(attempts=10, first_pause=0.2, longest_pause=30.0)
ANSWERS = ("subscribed", "resumed", "snapshotRequired")
"""The types of frames that say what is listened to now."""

Message = dict[str, Any]
Channel = tuple[str, str]
"""What to listen to, as a frame names it: `customerId` or `ticker`, and which."""


class Stream:
    """The live updates that one credential may hear. It is an iterator of messages:

    - `subscribed`, with the customer's number: read a snapshot by the API now. Whatever has a higher number follows.
    - `ordersUpdated`: an update of a customer, in the order of the numbers, each once.
    - `accountUpdated`: cash, limits or shares changed by what is not a booking; it has the account as it is then.
    - `marketUpdated`: an update of a ticker, as it comes.
    - `snapshotRequired`, with a number: too much was missed, or a change of the account. Read a snapshot; what has a
      higher number follows.

    It is used by one thread, which must come back within two minutes: nothing else keeps the connection. `connect`
    makes connections, `clock` measures seconds. Raises StreamRefused, or NoAnswer if no connection can be made.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        secret: str,
        *,
        connect: Callable[[str], Socket] = websocket,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        retry: Retry = RETRY,
    ) -> None:
        self._sign_in = partial(signed_in, url, key_id, secret, connect=connect, pause=pause, retry=retry)
        self._clock = clock
        self._customers: dict[str, Sequence | None] = {}
        self._tickers: set[str] = set()
        self._unanswered: dict[Channel, float] = {}
        self._ready: deque[Message] = deque()
        self._ping_at = self._renew_at = 0.0
        self._socket = self._connected()

    def subscribe_customer(self, customer_id: str) -> None:
        """Listens to a customer's orders, trades, cash and positions."""
        self._customers[customer_id] = None
        self._listen(self._socket, ("customerId", customer_id))

    def subscribe_ticker(self, ticker: str) -> None:
        """Listens to a ticker's quote, depth and executions."""
        self._tickers.add(ticker)
        self._listen(self._socket, ("ticker", ticker))

    def unsubscribe_customer(self, customer_id: str) -> None:
        self._customers.pop(customer_id, None)
        self._unanswered.pop(("customerId", customer_id), None)
        send(self._socket, "unsubscribe", customerId=customer_id)

    def unsubscribe_ticker(self, ticker: str) -> None:
        self._tickers.discard(ticker)
        self._unanswered.pop(("ticker", ticker), None)
        send(self._socket, "unsubscribe", ticker=ticker)

    def receive(self, seconds: float) -> Message | None:
        """The next message, None if there is none in so many seconds."""
        until = self._clock() + seconds
        while not self._ready:
            due = self._keep_up()
            came = self._wait(max(min(until, due) - self._clock(), 0.0))
            if not came and self._clock() >= until:
                return None
        return self._ready.popleft()

    def close(self) -> None:
        self._socket.close()

    def __iter__(self) -> Iterator[Message]:
        while True:
            if (message := self.receive(PING_SECONDS)) is not None:
                yield message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait(self, seconds: float) -> bool:
        """Takes the next frame, and returns whether one came in time. A lost connection is replaced."""
        try:
            text = self._socket.recv(timeout=seconds)
        except TimeoutError:
            return False
        except ConnectionClosed:
            self._replace()
            return True
        self._take(json.loads(text))
        return True

    def _keep_up(self) -> float:
        """Does what is due, and returns when the next thing is: a ping, a new connection, a look at what is missing."""
        now = self._clock()
        if now >= self._renew_at:
            self._replace()
        elif now >= self._ping_at:
            self._ping_at = now + PING_SECONDS
            send(self._socket, "ping")
        gaps = {each: self._missing_for(each, now) for each in self._customers}
        for customer_id, seconds in gaps.items():
            if seconds >= PATIENCE_SECONDS:
                self._listen(self._socket, ("customerId", customer_id))
        for channel in [each for each, due in self._unanswered.items() if now >= due]:
            self._listen(self._socket, channel)
        waiting = [now + max(PATIENCE_SECONDS - seconds, 0.1) for seconds in gaps.values() if seconds]
        return min([self._ping_at, self._renew_at, *waiting, *self._unanswered.values()])

    def _missing_for(self, customer_id: str, now: float) -> float:
        sequence = self._customers[customer_id]
        return sequence.missing_for(now) if sequence else 0.0

    def _take(self, message: Message) -> None:
        now, kind = self._clock(), message.get("type", "error")  # that of API Gateway itself has none
        if kind in ANSWERS:
            self._unanswered.pop(_channel(message), None)
        match kind:
            case "updates":
                for update in message["updates"]:
                    self._ready.extend(self._updated(update, now))
            case "subscribed" if "customerId" in message:
                self._restarted(message)
            case "snapshotRequired":
                self._restarted(message)
            case "pong" | "resumed":
                for customer_id, (number, account) in _numbers(message).items():
                    if sequence := self._customers.get(customer_id):
                        sequence.told(number, account, now)
            case "error":
                self._failed(message.get("code", UNAVAILABLE), message.get("detail", ""), now)

    def _failed(self, code: str, detail: str, now: float) -> None:
        """A frame was not done, and it is not said which one it was."""
        if code == "unauthorized":  # its time was over: the thread came back too late
            self._replace()
        elif code != UNAVAILABLE:
            raise StreamRefused(code, detail)
        for channel, due in self._unanswered.items():
            self._unanswered[channel] = min(due, now + PATIENCE_SECONDS)

    def _updated(self, update: Message, now: float) -> list[Message]:
        if "customerId" not in update:
            return [update] if update["ticker"] in self._tickers else []
        sequence = self._customers.get(update["customerId"])
        return sequence.take(update, now) if sequence else []

    def _restarted(self, message: Message) -> None:
        """The numbers of a customer begin, or go on after a gap."""
        customer_id = message["customerId"]
        if customer_id not in self._customers:
            return
        start = message["customerSequence"], message["time"], message["accountSequence"]
        if sequence := self._customers[customer_id]:
            sequence.restart(*start)
        else:
            self._customers[customer_id] = Sequence(*start)
        self._ready.append(message)

    def _replace(self) -> None:
        """A new connection takes over, and goes on where the old one was."""
        old, self._socket = self._socket, self._connected()
        for ticker in self._tickers:
            self._listen(self._socket, ("ticker", ticker))
        for customer_id in self._customers:
            self._listen(self._socket, ("customerId", customer_id))
        old.close()

    def _connected(self) -> Socket:
        """A new connection, signed in. Raises StreamRefused or NoAnswer."""
        socket, now = self._sign_in(), self._clock()
        self._ping_at, self._renew_at = now + PING_SECONDS, now + RENEW_SECONDS
        return socket

    def _listen(self, socket: Socket, channel: Channel) -> None:
        """Subscribes, or resumes if numbers are known. It is asked for again, until it is answered."""
        kind, name = channel
        now = self._clock()
        self._unanswered[channel] = now + ANSWER_SECONDS
        sequence = self._customers[name] if kind == "customerId" else None
        if sequence:
            sequence.asked(now)
            known: dict[str, str | int] = {"after": sequence.last, "account": sequence.account}
            send(socket, "resume", customerId=name, since=sequence.time, **known)
        else:
            send(socket, "subscribe", **{kind: name})


def _numbers(message: Message) -> dict[str, tuple[int, int]]:
    """The numbers of bookings and of accounts, by customer, as a pong or an answer to `resume` says them."""
    if message["type"] == "pong":
        return {its_id: (number, message["accounts"][its_id]) for its_id, number in message["customers"].items()}
    return {message["customerId"]: (message["customerSequence"], message["accountSequence"])}


def _channel(message: Message) -> Channel:
    kind = "ticker" if "ticker" in message else "customerId"
    return kind, message[kind]

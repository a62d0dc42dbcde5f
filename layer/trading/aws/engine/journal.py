"""An engine's journal in OrderBooks: numbered entries per ticker, each the commit of one decision.

`PK = lit#COIN`, `SK = 17`. An entry is written once, on condition that its number is free, and never changed. Events
and messages are compressed JSON. What does not fit into one item goes into parts. These are written first, under a key
that is derived from their content, and the entry names them. Nobody reads parts that no entry names, such as those of a
writer who lost. So an entry is one conditional write, however large it is. `SK = 0` is not an entry: it points at the
last snapshot.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError

from trading.aws import clients
from trading.aws.engine import entry_content
from trading.aws.store import dynamodb
from trading.domain.ids import derived
from trading.domain.messages.wire import Message, compact
from trading.domain.orders import PoolType

POINTER = 0
"""The number of the item that points at the last snapshot, below all entries."""

DUE = "due"
"""Marks an entry at which a snapshot is due; the stream's filter looks for it."""

PRINTED = "printed"
"""Marks an entry whose trades go on the tape; the stream's filter looks for it."""

PART_BYTES = 350_000
"""The most bytes of an entry in one item; an item takes 409,600."""

DIGEST_LETTERS = 32

MESSAGE_FIELDS = tuple(field.name for field in fields(Message))

PAGE = 100
"""How many entries are read at once where it is not known how many are needed."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an engine remembers of an entry: the commands that it answers, and its session.

    `quote_ids` are commands that brought quotes, in an entry that reports on no order: there is nothing that somebody
    could miss who asks for them again later, so they are remembered only until the next quote. Thousands come in a
    session.
    """

    sequence: int
    session_date: str
    command_ids: tuple[str, ...]
    quote_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A decision with what it depended on: the commands, the time, the quote and the version of the configuration.

    `events` are what happened in the pool, as JSON lists; `messages` are what is published of it. `printed` says that
    there are trades for the tape among these. `snapshot_due` asks for a snapshot as of this entry.
    """

    head: Head
    time: str
    configuration: int
    quote: str | None
    events: Sequence[list[Any]]
    messages: tuple[Message, ...]
    printed: bool
    snapshot_due: bool


class Journal:
    def __init__(self, table: str, pool: PoolType) -> None:
        self._table = table
        self._pool = pool

    def id_of(self, ticker: str, head: Head) -> str:
        """The entry's id, from which all further ids are derived. It is derived from the number and the commands: a
        journal that was lost, or restored to an earlier state, may give a number a second time, but to other commands.
        """
        commands = ",".join((*head.command_ids, *head.quote_ids))
        return derived(f"{self._partition(ticker)}#{head.sequence}", commands)

    def append(self, ticker: str, entry: JournalEntry) -> bool:
        """Commits the entry. False if its number is taken: by another writer, or by this very call if its first answer
        was lost.
        """
        item, *parts = self.items(ticker, entry)
        for part in parts:
            clients.dynamodb().put_item(TableName=self._table, Item=dynamodb.to_item(part))
        return self._put(item)

    def items(self, ticker: str, entry: JournalEntry) -> list[dict[str, Any]]:
        """The entry's item, and further parts of it if it is large."""
        content = {"events": entry.events, "messages": [_message_fields(message) for message in entry.messages]}
        packed = entry_content.pack(compact(content))
        parts = [packed[first : first + PART_BYTES] for first in range(0, len(packed), PART_BYTES)]
        item = {
            "PK": self._partition(ticker),
            "SK": entry.head.sequence,
            "sessionDate": entry.head.session_date,
            "commandIds": list(entry.head.command_ids),
            "quoteIds": list(entry.head.quote_ids) or None,
            "time": entry.time,
            "configuration": entry.configuration,
            "quote": entry.quote,
            "content": parts[0],
            "parts": len(parts),
            "trades": PRINTED if entry.printed else None,
            "snapshot": DUE if entry.snapshot_due else None,
        }
        if len(parts) == 1:
            return [item]
        further = f"{self.numbered(ticker, entry.head.sequence)}#{sha256(packed).hexdigest()[:DIGEST_LETTERS]}"
        return [
            item | {"further": further},
            *({"PK": further, "SK": number, "content": part} for number, part in enumerate(parts[1:], 1)),
        ]

    def _put(self, item: dict[str, Any]) -> bool:
        try:
            clients.dynamodb().put_item(
                TableName=self._table,
                Item=dynamodb.to_item(item),
                ConditionExpression="attribute_not_exists(PK)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def messages(self, ticker: str, sequence: int) -> Sequence[Message]:
        """The messages of an entry that exists."""
        item = dynamodb.get(self._table, {"PK": self._partition(ticker), "SK": sequence})
        if item is None:
            raise LookupError(f"journal entry {self.numbered(ticker, sequence)} is gone")
        return self.published(ticker, item)

    def published(self, ticker: str, item: dict[str, Any]) -> list[Message]:
        """The messages of an entry, of which this is the item. Raises zlib.error if parts of it are missing."""
        return [Message(**fields) for fields in self._content(ticker, item)["messages"]]

    def entries(self, ticker: str, after: int) -> Iterator[tuple[Head, list[list[Any]]]]:
        """The entries that came after this one, oldest first, with their events."""
        for item in dynamodb.query(self._request(ticker, after)):
            yield _head(item), self._content(ticker, item)["events"]

    def entries_of(self, ticker: str, date: str) -> Iterator[tuple[int, list[Message] | None]]:
        """The entries of a day and all later ones, newest first: their numbers, with what was published if they are of
        the day. Apart from the rest of a page nothing older is read: the sessions of a journal never go back, and no
        entry's time is after its session. What only quotes led to was not published, and is not unpacked.
        """
        for item in dynamodb.query(self._request(ticker, POINTER) | {"ScanIndexForward": False, "Limit": PAGE}):
            if item["sessionDate"] < date:
                return
            of_the_day = item["time"].startswith(date)
            reports = item["commandIds"] and self._content(ticker, item)["messages"] if of_the_day else None
            yield int(item["SK"]), None if reports is None else [Message(**fields) for fields in reports]

    def due(self, ticker: str) -> Iterator[int]:
        """The entries at which a snapshot is due, newest first; read only as far as the caller asks."""
        request = self._request(ticker, POINTER) | {"ScanIndexForward": False, "FilterExpression": "#snapshot = :due"}
        request |= {"ProjectionExpression": "SK", "ExpressionAttributeNames": {"#snapshot": "snapshot"}}
        request["ExpressionAttributeValues"] |= dynamodb.to_item({":due": DUE})
        return (int(item["SK"]) for item in dynamodb.query(request))

    def last_snapshot(self, ticker: str) -> int:
        """The entry of the last snapshot, 0 if there is none."""
        pointer = dynamodb.get(self._table, {"PK": self._partition(ticker), "SK": POINTER})
        return int(pointer["snapshot"]) if pointer else 0

    def point_at_snapshot(self, ticker: str, sequence: int) -> bool:
        """Commits that there is a snapshot of this entry. False if the pointer is at this or a later entry already."""
        ahead = dynamodb.update_if(
            self._table,
            {"PK": self._partition(ticker), "SK": POINTER},
            "SET #snapshot = :sequence",
            "attribute_not_exists(#snapshot) OR #snapshot < :sequence",
            {":sequence": sequence},
            {"#snapshot": "snapshot"},
        )
        return ahead is None

    def _content(self, ticker: str, item: dict[str, Any]) -> dict[str, Any]:
        packed = bytes(item["content"].value)
        if item["parts"] > 1:
            further = item.get("further", self.numbered(ticker, int(item["SK"])))  # entries without the name are older
            found = dynamodb.query(
                {
                    "TableName": self._table,
                    "KeyConditionExpression": "PK = :pk",
                    "ExpressionAttributeValues": dynamodb.to_item({":pk": further}),
                    "ConsistentRead": True,
                }
            )
            packed += b"".join(bytes(part["content"].value) for part in found)
        content: dict[str, Any] = json.loads(entry_content.unpack(packed))
        return content

    def _request(self, ticker: str, after: int) -> dict[str, Any]:
        """The query for the entries that came after this one."""
        return {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :pk AND SK > :after",
            "ExpressionAttributeValues": dynamodb.to_item({":pk": self._partition(ticker), ":after": after}),
            "ConsistentRead": True,
        }

    def numbered(self, ticker: str, sequence: int) -> str:
        """An entry's name: `lit#COIN#17`."""
        return f"{self._partition(ticker)}#{sequence}"

    def _partition(self, ticker: str) -> str:
        return f"{self._pool.value.lower()}#{ticker}"


def _message_fields(message: Message) -> dict[str, Any]:
    """The fields as JSON values. `dataclasses.asdict` would copy each of them."""
    return {name: getattr(message, name) for name in MESSAGE_FIELDS}


def _head(item: dict[str, Any]) -> Head:
    return Head(int(item["SK"]), item["sessionDate"], tuple(item["commandIds"]), tuple(item.get("quoteIds", ())))


def journal_of(partition: str) -> tuple[PoolType, str]:
    """The pool and the ticker of a journal's partition. Raises ValueError for any other partition."""
    pool, _, ticker = partition.partition("#")
    return PoolType(pool.capitalize()), ticker

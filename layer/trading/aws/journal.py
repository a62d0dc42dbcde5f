"""An engine's journal in OrderBooks: numbered entries per ticker, each the commit of one decision.

`PK = lit#COIN`, `SK = 17`. An entry is written once, on condition that its number is free, and never changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from botocore.exceptions import ClientError

from trading.aws import clients, dynamodb
from trading.domain.ids import derived
from trading.domain.orders import PoolType
from trading.domain.wire import Message


@dataclass(frozen=True, slots=True)
class Head:
    """What an engine remembers of an entry: which commands it answered, and in which session."""

    sequence: int
    session_date: str
    command_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision with what it rested on: the commands, the time, the quote and the version of the configuration."""

    head: Head
    time: str
    configuration: int
    quote: str | None
    messages: tuple[Message, ...]


class Journal:
    def __init__(self, table: str, pool: PoolType) -> None:
        self._table = table
        self._pool = pool

    def id_of(self, ticker: str, head: Head) -> str:
        """The entry's id, the parent of all ids that follow from it. It follows from the number and the commands: a
        journal that was lost, or restored to an earlier state, gives a number a second time, but to other commands.
        """
        return derived(f"{self._partition(ticker)}#{head.sequence}", ",".join(head.command_ids))

    def append(self, ticker: str, entry: Entry) -> bool:
        """Commits the entry. False if its number is taken: by another writer, or by this very call, answered late."""
        item = {
            "PK": self._partition(ticker),
            "SK": entry.head.sequence,
            "sessionDate": entry.head.session_date,
            "commandIds": list(entry.head.command_ids),
            "time": entry.time,
            "configuration": entry.configuration,
            "quote": entry.quote,
            "messages": [asdict(message) for message in entry.messages],
        }
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
        """What was committed in an entry that exists."""
        item = dynamodb.get(self._table, {"PK": self._partition(ticker), "SK": sequence})
        if item is None:
            raise LookupError(f"journal entry {self._partition(ticker)}#{sequence} is gone")
        return [Message(**fields) for fields in item["messages"]]

    def after(self, ticker: str, sequence: int) -> Iterator[Head]:
        """The entries that came after this one, oldest first."""
        return self._heads(ticker, sequence, newest_first=False)

    def backwards(self, ticker: str) -> Iterator[Head]:
        """All entries, newest first, read only as far as they are asked for."""
        return self._heads(ticker, 0, newest_first=True)

    def _heads(self, ticker: str, after: int, *, newest_first: bool) -> Iterator[Head]:
        items = dynamodb.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "PK = :pk AND SK > :after",
                "ExpressionAttributeValues": dynamodb.to_item({":pk": self._partition(ticker), ":after": after}),
                "ProjectionExpression": "SK, sessionDate, commandIds",
                "ConsistentRead": True,
                "ScanIndexForward": not newest_first,
            }
        )
        for item in items:
            yield Head(int(item["SK"]), item["sessionDate"], tuple(item["commandIds"]))

    def _partition(self, ticker: str) -> str:
        return f"{self._pool.value.lower()}#{ticker}"

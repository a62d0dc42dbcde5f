"""Everything that reads what others have written: each may refuse it in one way, and nothing else may come of it."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.fuzz import readers
from tests.fuzz.readers import EVENTS, Nobody
from tests.support.cloud import RESOURCES
from trading.aws.api import http
from trading.aws.engine import entry_content
from trading.domain.errors import Refusal, Unprocessable

REFUSED = {400, 403, 404, 413}


@dataclass(frozen=True, slots=True)
class Target:
    """`read` takes an input and fails if what it makes of it is not what it promises. `seeds` are good inputs."""

    read: Callable[[bytes], object]
    refusal: type[Exception]
    seeds: Sequence[bytes]

    def refuses(self, data: bytes) -> bool:
        """Whether the input is refused. Whatever else is raised is a mistake of ours."""
        try:
            self.read(data)
        except self.refusal as refused:
            refusal = refused
        else:
            return False
        assert not isinstance(refusal, Refusal) or http.refuse(refusal)["statusCode"] in REFUSED
        return True


def bodies(*events: str) -> list[bytes]:
    """Of requests."""
    return [event["body"].encode() for event in map(sample, events)]


def messages(*stages: str) -> list[bytes]:
    """Those of all events that the stages are given."""
    return [record["body"].encode() for event in of_stages(*stages) for record in event["Records"]]


def images(stage: str, attribute: str) -> list[bytes]:
    """A text in the records of a table's stream."""
    found = [record["dynamodb"]["NewImage"] for event in of_stages(stage) for record in event["Records"]]
    return [image[attribute]["S"].encode() for image in found if attribute in image]


def contents(stage: str) -> list[bytes]:
    """What is packed in the records of a table's stream."""
    found = [record["dynamodb"]["NewImage"] for event in of_stages(stage) for record in event["Records"]]
    return [entry_content.unpack(base64.b64decode(image["content"]["B"])) for image in found if "content" in image]


def address(event: dict[str, Any]) -> bytes:
    return f"{event['path']}?{urlencode(event['queryStringParameters'] or {})}".encode()


def of_stages(*stages: str) -> Iterator[dict[str, Any]]:
    for stage in stages:
        yield from (sample(f"{stage}/{path.stem}") for path in sorted((EVENTS / stage).glob("*.json")))


def sample(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return content


TOKENS = [
    readers.ACCOUNTS.next_token(readers.ACCOUNTS.PageStart(key, 1))["nextToken"].encode()
    for key in (
        "TRADE#2026-11-22#01a203a9-f6bb-7060-be1c-26d323ef323f",
        "01a203a9-f6bb-7060-be1c-26d323ef323f#2026-11-22T14:30:00.123Z#01a203a9-f6bb-7060-be1c-26d323ef323f",
        "POSITION#COIN",
        "/ORDER#01a203a9-f6bb-7060-be1c-26d323ef323f",
        "2026-11-22T14:30:00.123Z#ENTRY#2026-11-22#01a203a9-f6bb-7060-be1c-26d323ef323f",
        "2026-11-22T14:30:00.123Z#last#01a203a9-f6bb-7060-be1c-26d323ef323f",
    )
]
MARKET = RESOURCES["MarketParameter"]["Properties"]["Value"]["Fn::Sub"].replace("${MatchingModel}", "order-book")
ENGINES = ("dark_pool_matching_engine", "lit_pool_matching_engine")

TARGETS = {
    "orders": Target(readers.orders, Refusal, bodies("order_entry/order", "order_entry/array")),
    "change": Target(readers.change, Refusal, bodies("order_entry/replace")),
    "transfer": Target(readers.transfer, Refusal, bodies("account_keeper/deposit", "account_keeper/withdrawal")),
    "shares": Target(readers.share_transfer, Refusal, bodies("account_keeper/shares_in", "account_keeper/shares_out")),
    "limits": Target(readers.limits, Refusal, bodies("account_keeper/limits")),
    "question": Target(
        readers.question,
        Refusal,
        [address(event) for event in of_stages("data_extractor")],
    ),
    "token": Target(readers.token, Refusal, TOKENS),
    "header": Target(readers.header, Nobody, [sample("api_authorizer/credentials")["authorizationToken"].encode()]),
    "commands": Target(readers.commands, Unprocessable, messages(*ENGINES)),
    "reports": Target(readers.reports, Unprocessable, messages("post_trade_processor")),
    "change-of-item": Target(readers.change_of_item, Unprocessable, images("smart_order_router", "command")),
    "booking": Target(readers.booking, Unprocessable, [readers.PACKED_BOOKING]),
    "archived": Target(readers.archived, Unprocessable, [readers.ARCHIVED]),
    "entry": Target(readers.entry, Unprocessable, contents("trades_data_aggregator")),
    "market": Target(readers.market, ValueError, [MARKET.encode()]),
}

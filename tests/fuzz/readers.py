"""What reads that which others have written, each with what it promises of whatever it takes."""

import base64
import gzip
import json
import re
import zlib
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from boto3.dynamodb.types import Binary

from tests.support.cloud import ROOT
from tests.support.stages import imported
from trading.aws.api.requests import body_of
from trading.aws.store import items
from trading.aws.store.archived_bookings import archived_booking, bookings_in, object_of, once_each
from trading.aws.store.tape import tape_item, trades_in
from trading.domain.credentials import Caller
from trading.domain.errors import Refusal, TradingError, Unprocessable
from trading.domain.executions import effect_of
from trading.domain.market import market_from
from trading.domain.messages.bounds import MAX_PRICE
from trading.domain.messages.command_messages import commands_from, orders_messages
from trading.domain.messages.events import reports_from, reports_message
from trading.domain.orders import PoolType

EVENTS = ROOT / "events"
TABLE = {"TRADES_STORE": "trades"}
BROKER = Caller("broker", None)
AUTHORIZER = imported("api_authorizer", TABLE)
EXTRACTOR = imported(
    "data_extractor", TABLE | {"MARKET_PARAMETER": "/market", "STREAM_ADDRESS": "https://stream.example.com/v1"}
)
TRADES, ORDER_HISTORY, ACCOUNTS, PAGING = (
    imported("data_extractor", {}, name) for name in ("trades", "order_history", "accounts", "pages")
)
ORDERS, TRANSFERS = (imported(stage, {}, "request_bodies") for stage in ("order_entry", "account_keeper"))
REPORTED: dict[str, Any] = json.loads((EVENTS / "post_trade_processor" / "execution_reports.json").read_text())
BOOKING: dict[str, Any] = json.loads(REPORTED["Records"][0]["body"])
_REPORTS = reports_from(REPORTED["Records"][0]["body"])
PACKED_BOOKING = zlib.decompress(
    items.booking_item(_REPORTS, effect_of(_REPORTS), _REPORTS.time, sequence=1)["content"]
)
ARCHIVED = archived_booking(_REPORTS, _REPORTS.time).text.encode()
ENTRY = imported("trades_data_aggregator", {}, "entry")
PAGES = [
    ("TRADE#2026-11-22#", TRADES.TRADE_KEY),
    ("01a203a9-f6bb-7060-be1c-26d323ef323f#", ORDER_HISTORY.STEP_KEY),
    ("POSITION#", ACCOUNTS.POSITION_KEY),
    ("/", ACCOUNTS.LINE_KEY),
    ("2026-11-22T", ACCOUNTS.MOVEMENT_KEY),
]
"""What the token of each question that has pages begins with, and its form."""
MAX_KEY = 2048
"""Bytes; DynamoDB takes no longer ones."""


class Nobody(TradingError):
    """Invalid credentials."""


def text_of(data: bytes) -> str:
    """Any text, that of half a surrogate pair too: JSON can say what UTF-8 cannot."""
    return data.decode(errors="surrogateescape")


def bodies(data: bytes) -> object:
    """The JSON of a request's body, which API Gateway hands on as text or, if it is told so, in Base64."""
    text = text_of(data)
    try:
        return body_of({"body": text})
    except Refusal:
        return body_of({"body": text, "isBase64Encoded": True})


def orders(data: bytes) -> None:
    for number, value in enumerate(ORDERS.values_of(bodies(data))):
        order = ORDERS.entered(value, f"/{number}")
        prices = [price for price in (order.price, order.stop_price) if price is not None]
        assert all(0 < price < MAX_PRICE for price in prices)
        assert type(order.quantity) is int
        assert 0 <= order.minimum_quantity <= order.quantity


def change(data: bytes) -> None:
    amendment = ORDERS.amendment(bodies(data))
    assert amendment.quantity is not None or 0 < amendment.price < MAX_PRICE


def transfer(data: bytes) -> None:
    assert TRANSFERS.transfer(bodies(data)).amount > 0


def share_transfer(data: bytes) -> None:
    found = TRANSFERS.share_transfer(bodies(data))
    assert found.quantity > 0
    assert (found.cost is None) is (found.type == "Withdrawal")


def limits(data: bytes) -> None:
    found = TRANSFERS.limits(bodies(data))
    assert found.collar is None or 0 <= found.collar < 1


def question(data: bytes) -> None:
    """A path and a query as they are written in an address. Other paths API Gateway refuses by itself."""
    path, _, query = text_of(data).partition("?")
    for resource, (_, parameters) in EXTRACTOR.ROUTES.items():
        if named := re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]*)", resource), path, re.DOTALL):
            request = EXTRACTOR.Request(named.groupdict(), dict(parse_qsl(query, keep_blank_values=True)), BROKER)
            request.check(parameters)
            request.date("tradeDate")
            request.date("date")
            request.one_of("format", ("json", "csv"), "json")
            assert 1 <= request.limit(1000) <= 1000
            assert "date" not in request.path or request.day("date")
            return
    raise Refusal("not-found", "There is no such path.")


def token(data: bytes) -> None:
    """As it is, or as the Base64 of what it is to say. It is taken, if at all, by one question alone, and names what
    the answer to that one would.
    """
    taken = []
    for said in (text_of(data), base64.urlsafe_b64encode(data).decode()):
        for prefix, form in PAGES:
            with suppress(Refusal):
                position = PAGING.position_in(said, prefix, form)
                assert position.key.startswith(prefix)
                assert PAGING.position_in(PAGING.next_token(position)["nextToken"], prefix, form) == position
                taken.append(position)
    assert len(taken) <= 1
    if not taken:
        PAGING.position_in(text_of(data), *PAGES[0])


def header(data: bytes) -> None:
    """As it is, or as the Base64 of what credentials are to be."""
    for said in (text_of(data), f"Basic {base64.b64encode(data).decode()}"):
        key_id, secret = AUTHORIZER._basic(said)
        if key_id:
            assert len(key_id.encode()) <= MAX_KEY
            assert isinstance(secret, str)
            return
    raise Nobody


def commands(data: bytes) -> None:
    """What an engine reads it would write just so."""
    refused = []
    for pool in PoolType:
        try:
            read = commands_from(text_of(data), pool)
        except Unprocessable as problem:
            refused.append(problem)
        else:
            written = orders_messages("fuzz", pool, read)
            assert [each for message in written for each in commands_from(message.body, pool)] == read
    if len(refused) == len(PoolType):
        raise refused[0]


def reports(data: bytes) -> None:
    read = reports_from(text_of(data))
    assert reports_from(reports_message(read).body) == read


def change_of_item(data: bytes) -> None:
    read = items.change_of({"SK": "CHANGE#a#b", "ticker": "COIN", "command": text_of(data)})
    assert items.change_of(items.change_item(read, {})).command_id == read.command_id


def archived(data: bytes) -> None:
    """An object of the archive, packed: what is read of it can be written and read again."""
    read = list(bookings_in("0_1_2.jsonl.gz", gzip.compress(data, 1)))
    made = object_of(once_each(*([each] for each in read)))
    assert {each.booking_id for each in bookings_in(made.name, made.body)} == {each.booking_id for each in read}


def booking(data: bytes) -> None:
    read = items.reports_of(BOOKING | {"SK": "TRADE#a", "content": zlib.compress(data)})
    assert reports_from(reports_message(read).body) == read


def entry(data: bytes) -> None:
    """What is taken can be shown as the tape."""
    packed = {"PK": "lit#COIN", "SK": 1, "parts": 1, "content": Binary(zlib.compress(data))}
    for prints in ENTRY.prints_of("OrderBooks", packed):
        item = tape_item(prints)
        assert len(trades_in(item | {"trades": Binary(item["trades"])})) == len(prints.prints)


def market(data: bytes) -> None:
    """What is taken answers whatever the stages ask of it."""
    read = market_from(text_of(data), 1)
    assert read.highest_fee >= 0
    assert read.highest_rate >= 0
    assert read.posting_exchange in read.ranks
    assert 0 <= read.limits.collar < 1

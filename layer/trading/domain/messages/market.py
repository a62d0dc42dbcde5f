"""The event of the Market topic: what one commit of an engine did to a ticker's market."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from trading.domain import money
from trading.domain.errors import Unprocessable, shown, why
from trading.domain.ids import sequenced
from trading.domain.messages.bounds import count_of, id_of, object_of, ticker_of, trade_price_of, venue_of
from trading.domain.messages.wire import UNREADABLE, VERSION, Message, compact, parsed
from trading.domain.orders import PoolType, Side
from trading.domain.session_rules import Phase
from trading.domain.tape import Auction, Display, Print, Prints, Uncross
from trading.domain.times import checked_instant, milliseconds

MARKET = "market"
UPDATED = "marketUpdated"

MAX_PRINTS = 250
"""The most prints of a message: it stays far below what SNS takes."""

MAX_NUMBER = 2**53
"""Numbers of entries and prints are below it: JSON numbers that every reader takes exactly."""

LevelFields = tuple[str, dict[str, tuple[int, int]]]
"""A price, and by exchange the shares and the number of orders at it."""


class PrintFields(TypedDict):
    number: int
    quantity: int
    price: str
    exchange: str
    aggressor: NotRequired[str]
    auction: NotRequired[str]


class AuctionFields(TypedDict):
    """An auction as it would be now: its price, the shares that would trade, and those that would be left on a side."""

    kind: str
    price: str
    quantity: int
    imbalance: NotRequired[int]
    side: NotRequired[str]


class DisplayFields(TypedDict):
    """What the lit pools display. An empty side has no best price and no size; while orders collect and cross, neither
    has. `session` is there if it is closed.
    """

    best: dict[str, Any]
    depth: dict[str, list[LevelFields]]
    session: NotRequired[str]
    auction: NotRequired[AuctionFields]


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit of an engine that market messages are about: the id and the number of its journal entry."""

    entry: str
    sequence: int
    ticker: str
    pool: PoolType
    time: str


def market_messages(commit: Commit, prints: Sequence[Print], display: Display | None) -> Iterator[Message]:
    """The messages of a commit: its prints, and in the last one what is displayed since, if that has changed. None if
    there is neither.
    """
    parts = [prints[first : first + MAX_PRINTS] for first in range(0, len(prints), MAX_PRINTS)]
    if display is not None and not parts:
        parts = [()]
    for number, part in enumerate(parts):
        yield _message(commit, number, part, display if number == len(parts) - 1 else None)


def _message(commit: Commit, number: int, prints: Sequence[Print], display: Display | None) -> Message:
    lit = commit.pool is PoolType.LIT
    update_id = sequenced(commit.entry, milliseconds(commit.time), lit, commit.sequence, number)
    body: dict[str, Any] = {
        "version": VERSION,
        "type": UPDATED,
        "ticker": commit.ticker,
        "poolType": commit.pool.value,
        "updateId": update_id,
        "sequence": commit.sequence,
        "time": commit.time,
    }
    if prints:
        body["trades"] = [print_fields(each) for each in prints]
    if display is not None:
        body |= display_fields(display)
    attributes = {"eventType": UPDATED, "poolType": commit.pool.value}
    return Message(MARKET, attributes, commit.ticker, update_id, compact(body))


def print_fields(each: Print) -> PrintFields:
    fields: PrintFields = {
        "number": each.number,
        "quantity": each.quantity,
        "price": money.price_text(each.price),
        "exchange": each.venue,
    }
    if each.aggressor is not None:
        fields["aggressor"] = each.aggressor.value
    if each.auction is not None:
        fields["auction"] = each.auction.value
    return fields


def display_fields(display: Display) -> DisplayFields:
    bids, asks = ([_level(*each) for each in side.items()] for side in (display.bids, display.asks))
    best = {} if display.collects and display.crossed else _best("bid", bids) | _best("ask", asks)
    fields: DisplayFields = {"best": best, "depth": {"bids": bids, "asks": asks}}
    if display.collects:
        fields["session"] = Phase.CLOSED.value
    if display.auction:
        fields["auction"] = _auction(display.auction, Auction.OPENING if display.collects else Auction.CLOSING)
    return fields


def _auction(auction: Uncross, kind: Auction) -> AuctionFields:
    price = money.price_text(money.from_half_ticks(auction.price))
    fields: AuctionFields = {"kind": kind.value, "price": price, "quantity": auction.volume}
    if auction.imbalance:
        fields["imbalance"] = abs(auction.imbalance)
        fields["side"] = (Side.BUY if auction.imbalance > 0 else Side.SELL).value
    return fields


def _level(half_ticks: int, exchanges: dict[str, tuple[int, int]]) -> LevelFields:
    return money.price_text(money.from_half_ticks(half_ticks)), exchanges


def _best(side: str, levels: Sequence[LevelFields]) -> dict[str, Any]:
    if not levels:
        return {}
    price, exchanges = levels[0]
    return {side: price, f"{side}Size": sum(shares for shares, _ in exchanges.values())}


def update_from(ticker: str, body: str) -> Mapping[str, Any]:
    """A message as it was published, for whoever listens to the ticker. Raises Unprocessable, with the reason, for
    anything but a marketUpdated message about this ticker.
    """
    try:
        fields = parsed(body, UPDATED)
        if fields["ticker"] != ticker:
            raise ValueError(f"a message about another ticker in the group {shown(ticker)}")
        _number_of(fields["sequence"])
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of {UPDATED}: {why(error)}") from error
    return fields


def prints_from(body: str, ticker: str) -> Prints | None:
    """What a message put on the tape; None if it only says what is displayed. Raises Unprocessable, with the reason,
    for anything but a marketUpdated message about this ticker.
    """
    try:
        fields = parsed(body, UPDATED)
        if fields["ticker"] != ticker:
            raise ValueError(f"a message about another ticker in the group {shown(ticker)}")
        return prints_of(fields) if "trades" in fields else None
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of {UPDATED}: {why(error)}") from error


def prints_in(messages: Iterable[Message]) -> list[Prints]:
    """What the market messages among these put on the tape. Raises Unprocessable as `prints_from` does."""
    found = (prints_from(each.body, each.group) for each in messages if each.topic == MARKET)
    return [prints for prints in found if prints]


def prints_of(fields: Mapping[str, Any]) -> Prints:
    """The prints in a message's fields. Raises KeyError, TypeError or ValueError for anything else."""
    trades = fields["trades"]
    if not isinstance(trades, list) or not 0 < len(trades) <= MAX_PRINTS:
        raise ValueError(f"not between 1 and {MAX_PRINTS} trades")
    prints = tuple(_print_from(each) for each in trades)
    if [each.number for each in prints] != [*range(prints[0].number, prints[0].number + len(prints))]:
        raise ValueError("trades that are not numbered in their order")
    return Prints(
        update_id=id_of(fields["updateId"]),
        ticker=ticker_of(fields["ticker"]),
        pool=PoolType(fields["poolType"]),
        sequence=_number_of(fields["sequence"]),
        time=checked_instant(fields["time"]),
        prints=prints,
    )


def _print_from(fields: Mapping[str, Any]) -> Print:
    aggressor, auction = (object_of(fields).get(name) for name in ("aggressor", "auction"))
    return Print(
        number=_number_of(fields["number"]),
        quantity=count_of(fields["quantity"]),
        price=trade_price_of(fields["price"]),
        venue=venue_of(fields["exchange"]),
        aggressor=None if aggressor is None else Side(aggressor),
        auction=None if auction is None else Auction(auction),
    )


def _number_of(value: object) -> int:
    if type(value) is not int or not 0 <= value < MAX_NUMBER:
        raise ValueError(f"{shown(value)} is not the number of an entry or of a print")
    return value

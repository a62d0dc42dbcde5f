"""The market: quotes, a ticker's day, bars, the tape, order books and sessions."""

from typing import Literal, NotRequired, TypedDict

from trading_client.schemas.orders import Direction


class Tally(TypedDict):
    """What was traded."""

    trades: int
    quantity: int
    notional: str


class ReferenceQuote(TypedDict):
    """What market makers quote around. The first one, of the ticker's listing, has only prices."""

    bid: str
    ask: str
    bidSize: NotRequired[int]
    askSize: NotRequired[int]
    time: NotRequired[str]
    source: NotRequired[str]


class Quote(TypedDict):
    """A quote of the market as it was taken."""

    ticker: str
    bid: str
    ask: str
    bidSize: int
    askSize: int
    time: str
    source: str


class ParkedQuote(TypedDict):
    """The last quote that was outside of the band, since when such quotes come, and how many came."""

    bid: str
    ask: str
    bidSize: int
    askSize: int
    time: str
    source: str
    since: str
    count: int


class Ticker(Tally):
    """A ticker's quote, and what was traded of it in a day."""

    ticker: str
    date: str
    averagePrice: NotRequired[str]
    high: NotRequired[str]
    low: NotRequired[str]
    byExchange: dict[str, Tally]
    byPoolType: dict[str, Tally]
    bid: NotRequired[str]
    ask: NotRequired[str]
    bidSize: NotRequired[int]
    askSize: NotRequired[int]
    reference: NotRequired[ReferenceQuote]
    parkedQuote: NotRequired[ParkedQuote]


class Bar(TypedDict):
    """What was traded in a ticker from this time on, for as long as the timeframe is."""

    time: str
    open: str
    high: str
    low: str
    close: str
    quantity: int
    averagePrice: str
    trades: int


class Print(TypedDict):
    """An execution on the tape."""

    printId: str
    time: str
    quantity: int
    price: str
    exchange: str
    exchangeType: str
    aggressor: NotRequired[str]
    auction: NotRequired[str]


class Depth(TypedDict):
    """What one exchange has at a price."""

    quantity: int
    orders: int


class Level(Depth):
    """What there is at a price, in all and by exchange."""

    price: str
    byExchange: dict[str, Depth]


class ListedTicker(TypedDict):
    """A ticker with its reference quote."""

    ticker: str
    bid: str
    ask: str


class Auction(TypedDict):
    """The next auction as it would be now."""

    kind: Literal["Opening", "Closing"]
    price: str
    quantity: int
    imbalance: NotRequired[int]
    side: NotRequired[Direction]


class Book(TypedDict):
    """The best prices of a ticker's lit book, as of an entry of its journal."""

    ticker: str
    sequence: int
    time: NotRequired[str]
    session: Literal["Open", "Closed"]
    auction: NotRequired[Auction]
    bids: list[Level]
    asks: list[Level]


class Hours(TypedDict):
    """The opening hours of a pool type, and when it opens and closes next if a clock says."""

    hours: str
    state: Literal["Open", "Closed"]
    opens: NotRequired[str]
    closes: NotRequired[str]


class Session(TypedDict):
    """The session of an order of now: its date, the state of the lit pools, when a day order expires, the hours by pool
    type, when a trade of now settles, by country, and where live updates are sent.
    """

    sessionDate: str
    state: Literal["Open", "Closed"]
    ends: NotRequired[str]
    hours: dict[str, Hours]
    valueDates: dict[str, str]
    streamUrl: str

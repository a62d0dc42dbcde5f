"""The calls about what is traded."""

from collections.abc import Iterator
from decimal import Decimal

from trading_client.connection import Connection, path_of
from trading_client.schemas import Bar, Book, ListedTicker, Print, Quote, Session, Ticker


class Market:
    """The market: tickers, order books, the session. Each call raises TradingError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ticker(self, ticker: str, *, date: str | None = None) -> Ticker:
        """A ticker's quote, and its trades of a day, today without one."""
        answer: Ticker = self._connection.get(path_of("tickers", ticker), {"date": date})
        return answer

    def tickers(self, *, date: str | None = None) -> Iterator[Ticker]:
        """All that is traded, by name; a page is asked for when it is needed."""
        for page in self._connection.pages("/tickers", {"date": date}):
            yield from page["tickers"]

    def list(self, ticker: str, *, bid: Decimal | str, ask: Decimal | str) -> ListedTicker:
        """Lists a ticker with its first quote, for brokers. One that is listed keeps the quote that it has; the answer
        shows it.
        """
        listed: ListedTicker = self._connection.call("PUT", path_of("tickers", ticker), {"bid": bid, "ask": ask})
        return listed

    def put_quote(
        self,
        ticker: str,
        *,
        bid: Decimal | str,
        ask: Decimal | str,
        bid_size: int,
        ask_size: int,
        time: str | None = None,
        source: str | None = None,
        confirmed: bool = False,
    ) -> Quote:
        """Sends a new reference quote, for brokers. One too far from the last needs `confirmed`. Without a `time` it is
        of the moment in which it arrives.
        """
        body = {"bid": bid, "ask": ask, "bidSize": bid_size, "askSize": ask_size, "time": time, "source": source}
        given = {name: value for name, value in body.items() if value is not None}
        taken: Quote = self._connection.call(
            "PUT", path_of("tickers", ticker, "quote"), given | ({"confirmed": True} if confirmed else {})
        )
        return taken

    def bars(
        self, ticker: str, timeframe: str = "1m", *, since: str | None = None, until: str | None = None
    ) -> Iterator[Bar]:
        """A ticker's bars of 1m, 5m, 1h or 1d that begin at `since` or later and before `until`, the oldest first; a
        page is asked for when it is needed.
        """
        query = {"timeframe": timeframe, "from": since, "to": until}
        for page in self._connection.pages(path_of("tickers", ticker, "bars"), query):
            yield from page["bars"]

    def trades(self, ticker: str) -> Iterator[Print]:
        """A ticker's tape, the newest trade first; a page is asked for when it is needed."""
        for page in self._connection.pages(path_of("tickers", ticker, "trades")):
            yield from page["trades"]

    def book(self, ticker: str) -> Book:
        """The lit book of a ticker: its ten best prices a side."""
        book: Book = self._connection.get(path_of("books", ticker))
        return book

    def session(self) -> Session:
        """The session that an order of this moment belongs to."""
        session: Session = self._connection.get("/session")
        return session

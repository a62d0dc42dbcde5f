"""Files of quotes: CSV and LOBSTER's, read as they are, or refused with line and reason."""

from pathlib import Path

import pytest

from traffic import quote_files
from traffic.quote_files import Recording
from traffic.tick_quotes import TickQuote, TimedQuote

HEADING = "time,ticker,bid,ask,bidSize,askSize"
SECOND = 1_000_000_000
DAY = "2012-06-21_34200000_57600000"
DUMMY = "9999999999,0,-9999999999,0"


def csv_of(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    file = folder / "quotes.csv"
    file.write_text("\n".join([heading, *rows]) + "\n")
    return file


def lobster_of(folder: Path, messages: list[str], books: list[str], ticker: str = "AAPL") -> Path:
    for kind, rows in (("message", messages), ("orderbook", books)):
        (folder / f"{ticker}_{DAY}_{kind}_1.csv").write_text("".join(f"{row}\n" for row in rows))
    return folder / f"{ticker}_{DAY}_message_1.csv"


def test_a_csv_file_is_read_in_its_order_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    file = csv_of(
        tmp_path,
        "500,161.88,2026-11-26T14:30:00.000Z,COIN,300,161.90",
        "100,20.29,2026-11-26T09:30:00.25-05:00,F,200,20.3",
        heading="bidSize,bid,time,ticker,askSize,ask",
    )
    first = 1_795_703_400 * SECOND
    assert quote_files.read(file) == Recording(
        [
            TimedQuote(first, TickQuote("COIN", 16188, 16190, 500, 300)),
            TimedQuote(first + SECOND // 4, TickQuote("F", 2029, 2030, 100, 200)),
        ]
    )


def test_times_may_be_seconds_with_decimals(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "0,F,20.29,20.30,1,1", "0.5,F,20.28,20.30,1,1", "34200.017459617,F,20.27,20.30,1,1")
    assert [each.nanoseconds for each in quote_files.read(file).quotes] == [0, SECOND // 2, 34_200_017_459_617]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,COIN,161.90,161.88,1,1", "the quote is crossed: bid 161.90, ask 161.88"),
        ("1,COIN,161.90,161.90,1,1", "the quote is locked: bid 161.90, ask 161.90"),
        ("1,COIN,0.00,161.90,1,1", "the bid is 0 ticks, the least is 1"),
        ("1,COIN,161.885,161.90,1,1", 'not an amount in cents: "161.885"'),
        ("1,COIN,1e2,161.90,1,1", 'not an amount: "1e2"'),
        ("1,COIN,161.88,161.90,0,1", "a size is below 1: bid 0, ask 1"),
        ("1,COIN,161.88,161.90,1.5,1", '"1.5" is no number of shares'),
        ("1,coin,161.88,161.90,1,1", '"coin" is no ticker'),
        ("1,COIN,161.88,161.90,1", "it has another number of columns than the heading"),
        ("1,COIN,161.88,161.90,1,1,1", "it has another number of columns than the heading"),
        ("soon,COIN,161.88,161.90,1,1", '"soon" is no number of seconds'),
        ("1.,COIN,161.88,161.90,1,1", '"1." is no number of seconds'),
        ("2026-11-26T14:30:00,COIN,161.88,161.90,1,1", '"2026-11-26T14:30:00" has no zone, like Z or -05:00'),
        ("2026-13-26,COIN,161.88,161.90,1,1", '"2026-13-26" is no time'),
        ("0.9,COIN,161.88,161.90,1,1", "its time is before that of the row above"),
    ],
)
def test_a_wrong_row_of_a_csv_file_is_refused_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    file = csv_of(tmp_path, "1,COIN,161.88,161.90,1,1", row)
    with pytest.raises(ValueError, match="line") as refused:
        quote_files.read(file)
    assert str(refused.value) == f"quotes.csv, line 3: {reason}"


def test_a_csv_file_without_its_columns_is_refused_by_their_names(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "1,COIN,161.88,161.90", heading="time,ticker,bid,ask")
    with pytest.raises(ValueError, match="line 1: the heading has no bidSize, askSize; it is time,ticker,bid,ask,"):
        quote_files.read(file)


@pytest.mark.parametrize("content", [b"", HEADING.encode(), b"\xff\xfe\x00", b'"'])
def test_a_file_without_a_quote_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "quotes.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^quotes.csv"):
        quote_files.read(file)


def test_lobster_s_files_give_the_best_prices_where_they_change(tmp_path: Path) -> None:
    message = lobster_of(
        tmp_path,
        [
            "34200.004241176,1,16113575,18,5853300,1",
            "34200.025551909,1,16120456,18,5859100,-1",
            "34200.1,5,0,10,5853350,-1",
            "34201,7,0,0,-1,-1",
            "34202.000000001,4,16113575,18,5853300,1",
        ],
        [
            "9999999999,0,5853300,18",
            "5859100,18,5853300,18",
            "5859100,18,5853300,18",
            "5859100,18,5853300,18",
            "5859100,18,5853200,300",
        ],
    )
    quotes = [
        TimedQuote(34_200_025_551_909, TickQuote("AAPL", 58533, 58591, 18, 18)),
        TimedQuote(34_202_000_000_001, TickQuote("AAPL", 58532, 58591, 300, 18)),
    ]
    book = message.with_name(f"AAPL_{DAY}_orderbook_1.csv")
    assert quote_files.read(message) == quote_files.read(book) == Recording(quotes, left_out=1)


GOOD = ("34200.1,1,1,18,5853300,1", "5859100,18,5853300,18")


@pytest.mark.parametrize(
    ("message", "book", "reason"),
    [
        ("34200.1,1,1,18,5853300", GOOD[1], "message_1.csv, line 2: 5 columns, a message has 6"),
        ("34200.1,9,1,18,5853300,1", GOOD[1], 'message_1.csv, line 2: "9" is no type of a message, 1 to 7'),
        ("9:30,1,1,18,5853300,1", GOOD[1], 'message_1.csv, line 2: "9:30" is no number of seconds'),
        ("34200.0,1,1,18,5853300,1", GOOD[1], "message_1.csv, line 2: its time is before that of the row above"),
        (GOOD[0], "5859100,18,5853300", "orderbook_1.csv, line 2: 3 columns, an order book has 4 a level"),
        (GOOD[0], "585.91,18,5853300,18", 'orderbook_1.csv, line 2: "585.91" is no whole number'),
        (
            GOOD[0],
            "5859150,18,5853300,18",
            "orderbook_1.csv, line 2: the price 5859150 is not in whole ticks of 0.01 USD, 100 each",
        ),
        (GOOD[0], "5853300,18,5859100,18", "orderbook_1.csv, line 2: the quote is crossed: bid 585.91, ask 585.33"),
        (GOOD[0], "é,18,5853300,18", 'orderbook_1.csv, line 2: "\\ufffd\\ufffd" is no whole number'),
    ],
)
def test_a_wrong_row_of_lobster_s_files_is_refused_with_its_line(
    tmp_path: Path, message: str, book: str, reason: str
) -> None:
    file = lobster_of(tmp_path, [GOOD[0], message], [GOOD[1], book])
    with pytest.raises(ValueError, match="line") as refused:
        quote_files.read(file)
    assert str(refused.value) == f"AAPL_{DAY}_{reason}"


@pytest.mark.parametrize(("messages", "books", "short"), [(1, 2, "message"), (2, 1, "orderbook")])
def test_lobster_s_files_have_as_many_rows(tmp_path: Path, messages: int, books: int, short: str) -> None:
    file = lobster_of(tmp_path, [GOOD[0]] * messages, [GOOD[1]] * books)
    with pytest.raises(ValueError, match=f"{short}_1.csv ends before line 2; the other file of the day goes on"):
        quote_files.read(file)


def test_a_day_on_which_nobody_quoted_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no quote"):
        quote_files.read(lobster_of(tmp_path, [GOOD[0]], [DUMMY]))


def test_the_other_file_of_the_day_has_to_be_there(tmp_path: Path) -> None:
    file = lobster_of(tmp_path, [GOOD[0]], [GOOD[1]])
    file.with_name(f"AAPL_{DAY}_orderbook_1.csv").unlink()
    with pytest.raises(FileNotFoundError):
        quote_files.read(file)


def recorded(*quotes: TickQuote) -> Recording:
    return Recording([TimedQuote(number, quote) for number, quote in enumerate(quotes)])


def test_a_recording_is_moved_to_the_market_s_price_by_whole_ticks() -> None:
    quotes = recorded(
        TickQuote("AAPL", 58533, 58591, 18, 18),
        TickQuote("F", 100, 102, 1, 1),
        TickQuote("AAPL", 58532, 58591, 300, 18),
    )
    assert (
        quotes.rebased({"AAPL": 2 * 17477}).quotes
        == recorded(
            TickQuote("AAPL", 17448, 17506, 18, 18),
            TickQuote("F", 100, 102, 1, 1),
            TickQuote("AAPL", 17447, 17506, 300, 18),
        ).quotes
    )


def test_a_recording_that_would_fall_below_a_tick_is_refused() -> None:
    quotes = recorded(TickQuote("AAPL", 58533, 58591, 1, 1), TickQuote("AAPL", 56000, 56001, 1, 1))
    with pytest.raises(ValueError, match="quote 2 of AAPL, moved to the market's price: the bid is -"):
        quotes.rebased({"AAPL": 2 * 50})


@pytest.mark.parametrize(
    ("bid", "far"), [(17476, []), (19223, []), (19225, ["AAPL"]), (15727, ["AAPL"]), (58533, ["AAPL"])]
)
def test_a_recording_that_starts_far_from_the_market_is_noticed(bid: int, far: list[str]) -> None:
    quotes = recorded(TickQuote("AAPL", bid, bid + 2, 1, 1), TickQuote("AAPL", 17476, 17478, 1, 1))
    assert quotes.far_from({"AAPL": 2 * 17477}) == far

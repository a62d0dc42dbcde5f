"""Objects of the archive: what is written is read, whatever was merged, and a name belongs to one content."""

import gzip
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.aws.store.archived_bookings import ArchivedBooking, bookings_in, may_hold, object_of, once_each
from trading.domain.errors import Unprocessable


def booking(booking_id: str, settled: str = "2026-11-22T14:30:00.123Z", trades: int = 1) -> ArchivedBooking:
    fields = {"settlementDate": settled, "bookingId": booking_id}
    return ArchivedBooking(booking_id, settled, tuple(json.dumps({"number": n} | fields) for n in range(trades)))


IDS = st.text("0123456789abcdef-", min_size=1, max_size=4)
BOOKINGS = st.dictionaries(IDS, st.integers(1, 3), min_size=1, max_size=8).map(
    lambda found: [booking(each, trades=found[each]) for each in sorted(found)]
)


@given(BOOKINGS)
def test_what_is_written_is_read(bookings: list[ArchivedBooking]) -> None:
    made = object_of(bookings)
    assert list(bookings_in(made.name, made.body)) == bookings
    assert all(may_hold(made.name, each.booking_id) for each in bookings)
    assert gzip.decompress(made.body).decode() == "".join(each.text for each in bookings)


@given(st.lists(BOOKINGS, min_size=1, max_size=4))
def test_however_objects_overlap_each_booking_is_read_once_in_the_order_of_ids(
    sources: list[list[ArchivedBooking]],
) -> None:
    same = [[booking(each.booking_id) for each in source] for source in sources]
    read = list(once_each(*same))
    assert [each.booking_id for each in read] == sorted({each.booking_id for source in same for each in source})


@given(BOOKINGS, st.data())
def test_bookings_that_come_again_in_other_parts_are_the_same_bookings(
    bookings: list[ArchivedBooking], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(bookings)))
    parts = [object_of(part) for part in (bookings, bookings[:cut], bookings[cut:]) if part]
    assert list(once_each(*(bookings_in(each.name, each.body) for each in parts))) == bookings
    names = {each.name: each.body for each in parts}
    assert all(names[each.name] == each.body for each in parts), "no write replaces an object with another one"


def test_another_content_has_another_name_though_it_is_of_the_same_bookings() -> None:
    first, second = object_of([booking("a")]), object_of([booking("a", settled="2026-11-23T00:00:00.000Z")])
    assert first.name != second.name


def test_of_a_booking_that_was_made_twice_the_later_one_counts_whichever_comes_first() -> None:
    earlier, later = booking("a"), booking("a", settled="2026-11-23T00:00:00.000Z", trades=2)
    assert list(once_each([earlier], [later])) == list(once_each([later], [earlier])) == [later]


@pytest.mark.parametrize(
    ("name", "booking_id", "may"),
    [
        ("b_d_0123456789abcdef.jsonl.gz", "a", False),
        ("b_d_0123456789abcdef.jsonl.gz", "b", True),
        ("b_d_0123456789abcdef.jsonl.gz", "c", True),
        ("b_d_0123456789abcdef.jsonl.gz", "d", True),
        ("b_d_0123456789abcdef.jsonl.gz", "e", False),
        ("b.jsonl", "b", True),
        ("b.jsonl", "c", False),
    ],
)
def test_a_name_says_which_bookings_its_object_may_have(name: str, booking_id: str, may: bool) -> None:
    assert may_hold(name, booking_id) is may


def test_an_object_of_one_booking_is_read_as_if_its_lines_named_it() -> None:
    trades = [{"price": price, "settlementDate": "2026-11-22T14:30:00.123Z"} for price in ("1.00", "2.00")]
    [read] = bookings_in("a.jsonl", "".join(json.dumps(each) + "\n" for each in trades).encode())
    lines = tuple(json.dumps({**each, "bookingId": "a"}) for each in trades)
    assert read == ArchivedBooking("a", "2026-11-22T14:30:00.123Z", lines)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no trade\n",
        b"[]\n",
        b"\xff\n",
        b'{"settlementDate": 1}\n',
        b'{"settlementDate": "now"}\n{}\n',
        b"[" * 100_000 + b"\n",
    ],
    ids=["empty", "text", "list", "no UTF-8", "no time", "one without a time", "nested"],
)
def test_an_object_of_one_booking_is_read_whatever_is_in_it(body: bytes) -> None:
    [read] = bookings_in("a.jsonl", body)
    assert (read.booking_id, read.settled, len(read.lines)) == ("a", "", body.count(b"\n"))


def damaged() -> Iterator[bytes]:
    whole = object_of([booking("a", trades=50)]).body
    yield from (whole[: len(whole) // 2], whole[:-4], whole[:20] + b"\0\0\0\0" + whole[24:], b"no gzip", b"\x1f\x8b")
    wrong = (b"", b"{", b"[]\n", b"{}\n", b'{"bookingId": "a"}\n', b"\xff\n", b"1\n", b"[" * 100_000)
    yield from (gzip.compress(each, mtime=0) for each in wrong)
    for booking_id, settled in (("a/b", "now"), ("", "now"), ("\ud800", "now"), (1, "now"), ("a", 1), ("a", None)):
        yield gzip.compress(json.dumps({"bookingId": booking_id, "settlementDate": settled}).encode(), mtime=0)
    yield object_of([booking("b"), booking("a")]).body
    yield object_of([booking("a"), booking("b"), booking("a")]).body


@pytest.mark.parametrize("body", list(damaged()))
def test_what_is_not_an_object_of_the_archive_says_so(body: bytes) -> None:
    with pytest.raises(Unprocessable) as raised:
        list(bookings_in("a_a_0.jsonl.gz", body))
    assert raised.value.reason.startswith("not an object of the archive: ")
    assert raised.value.context == {"object": "a_a_0.jsonl.gz"}

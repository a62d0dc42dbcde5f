"""Times: days that follow, and in which words another form is refused."""

from collections.abc import Callable

import pytest

from trading.domain import times


def test_days_are_counted_over_the_end_of_a_month_and_back() -> None:
    assert times.days_after("2026-11-30", 1) == "2026-12-01"
    assert times.days_after("2026-12-01", -2) == "2026-11-29"
    assert times.days_after("2026-12-01", 0) == "2026-12-01"


def test_a_session_ends_a_millisecond_before_midnight() -> None:
    assert times.session_end("2026-11-22") == "2026-11-22T23:59:59.999Z"


@pytest.mark.parametrize(
    ("read", "refused", "like"),
    [
        (times.checked_date, "20261122", "a date like 2026-11-22"),
        (times.checked_instant, "2026-11-22T14:30:00Z", "an instant like 2026-11-22T14:30:00.123Z"),
        (times.checked_second, "2026-11-22T00:00:00.000Z", "a time like 2026-11-22T00:00:00Z"),
    ],
)
def test_another_form_is_refused_with_an_example_of_the_right_one(
    read: Callable[[str], str], refused: str, like: str
) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 # the text is compared whole
        read(refused)
    assert str(raised.value) == f"{refused} is not {like}"


def test_milliseconds_are_whole() -> None:
    passed = times.milliseconds_between("2026-11-22T23:59:59.990Z", "2026-11-23T00:00:01.123Z")
    assert (passed, type(passed)) == (1133, int)
    since = times.milliseconds("1970-01-01T00:00:00.001Z")
    assert (since, type(since)) == (1, int)

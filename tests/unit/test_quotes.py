"""Which quotes of the market become the reference quote, and what becomes of all others."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.clock import START
from trading.domain.errors import Unprocessable
from trading.domain.messages.quotes import quote_from, quote_message
from trading.domain.quotes import QuoteUpdate, Reference, Verdict, judged, verdict_of
from trading.domain.times import iso

BAND = Decimal("0.10")
LAST = QuoteUpdate("COIN", Decimal("161.88"), Decimal("161.90"), 300, 200, iso(START), "test")


def later(milliseconds: int = 1, bid: str = "161.95", ask: str = "161.97", **fields: object) -> QuoteUpdate:
    time = iso(START + timedelta(milliseconds=milliseconds))
    return replace(LAST, bid=Decimal(bid), ask=Decimal(ask), time=time, **fields)  # type: ignore[arg-type] # any field


@pytest.mark.parametrize(
    ("update", "verdict"),
    [
        (later(), Verdict.ACCEPTED),
        (later(0), Verdict.LATE),
        (later(-1), Verdict.LATE),
        (LAST, Verdict.REPEATED),
        (replace(LAST, confirmed=True), Verdict.REPEATED),
        (later(5000), Verdict.ACCEPTED),
        (later(5001), Verdict.AHEAD),
        (later(bid="161.97"), Verdict.CROSSED),
        (later(bid="161.98"), Verdict.CROSSED),
        (later(bid="0.00"), Verdict.NOT_POSITIVE),
        (later(bid="-1.00"), Verdict.NOT_POSITIVE),
        (later(bid_size=0), Verdict.NOT_POSITIVE),
        (later(ask_size=0), Verdict.NOT_POSITIVE),
        (later(bid="161.955"), Verdict.OFF_TICK),
        (later(ask="161.9701"), Verdict.OFF_TICK),
        (later(bid="178.07", ask="178.08"), Verdict.ACCEPTED),
        (later(bid="178.07", ask="178.09"), Verdict.OUTSIDE_BAND),
        (later(bid="145.70", ask="145.71"), Verdict.ACCEPTED),
        (later(bid="145.69", ask="145.71"), Verdict.OUTSIDE_BAND),
        (later(bid="300.00", ask="300.02", confirmed=True), Verdict.ACCEPTED),
        (later(bid="300.02", ask="300.00", confirmed=True), Verdict.CROSSED),
        (later(0, bid="300.00", ask="300.02", confirmed=True), Verdict.LATE),
        (later(bid="0.01", ask="0.02", bid_size=1, ask_size=1, confirmed=True), Verdict.ACCEPTED),
        (later(bid_size=1), Verdict.ACCEPTED),
    ],
)
def test_a_quote_is_judged_by_the_last_one_the_clock_and_the_band(update: QuoteUpdate, verdict: Verdict) -> None:
    assert verdict_of(update, LAST, START, BAND) is verdict


def test_a_midpoint_as_far_away_as_the_band_is_within_it() -> None:
    last = replace(LAST, bid=Decimal("99.99"), ask=Decimal("100.01"))
    assert last.midpoint == Decimal("100.00")
    assert verdict_of(later(bid="109.99", ask="110.01"), last, START, BAND) is Verdict.ACCEPTED
    assert verdict_of(later(bid="110.00", ask="110.01"), last, START, BAND) is Verdict.OUTSIDE_BAND


def test_the_last_quote_that_comes_again_is_told_to_the_engine_again_whoever_confirmed_it() -> None:
    outcome = judged([LAST], Reference(LAST), START, BAND)
    assert (outcome.reference, outcome.told, outcome.counts) == (Reference(LAST), True, {Verdict.REPEATED: 1})
    assert verdict_of(LAST, replace(LAST, confirmed=True), START, BAND) is Verdict.REPEATED


def test_a_quote_that_changes_nothing_is_not_told() -> None:
    assert judged([later(-1)], Reference(LAST), START, BAND).told is False


def test_of_many_quotes_the_last_good_one_is_kept_and_the_engine_is_told_once() -> None:
    updates = [later(1), later(3, "162.00", "162.02"), later(2), later(4, "162.02", "162.00")]
    outcome = judged(updates, Reference(LAST), START, BAND)
    assert (outcome.reference, outcome.told) == (Reference(updates[1]), True)
    assert outcome.counts == {Verdict.ACCEPTED: 2, Verdict.LATE: 1, Verdict.CROSSED: 1}


def test_quotes_outside_of_the_band_are_parked_and_change_no_reference() -> None:
    far = [later(1, "300.00", "300.02"), later(2, "301.00", "301.02")]
    outcome = judged(far, Reference(LAST), START, BAND)
    assert outcome.told is False
    assert outcome.reference.last == LAST
    parked = outcome.reference.parked
    assert parked is not None
    assert (parked.quote, parked.since, parked.count) == (far[1], far[0].time, 2)
    assert judged(far, outcome.reference, START, BAND).reference == outcome.reference, "it came again"


@pytest.mark.parametrize("good", [later(9), later(9, "300.00", "300.02", confirmed=True)], ids=["within", "confirmed"])
def test_a_good_quote_ends_the_parking_and_later_ones_are_judged_by_it(good: QuoteUpdate) -> None:
    parked = judged([later(1, "300.00", "300.02")], Reference(LAST), START, BAND).reference
    outcome = judged([good], parked, START, BAND)
    assert outcome.reference == Reference(good)
    near = replace(good, bid=good.bid + 1, ask=good.ask + 1, time=later(10).time, confirmed=False)
    assert verdict_of(near, good, START, BAND) is Verdict.ACCEPTED


def test_a_message_brings_the_quote_whatever_it_says_and_its_id_follows_from_it() -> None:
    for update in (LAST, later(bid="161.98"), later(bid="-1.005"), later(ask_size=0, confirmed=True)):
        message = quote_message(update)
        assert quote_from(message.body) == update
        assert (message.topic, message.group, message.attributes) == ("quotes", "COIN", {"eventType": "quote"})
        assert message.id == quote_message(update).id
    assert quote_message(LAST).id != quote_message(later()).id


@pytest.mark.parametrize("price", ["-1.0000000000000", "9999999.99999999", "-9999999.9999999", "0", "0.005"])
def test_a_price_of_sixteen_characters_below_ten_million_is_read_as_it_is(price: str) -> None:
    assert str(quote_from(quote_message(LAST).body.replace('"161.88"', f'"{price}"')).bid) == price


@pytest.mark.parametrize("size", [10_000_000, -10_000_000, 0])
def test_a_size_of_up_to_ten_million_shares_is_read_as_it_is(size: int) -> None:
    assert quote_from(quote_message(replace(LAST, ask_size=size)).body).ask_size == size


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('"161.88"', '"1e5"', 'not a decimal number: "1e5"'),
        ('"161.88"', '"12345678901234567"', '"12345678901234567" is not a price'),
        ('"161.88"', '"10000000"', "10000000 is not a price"),
        ('"161.88"', '"-10000000"', "-10000000 is not a price"),
        ('"161.88"', "5", "5 is not a price"),
        ('"161.88"', "[5]", "[5] is not a price"),
        ('"askSize":200', '"askSize":10000001', "10000001 is not a size"),
        ('"askSize":200', '"askSize":-10000001', "-10000001 is not a size"),
        ('"askSize":200', '"askSize":"200"', '"200" is not a size'),
        ('"askSize":200', '"askSize":true', "true is not a size"),
        ('"askSize":200,', "", "there is no askSize"),
    ],
)
def test_a_message_that_says_no_quote_is_not_read_and_its_reason_names_the_value(
    right: str, wrong: str, why: str
) -> None:
    body = quote_message(LAST).body
    assert right in body
    with pytest.raises(Unprocessable) as raised:
        quote_from(body.replace(right, wrong))
    assert raised.value.reason == f"not a message of the Quotes topic: {why}"


@pytest.mark.parametrize("wrong", ["NaN", "", "Infinity", "1,5"])
def test_a_price_that_is_no_number_is_not_read(wrong: str) -> None:
    with pytest.raises(Unprocessable):
        quote_from(quote_message(LAST).body.replace("161.88", wrong))

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
    ],
)
def test_a_quote_is_judged_by_the_last_one_the_clock_and_the_band(update: QuoteUpdate, verdict: Verdict) -> None:
    assert verdict_of(update, LAST, START, BAND) is verdict


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


@pytest.mark.parametrize("wrong", ["1e5", "NaN", "12345678901234567", "10000000", "", 5])
def test_a_message_with_a_price_that_is_none_is_not_read(wrong: object) -> None:
    body = quote_message(LAST).body.replace('"161.88"', f'"{wrong}"' if isinstance(wrong, str) else str(wrong))
    with pytest.raises(Unprocessable):
        quote_from(body)

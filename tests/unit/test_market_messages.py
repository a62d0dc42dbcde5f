"""The messages of the Market topic: what they say, how many a commit has, and which are refused."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support import schemas
from trading.domain.errors import Unprocessable
from trading.domain.ids import derived, sequenced
from trading.domain.messages.market import MARKET, UPDATED, Commit, market_messages, prints_from, update_from
from trading.domain.orders import PoolType, Side
from trading.domain.tape import Auction, Display, Print, Prints, Uncross
from trading.domain.times import milliseconds

TIME = "2026-11-22T14:30:00.123Z"
COMMIT = Commit(derived("a test", "entry"), 17, "COIN", PoolType.LIT, TIME)
BOUGHT = Print(0, 1000, Decimal("161.90"), "EDGA", Side.BUY)
CROSSED = Print(1, 200, Decimal("161.895"), "EBS", auction=Auction.CLOSING)
DISPLAY = Display({32376: {"EDGA": (900, 3), "EBS": (100, 1)}}, {32380: {"EDGA": (500, 2)}, 32382: {"EBS": (50, 1)}})
UPDATE_ID = sequenced(COMMIT.entry, milliseconds(TIME), 1, 17, 0)


def printed(count: int) -> list[Print]:
    return [Print(number, 1, Decimal("161.90"), "EDGA") for number in range(count)]


def test_a_commit_tells_its_tickers_group_what_traded_and_what_is_displayed() -> None:
    [message] = market_messages(COMMIT, [BOUGHT, CROSSED], DISPLAY)
    assert (message.topic, message.group, message.id) == ("market", "COIN", UPDATE_ID)
    assert message.attributes == {"eventType": "marketUpdated", "poolType": "Lit"}
    assert json.loads(message.body) == {
        "version": 1,
        "type": "marketUpdated",
        "ticker": "COIN",
        "poolType": "Lit",
        "updateId": UPDATE_ID,
        "sequence": 17,
        "time": TIME,
        "trades": [
            {"number": 0, "quantity": 1000, "price": "161.90", "exchange": "EDGA", "aggressor": "Buy"},
            {"number": 1, "quantity": 200, "price": "161.895", "exchange": "EBS", "auction": "Closing"},
        ],
        "best": {"bid": "161.88", "bidSize": 1000, "ask": "161.90", "askSize": 500},
        "depth": {
            "bids": [["161.88", {"EDGA": [900, 3], "EBS": [100, 1]}]],
            "asks": [["161.90", {"EDGA": [500, 2]}], ["161.91", {"EBS": [50, 1]}]],
        },
    }


def test_its_reader_finds_the_prints_again() -> None:
    [message] = market_messages(COMMIT, [BOUGHT, CROSSED], DISPLAY)
    prints = Prints(UPDATE_ID, "COIN", PoolType.LIT, 17, TIME, (BOUGHT, CROSSED))
    assert prints_from(message.body, "COIN") == prints
    assert prints.date == "2026-11-22"
    assert CROSSED.turnover == Decimal("32379.000")


def test_while_orders_collect_the_next_auction_is_shown_and_prices_that_cross_are_no_quote() -> None:
    crossed = Display({32380: {"IEX": (300, 1)}}, {32376: {"IEX": (500, 2)}}, True, Uncross(32378, 300, -200))
    [message] = market_messages(COMMIT, [], crossed)
    body = json.loads(message.body)
    assert (body["best"], body["session"]) == ({}, "Closed")
    assert body["auction"] == {"kind": "Opening", "price": "161.89", "quantity": 300, "imbalance": 200, "side": "Sell"}
    assert schemas.faults(message.body) == []
    for imbalance, side in ((1, "Buy"), (200, "Buy"), (-1, "Sell")):
        [message] = market_messages(COMMIT, [], crossed._replace(auction=Uncross(32378, 300, imbalance)))
        auction = json.loads(message.body)["auction"]
        assert (auction["imbalance"], auction["side"]) == (abs(imbalance), side)
    [message] = market_messages(COMMIT, [], DISPLAY._replace(auction=Uncross(32378, 300, 0)))
    body = json.loads(message.body)
    assert (body["best"]["bid"], "session" in body) == ("161.88", False)
    assert body["auction"] == {"kind": "Closing", "price": "161.89", "quantity": 300}
    assert schemas.faults(message.body) == []


def test_a_commit_that_changes_nothing_that_anybody_sees_tells_nothing() -> None:
    assert list(market_messages(COMMIT, [], None)) == []


def test_an_empty_side_has_no_best_price_and_a_display_alone_prints_nothing() -> None:
    [message] = market_messages(COMMIT, [], Display(DISPLAY.bids, {}))
    body = json.loads(message.body)
    assert body["best"] == {"bid": "161.88", "bidSize": 1000}
    assert body["depth"]["asks"] == []
    assert "trades" not in body
    assert prints_from(message.body, "COIN") is None


def test_a_message_has_two_hundred_and_fifty_prints_at_the_most_and_the_last_has_the_display() -> None:
    [whole] = market_messages(COMMIT, printed(250), DISPLAY)
    assert len(json.loads(whole.body)["trades"]) == 250
    first, last = market_messages(COMMIT, printed(251), DISPLAY)
    assert ("best" in json.loads(first.body), "best" in json.loads(last.body)) == (False, True)
    rest = prints_from(last.body, "COIN")
    assert rest is not None
    assert [each.number for each in rest.prints] == [250]
    assert first.id < last.id
    assert last.id == sequenced(COMMIT.entry, milliseconds(TIME), 1, 17, 1)


def test_the_dark_engines_ids_are_others() -> None:
    [dark] = market_messages(Commit(COMMIT.entry, 17, "COIN", PoolType.DARK, TIME), [BOUGHT], None)
    assert dark.id == sequenced(COMMIT.entry, milliseconds(TIME), 0, 17, 0)
    assert dark.attributes == {"eventType": UPDATED, "poolType": "Dark"}
    assert dark.topic == MARKET


def changed(**fields: Any) -> str:
    [message] = market_messages(COMMIT, [BOUGHT, CROSSED], None)
    return json.dumps(json.loads(message.body) | fields)


def trade(**fields: Any) -> dict[str, Any]:
    return {"number": 0, "quantity": 1, "price": "161.90", "exchange": "EDGA"} | fields


@pytest.mark.parametrize(
    "fields",
    [
        {"sequence": 2**53 - 1},
        {"sequence": 0},
        {"trades": [trade(number=2**53 - 1)]},
        {"trades": [trade(number=number) for number in range(7, 257)]},
    ],
)
def test_what_is_within_its_bounds_is_read(fields: dict[str, Any]) -> None:
    assert prints_from(changed(**fields), "COIN") is not None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"sequence": 2**53}, f"{2**53} is not the number of an entry or of a print"),
        ({"sequence": -1}, "-1 is not the number of an entry or of a print"),
        ({"sequence": True}, "true is not the number of an entry or of a print"),
        ({"trades": []}, "not between 1 and 250 trades"),
        ({"trades": {}}, "not between 1 and 250 trades"),
        ({"trades": [trade(number=number) for number in range(251)]}, "not between 1 and 250 trades"),
        ({"trades": [trade(), trade()]}, "trades that are not numbered in their order"),
        ({"trades": [trade(number=1), trade(number=0)]}, "trades that are not numbered in their order"),
        ({"trades": [trade(quantity=0)]}, "0 is not a positive whole number"),
        ({"trades": [trade(price="161.90001")]}, 'not a price in half ticks: "161.90001"'),
        ({"trades": [trade(exchange="")]}, '"" is not a venue'),
        ({"trades": [trade(aggressor="Both")]}, "'Both' is not a valid Side"),
        ({"trades": [trade(auction="Noon")]}, "'Noon' is not a valid Auction"),
        ({"poolType": "Grey"}, "'Grey' is not a valid PoolType"),
        ({"time": "yesterday"}, "Invalid isoformat string: 'yesterday'"),
        ({"updateId": "an id"}, '"an id" is not an id'),
        ({"type": "tradesSettled"}, '"tradesSettled" of version 1'),
        ({"version": 0}, '"marketUpdated" of version 0'),
    ],
)
def test_what_no_engine_writes_is_refused_with_the_reason(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(Unprocessable) as raised:
        prints_from(changed(**fields), "COIN")
    assert raised.value.reason == f"not a message of marketUpdated: {why}"


def test_a_message_about_another_ticker_than_its_groups_is_refused() -> None:
    with pytest.raises(
        Unprocessable, match=r'^not a message of marketUpdated: a message about another ticker in the group "AMD"$'
    ):
        prints_from(changed(), "AMD")


def test_who_listens_to_a_ticker_reads_its_updates_as_they_were_published() -> None:
    assert update_from("COIN", changed()) == json.loads(changed())
    for ticker, fields, why in (
        ("AMD", {}, 'a message about another ticker in the group "AMD"'),
        ("COIN", {"sequence": -1}, "-1 is not the number of an entry or of a print"),
        ("COIN", {"type": "tradesSettled"}, '"tradesSettled" of version 1'),
    ):
        with pytest.raises(Unprocessable) as raised:
            update_from(ticker, changed(**fields))
        assert raised.value.reason == f"not a message of marketUpdated: {why}"

"""The message that tells that an account changed by what is not a booking."""

import json
from dataclasses import replace
from typing import Any

import pytest

from trading.domain.ids import derived
from trading.domain.messages.account_updates import (
    AccountChange,
    AccountChangeKind,
    account_updated_message,
    change_from,
)
from trading.domain.messages.wire import UNREADABLE

CHANGE = AccountChange(
    derived("000003", "a change"), "000003", 2, AccountChangeKind("Deposit"), "2026-11-22T14:30:00.123Z"
)
FIELDS = {
    "version": 1,
    "type": "accountUpdated",
    "changeId": CHANGE.change_id,
    "customerId": "000003",
    "accountSequence": 2,
    "kind": "Deposit",
    "time": "2026-11-22T14:30:00.123Z",
}


def test_a_change_is_told_on_the_trades_topic_in_the_order_of_its_customers_messages() -> None:
    message = account_updated_message(CHANGE)
    assert json.loads(message.body) == FIELDS
    assert (message.topic, message.group, message.attributes) == ("trades", "000003", {"eventType": "accountUpdated"})
    assert account_updated_message(CHANGE).id == message.id
    assert account_updated_message(replace(CHANGE, change_id=derived("000003", "another"))).id != message.id


def test_a_change_of_a_position_names_its_ticker() -> None:
    message = account_updated_message(replace(CHANGE, ticker="COIN"))
    assert json.loads(message.body) == FIELDS | {"ticker": "COIN"}


@pytest.mark.parametrize("kind", ["Deposit", "Withdrawal", "Transfer", "Settlement", "Limits", "Halt", "Resume"])
@pytest.mark.parametrize("ticker", [None, "COIN"])
def test_a_change_of_each_kind_is_read_as_it_was_told(kind: str, ticker: str | None) -> None:
    change = replace(CHANGE, kind=AccountChangeKind(kind), ticker=ticker)
    assert change_from(json.loads(account_updated_message(change).body)) == change


def test_there_are_these_kinds_and_no_other() -> None:
    assert len(AccountChangeKind) == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "Gift"},
        {"accountSequence": "2"},
        {"accountSequence": -1},
        {"customerId": "3"},
        {"changeId": "no id"},
        {"time": "yesterday"},
        {"ticker": "coin"},
    ],
)
def test_what_is_not_a_change_of_an_account_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(UNREADABLE):
        change_from(FIELDS | fields)

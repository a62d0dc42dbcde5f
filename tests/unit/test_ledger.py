"""Postings, and what may be withdrawn."""

from decimal import Decimal

import pytest

from trading.domain.accounts.ledger import (
    BOOKING,
    ORDER,
    EntryKind,
    LedgerEntry,
    Line,
    Posting,
    Shares,
    deposited,
    held,
    held_back,
    settled,
    withdrawable,
)


def usd(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    "amounts",
    [{"cash": "0.01"}, {"cash": "1.00", "house": "-1.01"}, {"reserved": "5.00", "fees": "5.00", "clearing": "-9.99"}],
)
def test_a_posting_that_does_not_sum_to_zero_is_refused(amounts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="does not sum to zero"):
        Posting(**{account: usd(amount) for account, amount in amounts.items()})


def test_what_is_held_stays_the_customers_and_is_given_back_by_its_opposite() -> None:
    assert held(usd("10.00")) == Posting(cash=usd("-10.00"), reserved=usd("10.00"))
    assert not held(usd("10.00")) + held(usd("-10.00"))


def test_the_house_owes_what_was_deposited_and_pays_what_is_settled() -> None:
    assert deposited(usd("10.00")) + settled(usd("4.00")) == Posting(
        cash=usd("10.00"), clearing=usd("-4.00"), house=usd("-6.00")
    )


def test_shares_add_up_where_they_are() -> None:
    assert Shares(available=-5, reserved=5) + Shares(reserved=-5, settled=-5) == Shares(available=-5, settled=-5)
    assert not Shares(available=1) + Shares(available=-1)


@pytest.mark.parametrize(
    ("cash", "clearing", "shorted", "expected"),
    [
        ("100.00", "0.00", "0.00", "100.00"),
        ("100.00", "-30.00", "0.00", "70.00"),  # a sale that is not settled
        ("100.00", "30.00", "0.00", "100.00"),  # a purchase that is not settled was paid when it was made
        ("100.00", "0.00", "25.00", "75.00"),  # a short position has to be bought back
        ("20.00", "-30.00", "0.00", "0.00"),  # sale proceeds that were used to buy
    ],
)
def test_what_may_be_withdrawn_is_cash_that_is_there_and_not_needed(
    cash: str, clearing: str, shorted: str, expected: str
) -> None:
    assert withdrawable(usd(cash), usd(clearing), usd(shorted)) == usd(expected)


@pytest.mark.parametrize("account", ["cash", "reserved", "fees", "clearing"])
def test_each_account_counts_in_the_sum_of_a_posting(account: str) -> None:
    assert Posting(**{account: usd("1.00")}, house=usd("-1.00"))
    with pytest.raises(ValueError, match="does not sum to zero"):
        Posting(**{account: usd("1.00")}, house=usd("1.00"))


def test_a_posting_that_does_not_sum_to_zero_is_shown() -> None:
    with pytest.raises(ValueError, match=r"^a posting that does not sum to zero: Posting\(cash=Decimal\('0.01'\), "):
        Posting(cash=usd("0.01"))


def test_shares_of_each_kind_add_up_and_each_kind_moves_something() -> None:
    assert Shares(1, 2, 3) + Shares(10, 20, 30) == Shares(11, 22, 33)
    assert [bool(each) for each in (Shares(1), Shares(0, 1), Shares(0, 0, 1), Shares())] == [True, True, True, False]


@pytest.mark.parametrize(
    ("posting", "shares", "moves"),
    [
        (held(usd("1.00")), Shares(), True),
        (Posting(), Shares(settled=1), True),
        (held(usd("1.00")), Shares(settled=1), True),
        (Posting(), Shares(), False),
    ],
)
def test_a_line_moves_something_if_money_or_shares_moved(posting: Posting, shares: Shares, moves: bool) -> None:
    line = Line("ENTRY#1", "2026-11-22T14:30:00.123Z", ORDER, "1", "COIN", posting, shares)
    assert line.moves is moves


def test_a_line_says_its_kind_in_the_words_of_the_contract() -> None:
    """They are stored and shown, so they stay as they are."""
    kinds = [ORDER, BOOKING, *EntryKind]
    assert kinds == ["Order", "Booking", "Deposit", "Withdrawal", "Transfer", "Hold", "Settlement"]


def test_an_entry_has_the_date_of_its_time() -> None:
    assert LedgerEntry("1", "000002", EntryKind.DEPOSIT, "2026-11-22T14:30:00.123Z", "a transfer").date == "2026-11-22"


def test_sales_that_are_not_settled_and_short_positions_are_held_back() -> None:
    assert held_back(usd("-30.00"), usd("25.00")) == usd("55.00")
    assert held_back(usd("30.00"), usd("25.00")) == usd("25.00")

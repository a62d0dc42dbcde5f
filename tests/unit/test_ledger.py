"""Postings, and what may be withdrawn."""

from decimal import Decimal

import pytest

from trading.domain.ledger import Posting, Shares, deposited, held, settled, withdrawable


def usd(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    "amounts",
    [{"cash": "0.01"}, {"cash": "1.00", "house": "-1.01"}, {"reserved": "5.00", "fees": "5.00", "clearing": "-9.99"}],
)
def test_a_posting_that_does_not_sum_to_zero_is_none(amounts: dict[str, str]) -> None:
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

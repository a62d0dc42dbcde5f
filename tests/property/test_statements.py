"""Statements, whatever has moved: the end is the beginning and the lines, in each account and each ticker."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.support.strategies import bookings, cents
from trading.domain.accounts.ledger import ACCOUNTS, EntryKind, Line, Posting, Shares, deposited, held
from trading.domain.accounts.statements import Balances, Movement, statement_of
from trading.domain.executions import ExecutionReports, effect_of

TICKERS = st.sampled_from(["AMD", "COIN", "F"])
COUNTS = st.integers(-1000, 1000)
TIMES = st.integers(0, 9).map(lambda second: f"2026-11-22T14:30:0{second}.000Z")
POSTINGS = cents(-1_000_000, 1_000_000).map(deposited) | cents(-1_000_000, 1_000_000).map(held)
SHARES = st.builds(Shares, COUNTS, COUNTS, COUNTS)
BALANCES = st.builds(Balances, POSTINGS, st.dictionaries(TICKERS, SHARES))


@st.composite
def entries(draw: st.DrawFn) -> Movement:
    ticker, kind = draw(st.none() | TICKERS), draw(st.sampled_from(EntryKind))
    shares = draw(SHARES) if ticker else Shares()
    key = f"ENTRY#2026-11-22#{draw(st.uuids())}"
    return Movement(Line(key, draw(TIMES), kind.value, key[-36:], ticker, draw(POSTINGS), shares))


def booked(reports: ExecutionReports) -> Movement:
    key = f"TRADE#{reports.date}#{reports.booking_id}"
    effect = effect_of(reports)
    return Movement(
        Line(key, reports.time, "Booking", reports.booking_id, reports.ticker, effect.posting, effect.shares), reports
    )


MOVEMENTS = st.lists(entries() | bookings.map(booked), max_size=5)


@given(BALANCES, MOVEMENTS)
def test_each_account_closes_with_what_it_opened_with_and_its_lines(
    opening: Balances, movements: list[Movement]
) -> None:
    statement = statement_of(opening, movements)
    for account in ACCOUNTS:
        lines = sum((getattr(each.line.posting, account) for each in movements), Decimal(0))
        assert getattr(statement.changes, account) == lines
        assert getattr(statement.closing.accounts, account) == getattr(opening.accounts, account) + lines
    assert sum(getattr(statement.closing.accounts, account) for account in ACCOUNTS) == 0


@given(BALANCES, MOVEMENTS)
def test_each_ticker_closes_with_what_it_opened_with_and_its_lines(
    opening: Balances, movements: list[Movement]
) -> None:
    closing = statement_of(opening, movements).closing.shares
    tickers = {*opening.shares, *(str(each.line.ticker) for each in movements if each.line.ticker)}
    for ticker in tickers:
        moved = [each.line.shares for each in movements if each.line.ticker == ticker]
        assert closing.get(ticker, Shares()) == sum(moved, opening.shares.get(ticker, Shares()))


@given(BALANCES, MOVEMENTS, st.randoms(use_true_random=False))
def test_lines_that_move_something_stand_in_the_order_of_time_however_they_come(
    opening: Balances, movements: list[Movement], chance: object
) -> None:
    shuffled = list(movements)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a Random, of Hypothesis
    distinct = {each.place: each for each in shuffled}.values()
    statement = statement_of(opening, distinct)
    times = [each.line.time for each in statement.movements]
    assert times == sorted(times)
    assert statement == statement_of(opening, sorted(distinct, key=lambda each: each.line.its_id))
    assert all(each.line.posting or each.line.shares for each in statement.movements)


@given(MOVEMENTS)
def test_what_was_traded_explains_what_is_to_be_cleared(movements: list[Movement]) -> None:
    statement = statement_of(Balances(), [each for each in movements if each.reports])
    assert statement.changes.clearing == statement.bought - statement.sold
    assert statement.deposits == statement.withdrawals == 0
    assert statement.trades == sum(sum(1 for _ in each.reports.in_turn()) for each in movements if each.reports)


@given(MOVEMENTS)
def test_deposits_less_withdrawals_are_what_their_lines_brought_in(movements: list[Movement]) -> None:
    statement = statement_of(Balances(), movements)
    kinds = {EntryKind.DEPOSIT.value, EntryKind.WITHDRAWAL.value}
    brought_in = sum((each.line.posting.cash for each in movements if each.line.kind in kinds), Posting().cash)
    assert statement.deposits - statement.withdrawals == brought_in

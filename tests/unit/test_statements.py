"""Single rules of a statement: how its lines stand, and what it says where nothing moved."""

from dataclasses import replace

from tests.support import samples
from trading.domain.accounts.ledger import BOOKING, EntryKind, Line, Posting, Shares, deposited
from trading.domain.accounts.statements import Balances, Movement, statement_of
from trading.domain.messages.events import reports_from
from trading.domain.money import amount
from trading.domain.orders import PoolType

TIME = "2026-11-22T14:30:00.000Z"
LATER = "2026-11-22T14:30:00.001Z"
PAID_IN = Line("ENTRY#2026-11-22#b", TIME, EntryKind.DEPOSIT.value, "b", None, deposited(amount("10.00")), Shares())
[MESSAGE] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
REPORTS = reports_from(MESSAGE.body)


def line(key: str, kind: str, its_id: str, time: str = TIME) -> Movement:
    return Movement(replace(PAID_IN, key=key, kind=kind, its_id=its_id, time=time))


def test_lines_of_one_time_stand_by_their_keys_and_bookings_behind_them_by_their_ids() -> None:
    first, second = (
        line("ENTRY#2026-11-22#b", EntryKind.DEPOSIT.value, "z"),
        line("ORDER#a", "Order", "a"),
    )
    third, fourth = (
        line("TRADE#2026-11-22#1", BOOKING, "1"),
        line("REPORT#2026-11-22#2", BOOKING, "2"),
    )
    after = line("ENTRY#2026-11-22#a", EntryKind.DEPOSIT.value, "a", LATER)
    expected = (first, second, third, fourth, after)
    assert statement_of(Balances(), reversed(expected)).movements == expected


def test_a_day_without_trades_and_transfers_says_so_in_dollars_and_cents() -> None:
    statement = statement_of(Balances(), [])
    said = (statement.bought, statement.sold, statement.deposits, statement.withdrawals)
    assert [str(each) for each in said] == ["0.00"] * 4
    assert (statement.trades, statement.changes, statement.closing) == (0, Posting(), Balances())


def test_a_line_that_moves_no_shares_adds_no_ticker_to_the_balances() -> None:
    reserved = replace(PAID_IN, ticker="COIN")
    moved = replace(PAID_IN, ticker="AMD", shares=Shares(available=5))
    assert Balances().after([reserved, moved]).shares == {"AMD": Shares(available=5)}


def test_a_statement_counts_trades_by_execution_and_what_they_were_worth() -> None:
    booked = Movement(replace(PAID_IN, kind=BOOKING), REPORTS, LATER)
    statement = statement_of(Balances(), [booked, booked])
    assert (statement.trades, statement.bought) == (18, 2 * amount("1394606.60"))

"""What a booking does to accounts, positions and what is due, and the trades that it is shown as."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support.samples import order
from trading.domain.accounts.ledger import ACCOUNTS, Posting, Shares
from trading.domain.executions import (
    ChangeKind,
    ChangeOutcome,
    Due,
    Ending,
    Execution,
    ExecutionReports,
    OrderReport,
    effect_of,
    trades_of,
)
from trading.domain.ids import derived
from trading.domain.order_status import OrdStatus
from trading.domain.orders import PoolType, Side

BOOKED_AT = "2026-11-22T14:30:01.000Z"
BUY = order(1, "000002", Side.BUY, "COIN", 1500, "161.90")
SALE = order(2, "000002", Side.SELL, "COIN", 1000, "161.80")


def usd(text: str) -> Decimal:
    return Decimal(text)


def execution(quantity: int, price: str, fee: str = "0.00", venue: str = "EDGA", **fields: Any) -> Execution:
    return Execution(quantity, usd(price), venue, usd(fee), **fields)


BOUGHT = OrderReport(
    BUY, (execution(1000, "161.90", "0.30"), execution(200, "161.895", "0.20", "EBS")), usd("194500.00")
)
SOLD = OrderReport(SALE, (execution(300, "161.81", "0.15"),), usd("0.00"))
ENDED = Ending(700, OrdStatus.CANCELED, "requested")
REFUSED = ChangeOutcome("a change", ChangeKind.REPLACE, "not-reserved", returned=50)
REPLACED = ChangeOutcome("another", ChangeKind.REPLACE, None, 900, usd("161.85"), by=-100, returned=100)


def reports(*each: OrderReport, **fields: Any) -> ExecutionReports:
    made = ExecutionReports(
        derived("a test", "booking"), "000002", "COIN", PoolType.LIT, "2026-11-22T14:30:00.500Z", each
    )
    return replace(made, **fields)


# -------------------------------------------------------------------- reports


def test_what_is_filled_has_ended_and_was_asked_for_make_what_is_open_less() -> None:
    both = replace(SOLD, ending=ENDED, changes=(replace(REPLACED, by=30),))
    assert (both.filled, both.ended, both.by, both.taken) == (300, 700, 30, 970)
    assert (SOLD.ended, SOLD.by, SOLD.taken) == (0, 0, 300)
    assert replace(SOLD, changes=(REPLACED, REPLACED)).by == -200
    assert replace(SOLD, changes=(REPLACED, REFUSED)).returned == 150


def test_what_a_report_traded_is_worth_its_executions() -> None:
    """The notional is in whole cents, execution by execution; the turnover is exact."""
    half = replace(BOUGHT, executions=(execution(1, "161.895", "0.01"), execution(1, "161.905", "0.02")))
    assert (half.notional, half.turnover, half.fees) == (usd("323.80"), usd("323.800"), usd("0.03"))
    assert [each.notional for each in half.executions] == [usd("161.90"), usd("161.90")]
    nothing = OrderReport(BUY, (), usd("0.00"))
    assert [str(each) for each in (nothing.notional, nothing.turnover, nothing.fees)] == ["0.00"] * 3


@pytest.mark.parametrize(
    ("report", "refused"),
    [
        (OrderReport(BUY, (), usd("0.00"), changes=(REFUSED,)), True),
        (OrderReport(BUY, (), usd("0.00"), changes=(REFUSED, replace(REFUSED, reason="too-late"))), True),
        (OrderReport(BUY, (), usd("0.00"), changes=(REFUSED, REPLACED)), False),
        (OrderReport(BUY, (), usd("0.00")), False),
        (replace(SOLD, changes=(REFUSED,)), False),
        (OrderReport(BUY, (), usd("0.00"), ENDED, changes=(REFUSED,)), False),
        (replace(SOLD, ending=replace(ENDED, quantity=300), changes=(REFUSED,)), False),
    ],
)
def test_a_report_is_a_refusal_if_nothing_happened_but_that_changes_were_refused(
    report: OrderReport, refused: bool
) -> None:
    assert report.refused is refused


def test_a_booking_is_of_the_day_of_its_time() -> None:
    assert reports(SOLD, time="2026-11-22T23:59:59.999Z").date == "2026-11-22"


def test_a_booking_traded_if_any_order_did_and_counts_if_any_execution_does() -> None:
    nothing = OrderReport(BUY, (), usd("0.00"))
    not_counted = replace(SOLD, executions=(execution(300, "161.81", counted=False),))
    assert [reports(each).traded for each in (nothing, not_counted)] == [False, True]
    assert reports(nothing, SOLD).traded
    assert [reports(each).counted for each in (nothing, not_counted, SOLD)] == [False, False, True]
    assert reports(not_counted, SOLD).counted


def test_a_booking_closes_the_orders_of_which_nothing_is_open() -> None:
    assert reports(BOUGHT, SOLD).closed == 0
    assert reports(replace(BOUGHT, closed=True), SOLD, replace(SOLD, closed=True)).closed == 2


def test_executions_are_in_the_order_in_which_they_happened() -> None:
    first, second, third, last = execution(1, "10.00"), *(execution(2, "10.00", turn=turn) for turn in (1, 2, 3))
    bought, sold = replace(BOUGHT, executions=(first, third)), replace(SOLD, executions=(second, last))
    assert reports(bought, sold).in_turn() == [
        (bought, 0, first), (sold, 0, second), (bought, 1, third), (sold, 1, last),
    ]  # fmt: skip


def test_an_order_can_be_taken_out_of_a_booking_and_be_one_by_itself() -> None:
    both = reports(BOUGHT, SOLD)
    assert both.without({BUY.order_id}) == reports(SOLD)
    assert both.without(()) == both
    bought, sold = both.apart(BUY.order_id), both.apart(SALE.order_id)
    assert (bought.orders, sold.orders) == ((BOUGHT,), (SOLD,))
    assert len({both.booking_id, bought.booking_id, sold.booking_id}) == 3
    assert replace(bought, booking_id=both.booking_id) == reports(BOUGHT)
    assert both.apart(BUY.order_id) == bought


# ----------------------------------------------------------- what a booking does


def test_a_booking_pays_purchases_and_fees_out_of_what_it_releases_and_brings_in_sales() -> None:
    both = reports(BOUGHT, SOLD)
    assert (both.spent, both.proceeds) == (usd("194279.00"), usd("48543.00"))
    assert effect_of(both).posting == Posting(
        cash=usd("48763.35"), reserved=usd("-194500.00"), fees=usd("0.65"), clearing=usd("145736.00")
    )
    assert effect_of(reports(OrderReport(BUY, (), usd("0.00")))).posting == Posting()


def test_a_booking_of_no_order_posts_nothing_in_cents() -> None:
    """What is left of a booking whose orders are all booked apart."""
    assert {str(getattr(effect_of(reports()).posting, account)) for account in ACCOUNTS} == {"0.00"}


def test_a_booking_brings_shares_that_were_bought_and_takes_those_that_were_sold_out_of_the_reserved() -> None:
    assert effect_of(reports(BOUGHT, SOLD)).shares == Shares(available=1200, reserved=-300)


def test_shares_that_a_sale_does_not_sell_any_more_can_be_sold_again() -> None:
    ended = replace(SOLD, ending=replace(ENDED, quantity=600), changes=(REPLACED,))
    assert effect_of(reports(ended)).shares == Shares(available=700, reserved=-1000)
    bought = replace(BOUGHT, ending=ENDED, changes=(REFUSED,))
    assert effect_of(reports(bought)).shares == Shares(available=1200)


def test_what_is_bought_is_due_to_be_paid_and_to_come_in_on_the_value_date_of_its_venue() -> None:
    """EBS settles a day later than the US."""
    assert effect_of(reports(BOUGHT)).due == {
        "2026-11-23": Due(usd("161900.00"), 1000),
        "2026-11-24": Due(usd("32379.00"), 200),
    }


def test_what_is_due_on_a_date_is_the_net_of_purchases_and_sales() -> None:
    again = replace(SOLD, executions=(*SOLD.executions, execution(100, "162.00")))
    assert effect_of(reports(BOUGHT, again)).due["2026-11-23"] == Due(usd("97157.00"), 600)
    assert effect_of(reports(again)).due == {"2026-11-23": Due(usd("-64743.00"), -400)}
    assert effect_of(reports(OrderReport(BUY, (), usd("0.00")))).due == {}


def test_what_is_due_adds_up() -> None:
    assert Due(usd("1.50"), 3) + Due(usd("-2.00"), -5) == Due(usd("-0.50"), -2)


# --------------------------------------------------------------------- trades


def test_a_trade_has_the_fields_of_the_original_document_in_their_order_and_further_ones_after_them() -> None:
    [first, second] = trades_of(reports(BOUGHT), BOOKED_AT)
    assert list(first.items()) == [
        ("customerId", "000002"),
        ("direction", "Buy"),
        ("ticker", "COIN"),
        ("type", "Limit"),
        ("quantity", 1000),
        ("price", "161.90"),
        ("orderId", BUY.order_id),
        ("orderDate", BUY.order_date),
        ("initialQuantity", 1500),
        ("split", "Yes"),
        ("tradeId", derived(derived("a test", "booking"), f"trade 0 of {BUY.order_id}")),
        ("exchange", "EDGA"),
        ("exchangeType", "LitPool"),
        ("tradeDate", "2026-11-22T14:30:00.500Z"),
        ("fee", "0.30"),
        ("settlementDate", BOOKED_AT),
        ("valueDate", "2026-11-23"),
        ("arrivalBid", "161.88"),
        ("arrivalAsk", "161.90"),
    ]
    assert (
        first
        | {
            "quantity": 200,
            "price": "161.895",
            "tradeId": derived(derived("a test", "booking"), f"trade 1 of {BUY.order_id}"),
            "exchange": "EBS",
            "fee": "0.20",
            "valueDate": "2026-11-24",
        }
        == second
    )


@pytest.mark.parametrize(("quantity", "split"), [(999, "No"), (1000, "No"), (1001, "Yes")])
def test_an_order_is_split_if_it_is_larger_than_a_slice(quantity: int, split: str) -> None:
    one = replace(BUY, quantity=quantity)
    [trade] = trades_of(reports(OrderReport(one, (execution(1, "161.90"),), usd("0.00"))), BOOKED_AT)
    assert trade["split"] == split


def test_a_trade_names_its_clients_order_what_the_dark_pools_left_and_that_it_is_not_counted() -> None:
    named = replace(BUY, client_order_id="a-1")
    one = OrderReport(named, (execution(1, "161.90", counted=False),), usd("0.00"), not_matched_in_dark_pool=True)
    [trade] = trades_of(reports(one, pool=PoolType.DARK), BOOKED_AT)
    assert list(trade.items())[17:20] == [("clientOrderId", "a-1"), ("notMatchedInDarkPool", True), ("counted", False)]
    assert trade["exchangeType"] == "DarkPool"


@pytest.mark.parametrize(
    ("bid", "ask", "shown"),
    [
        ("161.80", None, {"arrivalBid": "161.80"}),
        (None, "161.90", {"arrivalAsk": "161.90"}),
        (None, None, {}),
    ],
)
def test_a_trade_has_the_sides_that_were_displayed_when_its_order_arrived(
    bid: str | None, ask: str | None, shown: dict[str, str]
) -> None:
    displayed = [None if price is None else usd(price) for price in (bid, ask)]
    arrived = replace(BUY, arrival_bid=displayed[0], arrival_ask=displayed[1])
    [trade] = trades_of(reports(OrderReport(arrived, (execution(1, "161.90"),), usd("0.00"))), BOOKED_AT)
    assert {name: value for name, value in trade.items() if name.startswith("arrival")} == shown


def test_trades_are_told_as_they_happened_and_each_has_an_id_of_its_own() -> None:
    bought = replace(BOUGHT, executions=(execution(1, "10.00"), execution(3, "10.00", turn=2)))
    sold = replace(SOLD, executions=(execution(2, "10.00", turn=1),))
    trades = [*trades_of(reports(bought, sold), BOOKED_AT)]
    assert [(trade["direction"], trade["quantity"]) for trade in trades] == [("Buy", 1), ("Sell", 2), ("Buy", 3)]
    other = trades_of(reports(bought, sold, booking_id=derived("a test", "other booking")), BOOKED_AT)
    assert len({trade["tradeId"] for trade in (*trades, *other)}) == 6


def test_a_booking_without_trades_is_worth_nothing_in_dollars_and_cents() -> None:
    nothing = reports(OrderReport(BUY, (), usd("0.00"), ENDED))
    assert (str(nothing.spent), str(nothing.proceeds)) == ("0.00", "0.00")

"""What the tape shows of a trade: its number, shares, price, exchange and who came in; of the house's own, nothing."""

from decimal import Decimal

import pytest

from trading.domain.matching.pool import HOUSE, Event
from trading.domain.matching.prints import prints_of
from trading.domain.matching.working_order import Rested, Traded, WorkingOrder
from trading.domain.orders import Side
from trading.domain.tape import Auction, Print


def trade(maker: str, taker: str, quantity: int = 300, *, buys: bool = True, auction: Auction | None = None) -> Traded:
    """A trade at 161.895 between orders of these accounts; whether the incoming one buys."""
    rested = WorkingOrder("rested", maker, not buys, quantity, 32379, venue="IEX")
    came = WorkingOrder("came", taker, buys, quantity, 32379)
    return Traded(rested, came, quantity, 32379, 0, 0, auction)


@pytest.mark.parametrize(("buys", "aggressor"), [(True, Side.BUY), (False, Side.SELL)])
def test_a_print_says_which_side_came_in(buys: bool, aggressor: Side) -> None:
    [each] = prints_of([trade("000001", "000002", buys=buys)], 7)
    assert each == Print(7, 300, Decimal("161.895"), "IEX", aggressor, None)


def test_nobody_came_in_in_an_auction() -> None:
    [each] = prints_of([trade("000001", "000002", auction=Auction.CLOSING)], 7)
    assert (each.aggressor, each.auction) == (None, Auction.CLOSING)


def test_what_the_house_trades_with_itself_is_not_printed_and_has_no_number() -> None:
    order = WorkingOrder("rests", "000001", buys=True, quantity=1, price=2)
    accounts = [("000001", "000002"), (HOUSE, HOUSE), (HOUSE, "000001"), ("000001", HOUSE), ("000001", "000001")]
    trades = [trade(maker, taker, 100 * number) for number, (maker, taker) in enumerate(accounts, 1)]
    events: list[Event] = [Rested(order, 1), *trades]
    printed = [(each.number, each.quantity) for each in prints_of(events, 5)]
    assert printed == [(5, 100), (6, 300), (7, 400), (8, 500)]

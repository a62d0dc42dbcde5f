"""Turns an order as it was entered into one that can be accepted: fixes all that its reservation depends on, and
refuses what a rule forbids.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from request_bodies import Entered

from trading.domain.accounts.limits import collared
from trading.domain.errors import Refusal
from trading.domain.market import Market
from trading.domain.orders import Order, PoolType
from trading.domain.quotes import MarketQuote, Quote
from trading.domain.session_rules import phase_of, refused
from trading.domain.times import iso, session_date

DETAILS = {
    "no-auction": "The lit pools are always open: there is no auction for OPG and CLS orders.",
    "auction-over": "The opening auction is over. OPG orders for the next one are taken after the close.",
}


def checked(entered: Entered, order_id: str, now: datetime, quotes: Mapping[str, MarketQuote], market: Market) -> Order:
    """The order with its id, dates, protection price and arrival quote. Raises Refusal where a rule forbids it."""
    if entered.quantity > market.limits.highest_quantity:
        raise Refusal("quantity-too-large", f"An order may have {market.limits.highest_quantity} shares at the most.")
    quote = quotes.get(entered.ticker)
    if quote is None:
        raise Refusal("unknown-ticker", f"{entered.ticker} is not traded here.")
    order = Order(
        order_id=order_id,
        customer_id=entered.customer_id,
        side=entered.side,
        ticker=entered.ticker,
        type=entered.type,
        quantity=entered.quantity,
        price=entered.price,
        order_date=iso(now),
        session_date=session_date(now),
        protection_price=entered.price or _collared(entered, quote.reference, market),
        highest_fee=market.highest_fee,
        highest_rate=market.highest_rate,
        slice_size=market.slice_size,
        client_order_id=entered.client_order_id,
        time_in_force=entered.time_in_force,
        stop_price=entered.stop_price,
        minimum_quantity=entered.minimum_quantity,
        post_only=entered.post_only,
        pool_only=entered.pool_only,
        self_trade=entered.self_trade,
        peg=entered.peg,
        peg_offset=entered.peg_offset,
        arrival_bid=quote.displayed.bid,
        arrival_ask=quote.displayed.ask,
    )
    _require_session(order, market)
    return order


def _require_session(order: Order, market: Market) -> None:
    """Raises Refusal where opening hours forbid the order: those of the dark pools if it stays there, else those of the
    lit pools. Where commands open and close the market, the engine decides.
    """
    pool = PoolType.DARK if order.pool_only else PoolType.LIT
    hours = market.hours[pool]
    phase = phase_of(hours.at(order.order_date))
    reason = refused(order, phase) if phase else None
    if reason == "market-closed":
        opening = hours.next_opening(order.order_date)
        raise Refusal(reason, f"The {pool.lower()} pools are closed until {opening}, and this order cannot wait.")
    if reason:
        raise Refusal(reason, DETAILS[reason])


def _collared(entered: Entered, quote: Quote, market: Market) -> Decimal:
    """The protection price of an order without a limit: a collar away from the quote, or from its stop price if it has
    one.
    """
    return collared(entered.side, entered.stop_price or quote.reference(entered.side), market.limits.collar)

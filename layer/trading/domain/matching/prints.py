"""What the events of a pool put on the tape."""

from collections.abc import Iterable, Iterator

from trading.domain import money
from trading.domain.matching.pool import HOUSE, Event
from trading.domain.matching.working_order import Traded
from trading.domain.orders import Side
from trading.domain.tape import Print


def prints_of(events: Iterable[Event], first: int) -> Iterator[Print]:
    """The prints of the events, numbered from `first` on. A trade of the house with itself is not shown."""
    number = first
    for event in events:
        if not isinstance(event, Traded) or event.maker.account == event.taker.account == HOUSE:
            continue
        aggressor = None if event.auction else Side.BUY if event.taker.buys else Side.SELL
        price = money.from_half_ticks(event.price)
        yield Print(number, event.quantity, price, event.maker.venue, aggressor, event.auction)
        number += 1

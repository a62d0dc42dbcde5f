"""Orders as a pool works them, and the events that happen to them there."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

from trading.domain.orders import SelfTrade, TimeInForce
from trading.domain.tape import Auction


class WorkingOrder:
    """An order that is in a book or comes in. `price` and `stop` are in half ticks; a price of None is any price.
    `quantity` is the total that was asked for last, `leaves` what is open of it. `follows` says that its price follows
    the quote. `terms` are the owner's; the book does not look at them.
    """

    __slots__ = (
        "account", "arrival", "buys", "follows", "id", "key", "leaves", "minimum", "post_only", "price", "quantity",
        "self_trade", "stop", "terms", "tif", "venue",
    )  # fmt: skip

    def __init__(
        self,
        id: str,  # noqa: A002 # its name on the wire
        account: str,
        buys: bool,  # noqa: FBT001
        quantity: int,
        price: int | None,
        tif: TimeInForce = TimeInForce.GTC,
        self_trade: SelfTrade = SelfTrade.CANCEL_NEWEST,
        venue: str = "",
        minimum: int = 0,
        post_only: bool = False,  # noqa: FBT001, FBT002
        stop: int | None = None,
        terms: Any = None,
    ) -> None:
        self.id = id
        self.account = account
        self.buys = buys
        self.quantity = quantity
        self.leaves = quantity
        self.price = price
        self.tif = tif
        self.self_trade = self_trade
        self.venue = venue
        self.minimum = minimum
        self.post_only = post_only
        self.stop = stop
        self.terms = terms
        self.key = 0
        self.arrival = 0
        self.follows = False

    def packed(self, terms: Callable[[Any], Any]) -> list[Any]:
        """The order as JSON values; `terms` converts its terms."""
        return [
            self.id, self.account, self.buys, self.quantity, self.price, self.tif, self.self_trade, self.venue,
            self.minimum, self.post_only, self.stop, terms(self.terms), self.leaves, self.arrival,
            *([True] if self.follows else []),
        ]  # fmt: skip

    @classmethod
    def unpacked(cls, values: Sequence[Any], terms: Callable[[Any], Any]) -> Self:
        """The order that `packed` was made of; `terms` restores its terms."""
        id_, account, buys, quantity, price, tif, self_trade, venue, minimum, post_only, stop, its, *state = values
        order = cls(
            id_, account, buys, quantity, price, TimeInForce(tif), SelfTrade(self_trade),
            venue, minimum, post_only, stop, terms(its),
        )  # fmt: skip
        order.leaves, order.arrival, *follows = state
        order.follows = bool(follows)
        return order


class Traded(NamedTuple):
    """The resting `maker` and the incoming `taker` traded at the maker's price; `…_leaves` is what is left of each.

    In an `auction` both orders stood in the book, the maker longer, and the price is the auction's. Older journals say
    True instead of its name.
    """

    maker: WorkingOrder
    taker: WorkingOrder
    quantity: int
    price: int
    maker_leaves: int
    taker_leaves: int
    auction: Auction | None = None


class Rested(NamedTuple):
    """The open part of the order rests in the book, at the end of its level."""

    order: WorkingOrder
    leaves: int


class Waiting(NamedTuple):
    """A stop order waits for the market to reach its stop, or an order for its auction."""

    order: WorkingOrder


class Elected(NamedTuple):
    """The market reached the order's stop."""

    order: WorkingOrder


class Canceled(NamedTuple):
    """A quantity of the order ended unfilled, for this reason; `leaves` is what is still open."""

    order: WorkingOrder
    quantity: int
    leaves: int
    reason: str


class Replaced(NamedTuple):
    """The order has a new total quantity and price. If it did not keep its place, it has left the book, and later
    events say where it went. `terms` are its new terms and `before` its old ones; both are None if its owner gave no
    new ones.
    """

    order: WorkingOrder
    quantity: int
    price: int | None
    leaves: int
    kept: bool
    terms: Any = None
    before: Any = None


class Moved(NamedTuple):
    """The pegged order has a new price, and stands at the end of the queue there. It then trades with what it met."""

    order: WorkingOrder
    price: int


class Rejected(NamedTuple):
    """A command changed nothing, for this reason."""

    order_id: str
    reason: str


class Ranked(NamedTuple):
    """The exchanges have new ranks."""

    ranks: dict[str, int]


class Called(NamedTuple):
    """At this time trading ended: from now on orders collect."""

    time: str


class Opened(NamedTuple):
    """At this time trading began: from now on orders trade with what they meet."""

    time: str


Event = Traded | Rested | Waiting | Elected | Canceled | Replaced | Moved | Rejected | Ranked | Called | Opened

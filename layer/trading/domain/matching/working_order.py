"""Orders as a book works them, and what happens to them there."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

from trading.domain.orders import SelfTrade, TimeInForce


class WorkingOrder:
    """An order on its way into the book or in it. `price` and `stop` in steps; no price is any price; `quantity` is
    the order's total as it was asked for last, `leaves` what is open of it; `terms` is its owner's and not looked at.
    """

    __slots__ = (
        "account", "arrival", "buys", "id", "key", "leaves", "minimum", "post_only", "price", "quantity",
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

    def packed(self, terms: Callable[[Any], Any]) -> list[Any]:
        """The order in values that JSON has, if `terms` makes such values of its terms."""
        return [
            self.id, self.account, self.buys, self.quantity, self.price, self.tif, self.self_trade, self.venue,
            self.minimum, self.post_only, self.stop, terms(self.terms), self.leaves, self.arrival,
        ]  # fmt: skip

    @classmethod
    def unpacked(cls, values: Sequence[Any], terms: Callable[[Any], Any]) -> Self:
        """The order that `packed` was made of; `terms` makes its terms again."""
        id_, account, buys, quantity, price, tif, self_trade, venue, minimum, post_only, stop, its, *state = values
        order = cls(
            id_, account, buys, quantity, price, TimeInForce(tif), SelfTrade(self_trade),
            venue, minimum, post_only, stop, terms(its),
        )  # fmt: skip
        order.leaves, order.arrival = state
        return order


class Traded(NamedTuple):
    """The resting `maker` and the incoming `taker` traded, at the maker's price; what either has left."""

    maker: WorkingOrder
    taker: WorkingOrder
    quantity: int
    price: int
    maker_leaves: int
    taker_leaves: int


class Rested(NamedTuple):
    """What is open of the order rests in the book, at the end of its level."""

    order: WorkingOrder
    leaves: int


class Waiting(NamedTuple):
    """A stop order waits for the market to reach its stop."""

    order: WorkingOrder


class Elected(NamedTuple):
    """The market reached the order's stop."""

    order: WorkingOrder


class Canceled(NamedTuple):
    """A quantity of the order ended unfilled, and why; `leaves` is what is still open."""

    order: WorkingOrder
    quantity: int
    leaves: int
    reason: str


class Replaced(NamedTuple):
    """The order has a new total quantity and price. If it did not keep its place it has left the book: what follows
    says where it went. `terms` are its new ones and `before` those it had, None where its owner gave no new ones.
    """

    order: WorkingOrder
    quantity: int
    price: int | None
    leaves: int
    kept: bool
    terms: Any = None
    before: Any = None


class Rejected(NamedTuple):
    """A command that changed nothing, and why."""

    order_id: str
    reason: str


class Ranked(NamedTuple):
    """The exchanges have a new order among equal prices."""

    ranks: dict[str, int]


Event = Traded | Rested | Waiting | Elected | Canceled | Replaced | Rejected | Ranked

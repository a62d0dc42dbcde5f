"""The calls about orders."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal

from trading_client.connection import Connection, path_of
from trading_client.schemas import (
    EnteredOrder,
    NewOrder,
    Order,
    OrderPreview,
    OrderWithLife,
    RequestedCancel,
    RequestedChange,
    RequestedMassCancel,
)


class Orders:
    """Orders: entered, found again, changed. Each call raises TradingError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enter(self, order: NewOrder) -> EnteredOrder:
        """Enters an order. It is repeated, when no answer comes, only if it has a `clientOrderId`.

        Raises Refused if a rule forbids it. After NoAnswer and Unavailable it may have been accepted or not: enter the
        same again under its `clientOrderId`, or ask for `order_id` of the exception a minute later.
        """
        answer = self._connection.call("POST", "/orders", order, repeatable="clientOrderId" in order)
        entered: EnteredOrder = answer["orders"][0]
        return entered

    def enter_many(self, orders: Sequence[NewOrder]) -> list[EnteredOrder]:
        """Enters up to 500 orders, and says in their order what came of each: one that was refused is `Rejected`
        and has a `problem`. They are repeated, when no answer comes, only if all have a `clientOrderId`.

        One whose state is `Unknown` may have been accepted or not: enter the same again under its `clientOrderId`.
        """
        repeatable = all("clientOrderId" in order for order in orders)
        entered: list[EnteredOrder] = self._connection.call("POST", "/orders", list(orders), repeatable=repeatable)[
            "orders"
        ]
        return entered

    def preview(self, order: NewOrder) -> OrderPreview:
        """What would come of an order: what it reserves and costs, and what forbids it. Nothing is stored."""
        preview: OrderPreview = self._connection.call("POST", "/order-previews", order, repeatable=True)
        return preview

    def get(self, customer_id: str, order_id: str) -> OrderWithLife:
        """An order as it is now, with all of its transitions and executions."""
        pages = list(self._connection.pages(path_of("customers", customer_id, "orders", order_id)))
        lists: dict[str, Any] = {
            name: [each for page in pages for each in page[name]] for name in ("transitions", "executions")
        }
        order: OrderWithLife = pages[-1] | lists
        return order

    def list(
        self,
        customer_id: str,
        *,
        state: Literal["open", "ended", "all"] = "all",
        ticker: str | None = None,
        date: str | None = None,
        client_order_id: str | None = None,
        page_size: int | None = None,
    ) -> Iterator[Order]:
        """A customer's orders as they are now, the newest first. Pages are asked for as they are needed, with at most
        `page_size` orders each, 500 without it. `date` is the day of entry in UTC, like 2026-11-22.
        """
        query = {"state": state, "ticker": ticker, "date": date, "clientOrderId": client_order_id, "limit": page_size}
        for page in self._connection.pages(path_of("customers", customer_id, "orders"), query):
            yield from page["orders"]

    def replace(
        self,
        customer_id: str,
        order_id: str,
        *,
        quantity: int | None = None,
        price: Decimal | str | None = None,
        client_order_id: str | None = None,
    ) -> RequestedChange:
        """Asks for another total quantity, another limit, or both; the engine decides, the order shows what came of it.
        It is repeated, when no answer comes, only with a `client_order_id`, one of its own.
        """
        asked = {"quantity": quantity, "price": price, "clientOrderId": client_order_id}
        body = {name: value for name, value in asked.items() if value is not None}
        path = path_of("customers", customer_id, "orders", order_id)
        repeatable = client_order_id is not None
        requested: RequestedChange = self._connection.call("PATCH", path, body, repeatable=repeatable)
        return requested

    def cancel(self, customer_id: str, order_id: str) -> RequestedCancel:
        """Asks to cancel what is open of an order; a fill may be faster. If the order has ended, the answer has the
        state in which it ended.
        """
        path = path_of("customers", customer_id, "orders", order_id)
        requested: RequestedCancel = self._connection.call("DELETE", path)
        return requested

    def cancel_all(self, customer_id: str, *, ticker: str | None = None) -> RequestedMassCancel:
        """Asks to cancel all that is open of a customer, in a ticker or in all. The customer may trade on."""
        path = path_of("customers", customer_id, "orders")
        requested: RequestedMassCancel = self._connection.call("DELETE", path, query={"ticker": ticker})
        return requested

"""What bookings change of a customer: read once for a batch of reports, then as each booking leaves it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trading.aws.store import customer_items, dynamodb, keys
from trading.aws.store.positions import Position, position_of
from trading.domain.executions import ExecutionReports


@dataclass(slots=True)
class CustomerState:
    """The number of the customer's last booking, its positions by ticker and its orders by id, as far as they are
    there.
    """

    table: str
    customer_id: str
    sequence: int = 0
    positions: dict[str, Position] = field(default_factory=dict)
    orders: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def read(self, bookings: Iterable[ExecutionReports]) -> None:
        """Reads what these reports are to change, in one call per hundred items."""
        wanted = list(dict.fromkeys((key["PK"], key["SK"]) for reports in bookings for key in _keys(reports)))
        found = dynamodb.get_many(self.table, [keys.Key(PK=pk, SK=sk) for pk, sk in wanted], consistent=True)
        for item in found:
            if item["SK"].startswith(keys.ORDER):
                self.orders[item["orderId"]] = item
            elif item["SK"].startswith(keys.POSITION):
                self.positions[item["SK"].removeprefix(keys.POSITION)] = position_of(item)
            else:
                self.sequence = customer_items.sequence_of(item)

    def position(self, ticker: str) -> Position:
        return self.positions.get(ticker, Position())

    def copy(self) -> "CustomerState":
        """A copy, to try out what bookings would change."""
        return replace(self, positions=dict(self.positions), orders=dict(self.orders))


def _keys(reports: ExecutionReports) -> Iterator[keys.Key]:
    yield keys.customer(reports.customer_id)
    if reports.traded:
        yield keys.position(reports.customer_id, reports.ticker)
    for each in reports.orders:
        yield keys.order(reports.customer_id, each.order.order_id)

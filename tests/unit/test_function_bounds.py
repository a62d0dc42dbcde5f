"""The bounds that single functions keep to: of a call, a page, a transaction. Who changes one, changes it here too."""

from datetime import timedelta

import pytest

from tests.support.stages import imported

OF_FUNCTIONS = {
    "account_keeper/app.RESERVED_SECONDS": 19,
    "archive_compactor/app.DAYS": 14,
    "archive_compactor/app.RESERVED_SECONDS": 200,
    "archive_compactor/compaction.MAX_BYTES": 64_000_000,
    "archive_compactor/compaction.MAX_OBJECTS": 500,
    "credential_keeper/app.RESERVED_SECONDS": 10,
    "data_extractor/accounts.POSITIONS_PER_PAGE": 500,
    "data_extractor/accounts.LINES_PER_PAGE": 1_000,
    "data_extractor/accounts.LINES_AT_ONCE": 100,
    "data_extractor/accounts.ENTRIES_PER_PAGE": 5_000,
    "data_extractor/listings.PER_PAGE": 500,
    "data_extractor/market_data.BARS_PER_PAGE": 500,
    "data_extractor/market_data.PRINTS_PER_PAGE": 500,
    "data_extractor/market_data.DAYS_AT_ONCE": 20,
    "data_extractor/market_data.DAYS_BACK": 365,
    "data_extractor/orders.ORDERS_PER_PAGE": 500,
    "data_extractor/orders.ORDERS_AT_ONCE": 100,
    "data_extractor/orders.READ_PER_PAGE": 1_000,
    "data_extractor/orders.STEPS_PER_PAGE": 100,
    "data_extractor/trades.TRADES_PER_PAGE": 1_000,
    "live_connections/actions.RESERVED_SECONDS": 5.0,
    "live_connections/missed_updates.MAX_UPDATES": 500,
    "live_connections/missed_updates.MAX_READ": 2_000,
    "live_connections/missed_updates.LATE": timedelta(minutes=5),
    "live_connections/missed_updates.OLDEST": timedelta(days=1),
    "order_entry/limits_cache.CROWDED_SECONDS": 60.0,
    "order_entry/request_bodies.ORDERS_PER_REQUEST": 500,
    "order_entry/submission.CUSTOMERS_AT_ONCE": 8,
    "post_trade_processor/booking.MAX_WRITES": 100,
    "post_trade_processor/booking.WRITES_OF_A_TICKER": 5,
    "settlement/settlement_run.CUSTOMERS_AT_ONCE": 8,
    "settlement/settlement_run.POSITIONS_AT_ONCE": 1_000,
    "trades_data_aggregator/day.MAX_AT_ONCE": 100,
    "trades_data_aggregator/day.MAX_MINUTES": 24,
    "trades_data_aggregator/day.MAX_LATE": 24,
}
ENVIRONMENT = {"TRADES_STORE": "trades", "ARCHIVE_BUCKET": "archive"}


@pytest.mark.parametrize("bound", OF_FUNCTIONS)
def test_a_function_keeps_to_its_bounds(bound: str) -> None:
    place, _, name = bound.partition(".")
    stage, _, module = place.partition("/")
    assert getattr(imported(stage, ENVIRONMENT, module), name) == OF_FUNCTIONS[bound]


def test_a_tally_begins_with_nothing_done() -> None:
    compacted = imported("archive_compactor", ENVIRONMENT, "compaction").Compacted()
    assert (compacted.merged, compacted.written, compacted.finished) == (0, 0, False)
    tally = imported("settlement", ENVIRONMENT, "settlement_run").SettlementTally()
    assert (tally.settled, tally.net, tally.left) == (0, 0, 0)

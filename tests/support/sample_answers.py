"""What each stage answers to its sample events, in short."""

from collections.abc import Mapping
from typing import Any

ANSWERS: Mapping[str, Any] = {
    "api_authorizer/credentials": "Allow",
    "api_authorizer/wrong_secret": "Deny",
    "api_authorizer/not_basic": "Deny",
    "order_entry/order": 202,
    "order_entry/array": 202,
    "order_entry/malformed": 400,
    "order_entry/cancel": 202,
    "order_entry/cancel_all": 202,
    "order_entry/replace": 202,
    "account_keeper/deposit": 201,
    "account_keeper/withdrawal": 201,
    "account_keeper/open": 200,
    "account_keeper/shares_in": 201,
    "account_keeper/shares_out": 201,
    "account_keeper/limits": 200,
    "account_keeper/halt": 200,
    "account_keeper/resume": 200,
    "credential_keeper/issue": 201,
    "credential_keeper/revoke": 200,
    "ticker_keeper/list": 200,
    "ticker_keeper/quote": 202,
    "ticker_keeper/confirmed": 202,
    "credential_keeper/sign_in": 201,
    "order_entry/preview": 200,
    "data_extractor/caller": 200,
    "broker_ui/page": 200,
    "broker_ui/file": 404,
    "live_connections/authenticate": 200,
    "live_connections/subscribe": 200,
    "live_connections/resume": 200,
    "live_connections/ping": 200,
    "live_connections/unsubscribe": 200,
    "live_connections/disconnect": 200,
    "live_updates/orders_updated": [],
    "live_updates/account_updated": [],
    "live_market/market_updated": [],
    "market_data/quotes": [],
    "smart_order_router/orders": None,
    "smart_order_router/changes": None,
    "smart_order_router/halt": None,
    "smart_order_router/mass_cancel": None,
    "smart_order_router/account_changes": None,
    "dark_pool_matching_engine/new_order": [],
    "dark_pool_matching_engine/replace_order": [],
    "dark_pool_matching_engine/cancel_orders": [],
    "dark_pool_matching_engine/quote_changed": [],
    "lit_pool_matching_engine/new_order": [],
    "lit_pool_matching_engine/cancel_order": [],
    "lit_pool_matching_engine/quote_changed": [],
    "lit_pool_matching_engine/watch_quote": [],
    "lit_pool_matching_engine/not_matched_in_dark_pool": [],
    "post_trade_processor/execution_reports": [],
    "trades_data_aggregator/entries": None,
    "archiver/bookings": None,
    "snapshot_taker/entries": None,
    "session_close/schedule": None,
    "settlement/schedule": "2026-11-24",
    "archive_compactor/schedule": 14,
    "reconciler/schedule": "2026-11-22",
    "api_docs/openapi": 200,
    "api_docs/docs": 200,
    "data_extractor/orders": 200,
    "data_extractor/customers": 200,
    "data_extractor/session": 200,
    "data_extractor/tickers": 200,
    "data_extractor/trades": 200,
    "data_extractor/customer": 200,
    "data_extractor/positions": 200,
    "data_extractor/ledger": 200,
    "data_extractor/statement": 200,
    "data_extractor/statement_csv": 200,
    "data_extractor/order": 200,
    "data_extractor/ticker": 200,
    "data_extractor/book": 200,
    "data_extractor/bars": 200,
    "data_extractor/tape": 200,
    "operations_desk/stages": 200,
    "operations_desk/dead_letters": 200,
    "operations_desk/reconciliation": 200,
}
"""A policy's effect, an HTTP status, what is settled up to, how many days were merged, the day that was compared, the
records that failed; stages of a stream answer nothing, or raise.
"""


def gist(answer: Any) -> Any:
    """What matters of an answer to whoever invoked the function."""
    if answer is None:
        return None
    if "policyDocument" in answer:
        return answer["policyDocument"]["Statement"][0]["Effect"]
    if "valueDate" in answer:
        return answer["valueDate"]
    if "days" in answer:
        return answer["days"]
    if "report" in answer:
        return answer["date"]
    return answer["statusCode"] if "statusCode" in answer else answer["batchItemFailures"]

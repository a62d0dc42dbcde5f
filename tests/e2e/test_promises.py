"""What holds on the deployed system whatever happens: nothing lost, nothing twice, money exact, and quick."""

import json
import statistics
import time
import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.system import System, eventually
from tests.support import version_1
from trading.aws import keys


def test_a_broken_message_is_parked_with_its_reason_and_the_next_order_of_its_ticker_trades(system: System) -> None:
    sqs = system.aws("sqs")
    sqs.send_message(
        QueueUrl=system.queue("lit_pool_matching_engine"),
        MessageBody="{broken",
        MessageGroupId="COIN",
        MessageDeduplicationId=str(uuid.uuid4()),
    )
    customer = system.customer()
    assert customer.settled(customer.accepted(quantity=7))

    def parked() -> dict[str, Any] | None:
        answer = sqs.receive_message(
            QueueUrl=system.queue("lit_pool_matching_engine-parked"), MessageAttributeNames=["All"]
        )
        return next(iter(answer.get("Messages", [])), None)

    message = eventually(parked, "the message to be parked")
    assert message["Body"] == "{broken"
    assert "not a message of the Orders topic" in message["MessageAttributes"]["reason"]["StringValue"]
    sqs.delete_message(QueueUrl=system.queue("lit_pool_matching_engine-parked"), ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.parametrize("stage", ["dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor"])
def test_sending_every_message_of_a_queue_again_changes_nothing(system: System, stage: str) -> None:
    customer = system.customer()
    customer.settled(customer.accepted(ticker="AMD", price="114.25", quantity=5000))
    _drain(system)
    before = (_without_quotes(system), system.archived())
    pool = {"dark_pool_matching_engine": "dark", "lit_pool_matching_engine": "lit"}.get(stage)
    sent = 0
    for entry in system.items("ORDER_BOOKS_NAME"):
        for message in version_1.told(entry)["content"]["messages"]:
            kind = message["attributes"].get("poolType", "trades").lower()
            if kind == (pool or "trades"):
                system.aws("sqs").send_message(
                    QueueUrl=system.queue(stage),
                    MessageBody=message["body"],
                    MessageGroupId=message["group"],
                    MessageDeduplicationId=str(uuid.uuid4()),
                )
                sent += 1
    assert sent or pool == "dark"
    _drain(system)
    assert (_without_quotes(system), system.archived()) == before


def test_the_books_are_exact(system: System) -> None:
    customer = system.customer(AMD=10_000)
    for order in (
        {"ticker": "AMD", "price": "114.20", "direction": "Sell", "quantity": 3456},
        {"ticker": "TSLA", "type": "Market", "price": None, "quantity": 1234},
        {"ticker": "F", "price": "20.31", "quantity": 999},
    ):
        customer.settled(customer.accepted(**order))
    _drain(system)
    items = system.items("TRADES_STORE_NAME")
    for account in (item for item in items if item["SK"] == item["PK"] and item["PK"].startswith("CUST#")):
        left = account["cash"] + account["reserved"] + account["spent"] + account["fees"]
        assert left == account["deposits"] - account["withdrawals"] + account["proceeds"], account
        assert account["reserved"] == 0
    for stored in (item for item in items if item["SK"].startswith("ORDER#") and item["acceptance"] == "Accepted"):
        ended = stored["cumulativeQuantity"] + stored["canceledQuantity"]
        assert (ended, stored["leavesQuantity"]) == (stored.get("orderQuantity", stored["initialQuantity"]), 0)
        assert stored["reserved"] == 0
    archived = [json.loads(line) for body in system.archived().values() for line in body.splitlines()]
    assert len({trade["tradeId"] for trade in archived}) == len(archived)
    mine = [trade for trade in archived if trade["customerId"] == customer.id]
    assert sorted(mine, key=str) == sorted(customer.trades(), key=str)
    assert customer.account()["fees"] == sum(Decimal(trade["fee"]) for trade in mine)


def test_warm_the_answer_takes_less_than_100_ms_and_settlement_less_than_500(system: System) -> None:
    customer = system.customer()
    answered, settled = [], []
    for _ in range(15):
        start = time.perf_counter()
        order_id = customer.accepted()
        answered.append(time.perf_counter() - start)
        customer.settled(order_id)
        settled.append(time.perf_counter() - start)
    print(f"\nPOST {_spread(answered)}, settled {_spread(settled)} (one order in flight)")
    assert statistics.median(answered) < 0.1
    assert statistics.median(settled) < 0.5


def _spread(times: list[float]) -> str:
    low, middle, high = min(times), statistics.median(times), max(times)
    return f"median {1000 * middle:.0f} ms ({1000 * low:.0f} to {1000 * high:.0f})"


def _drain(system: System) -> None:
    """Waits until no queue has a message, waiting or in work, nor has had one for a moment, and until what goes through
    the table's stream has come to its end: every accepted order is executed, every booking counted.
    """
    sqs = system.aws("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    urls = [url for url in sqs.list_queues()["QueueUrls"] if "parked" not in url]
    quiet = 0

    def look() -> bool | None:
        nonlocal quiet
        counts = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for url in urls]
        quiet = quiet + 1 if all(int(each[name]) == 0 for each in counts for name in names) else 0
        return (quiet > 10 and _all_counted(system.items("TRADES_STORE_NAME"))) or None

    eventually(look, "all queues to be empty and all bookings counted")


def _all_counted(items: list[dict[str, Any]]) -> bool:
    orders = [item for item in items if item["SK"].startswith("ORDER#")]
    booked = [item for item in items if item["SK"].startswith("TRADE#")]
    keys_of_markers = {
        (key["PK"], key["SK"])
        for item in booked
        for key in [keys.counted_booking(item["ticker"], item["time"][:10], item["bookingId"])]
    }
    stored = {(item["PK"], item["SK"]) for item in items}
    return keys_of_markers <= stored and not any(order["leavesQuantity"] for order in orders)


def _without_quotes(system: System) -> list[str]:
    return sorted(
        str(sorted(item.items())) for item in system.items("TRADES_STORE_NAME") if item["SK"] not in {"QUOTE", "BOOK"}
    )

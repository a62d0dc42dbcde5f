"""What holds on the deployed system whatever happens: nothing lost, nothing twice, money exact, and quick."""

import statistics
import time
import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.promises import Stored, broken, drain
from tests.e2e.system import System, eventually
from tests.support import version_1
from trading.aws.engine.journal import POINTER


def test_a_broken_message_is_dead_lettered_with_its_reason_and_the_next_order_of_its_ticker_trades(
    system: System,
) -> None:
    sqs = system.aws("sqs")
    sqs.send_message(
        QueueUrl=system.queue("lit_pool_matching_engine"),
        MessageBody="{broken",
        MessageGroupId="COIN",
        MessageDeduplicationId=str(uuid.uuid4()),
    )
    customer = system.customer()
    assert customer.settled(customer.accepted(quantity=7))

    def dead_lettered() -> dict[str, Any] | None:
        answer = sqs.receive_message(
            QueueUrl=system.queue("lit_pool_matching_engine-dlq"), MessageAttributeNames=["All"]
        )
        return next(iter(answer.get("Messages", [])), None)

    message = eventually(dead_lettered, "the message to be dead-lettered")
    assert message["Body"] == "{broken"
    assert "not a message of the Orders topic" in message["MessageAttributes"]["reason"]["StringValue"]
    sqs.delete_message(QueueUrl=system.queue("lit_pool_matching_engine-dlq"), ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.parametrize("stage", ["dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor"])
def test_sending_every_message_of_a_queue_again_changes_nothing(system: System, stage: str) -> None:
    customer = system.customer()
    customer.settled(customer.accepted(ticker="AMD", price="114.25", quantity=5000))
    drain(system)
    before = (_without_quotes(system), system.archived())
    pool = {"dark_pool_matching_engine": "dark", "lit_pool_matching_engine": "lit"}.get(stage)
    sent = 0
    for entry in (item for item in system.items("ORDER_BOOKS_NAME") if item["SK"] != POINTER):
        for message in version_1.told(entry)["content"]["messages"]:
            kind = message["attributes"].get("poolType", "trades").lower()
            if kind == (pool or "trades") and message["topic"] != "market":
                system.aws("sqs").send_message(
                    QueueUrl=system.queue(stage),
                    MessageBody=message["body"],
                    MessageGroupId=message["group"],
                    MessageDeduplicationId=str(uuid.uuid4()),
                )
                sent += 1
    assert sent or pool == "dark"
    drain(system)
    assert (_without_quotes(system), system.archived()) == before


def test_accounts_orders_and_archive_agree_to_the_cent(system: System) -> None:
    customer = system.customer(AMD=10_000)
    for order in (
        {"ticker": "AMD", "price": "114.20", "direction": "Sell", "quantity": 3456},
        {"ticker": "TSLA", "type": "Market", "price": None, "quantity": 1234},
        {"ticker": "F", "price": "20.31", "quantity": 999},
    ):
        customer.settled(customer.accepted(**order))
    drain(system)
    stored = Stored(system)
    assert broken(stored) == []
    archived = stored.archived()
    mine = [trade for trade in archived if trade["customerId"] == customer.id]
    assert sorted(mine, key=str) == sorted(customer.trades(), key=str)
    assert customer.account()["fees"] == sum(Decimal(trade["fee"]) for trade in mine)


@pytest.mark.alone
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


def _without_quotes(system: System) -> list[str]:
    return sorted(
        str(sorted(item.items())) for item in system.items("TRADES_STORE_NAME") if item["SK"] not in {"QUOTE", "BOOK"}
    )

"""The seed's promise: its order goes in, its trades come out."""

from decimal import Decimal

from tests.support.account_invariants import open_ends
from tests.support.orders import SEED
from tests.support.world import CASH, World

SEEDS_FIELDS = [
    "customerId", "direction", "ticker", "type", "quantity", "price", "orderId", "orderDate", "initialQuantity",
    "split", "tradeId", "exchange", "exchangeType", "tradeDate", "fee", "settlementDate",
]  # fmt: skip
US = ("IEX", "ISLAND", "BATS", "BAT.BYX", "EDGX", "EDGA", "NASDAQ", "NASDAQ.ARCA")
NOW = "2026-11-22T14:30:00.123Z"


def test_the_seeds_order_settles_into_eight_trades_of_a_thousand_and_one_of_the_rest(world: World) -> None:
    status, answer = world.post(SEED)
    world.settle()
    [entered] = answer["orders"]
    trades = world.archived()
    drawn = ("quantity", "tradeId", "exchange", "fee", "valueDate")
    assert (status, entered["state"]) == (202, "PendingNew")
    assert [trade["quantity"] for trade in trades] == [1000] * 8 + [614]
    assert len({trade["tradeId"] for trade in trades}) == 9
    assert all(list(trade) == [*SEEDS_FIELDS, "valueDate", "arrivalBid", "arrivalAsk"] for trade in trades)
    assert [{name: value for name, value in trade.items() if name not in drawn} for trade in trades] == [
        {
            "customerId": "000002",
            "direction": "Buy",
            "ticker": "COIN",
            "type": "Limit",
            "price": "161.90",
            "orderId": entered["orderId"],
            "orderDate": NOW,
            "initialQuantity": 8614,
            "split": "Yes",
            "exchangeType": "LitPool",
            "tradeDate": NOW,
            "settlementDate": NOW,
            "arrivalBid": "161.88",
            "arrivalAsk": "161.90",
        }
    ] * 9
    assert {trade["exchange"]: trade["valueDate"] for trade in trades} == dict.fromkeys(US, "2026-11-23") | {
        "EBS": "2026-11-24"
    }


def test_the_seeds_order_costs_its_quantity_times_its_price_and_the_fees_of_its_trades(world: World) -> None:
    world.post(SEED)
    world.settle()
    fees = sum((Decimal(trade["fee"]) for trade in world.archived()), Decimal(0))
    spent = 8614 * Decimal("161.90")
    assert open_ends(world) == []
    has = {
        "customerId": "000002",
        "cash": f"{Decimal(CASH) - spent - fees:.2f}",
        "reserved": "0.00",
        "spent": f"{spent:.2f}",
        "fees": f"{fees:.2f}",
        "proceeds": "0.00",
        "deposits": CASH,
        "withdrawals": "0.00",
    }
    status, shown = world.get("/customers/{customerId}", customerId="000002")
    assert (status, shown) == (200, shown | has)


def test_what_is_announced_archived_and_answered_are_the_same_trades(world: World) -> None:
    world.post(SEED)
    world.settle()
    [settled] = [
        each.content for each in world.pipeline.published if each.attributes.get("eventType") == "tradesSettled"
    ]
    status, answer = world.get("/trades/{customerId}", customerId="000002")
    assert (status, answer) == (200, {"trades": world.archived()})
    assert settled["trades"] == world.archived()

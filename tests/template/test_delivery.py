"""Every message and every record reaches exactly those whom it is for: the filters, held against what is published."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events, samples, schemas
from tests.support.clock import START
from tests.support.filters import passes
from tests.template.deployed import STACK, deployed, target
from trading.aws.engine.journal import POINTER
from trading.aws.store import account_changes, dynamodb, items, keys, ledger
from trading.domain.accounts.ledger import EntryKind, LedgerEntry
from trading.domain.errors import Refusal
from trading.domain.executions import effect_of, trades_of
from trading.domain.messages.account_updates import AccountChangeKind, account_updated_message
from trading.domain.messages.events import booked_message, reports_from
from trading.domain.messages.quotes import quote_message
from trading.domain.messages.wire import Message
from trading.domain.orders import PoolType
from trading.domain.quotes import QuoteUpdate
from trading.domain.times import iso

SYSTEM = deployed("dev")
TOPICS = SYSTEM.of_type("AWS::SNS::Topic")
SUBSCRIPTIONS = SYSTEM.of_type("AWS::SNS::Subscription")
STREAMS = {
    name: each for name, each in SYSTEM.of_type("AWS::Lambda::EventSourceMapping").items() if "StartingPosition" in each
}


def published() -> list[Message]:
    """One message of each kind and route at least, as the stages publish them."""
    commands = [
        *samples.routed(PoolType.DARK, samples.DARK),
        *samples.routed(PoolType.LIT, samples.SEED),
    ]
    decided = [
        *samples.published(PoolType.DARK, commands[:1]),
        *samples.published(PoolType.LIT, commands[1:]),
    ]
    bookings = [reports_from(message.body) for message in decided if message.topic == "trades"]
    quote = quote_message(QuoteUpdate("COIN", Decimal("161.95"), Decimal("161.97"), 300, 200, iso(START), "broker"))
    booked = [booked_message(each, iso(START), trades_of(each, iso(START))) for each in bookings]
    changed = account_updated_message(samples.NEW_LIMITS)
    return [*commands, *decided, *booked, *map(samples.updated, bookings), changed, quote]


def receivers(message: Message) -> set[str]:
    """The subscriptions that a message is delivered to."""
    return {
        name
        for name, each in SUBSCRIPTIONS.items()
        if TOPICS[target(each["TopicArn"])]["TopicName"] == f"{STACK}-{message.topic}.fifo"
        and passes(dict(message.attributes), [each["FilterPolicy"]])
    }


MEANT = {
    ("ordersRouted", "Dark"): {"DarkPoolMatchingEngineSubscription"},
    ("ordersRouted", "Lit"): {"LitPoolMatchingEngineSubscription"},
    ("executionReports", ""): {"PostTradeProcessorSubscription"},
    ("ordersUpdated", ""): {"LiveUpdatesSubscription"},
    ("accountUpdated", ""): {"LiveUpdatesSubscription"},
    ("tradesSettled", ""): set(),
    ("marketUpdated", "Dark"): {"LiveMarketSubscription"},
    ("marketUpdated", "Lit"): {"LiveMarketSubscription"},
    ("quote", ""): {"MarketDataSubscription"},
}


def test_every_message_reaches_exactly_the_subscriptions_it_is_meant_for() -> None:
    messages = published()
    kinds = {(json.loads(each.body)["type"], each.attributes.get("poolType", "")) for each in messages}
    assert kinds == set(MEANT)
    assert {kind for kind, _ in kinds} == set(schemas.MESSAGES)
    for each in messages:
        assert receivers(each) == MEANT[json.loads(each.body)["type"], each.attributes.get("poolType", "")]


def test_every_subscription_gets_something() -> None:
    assert set().union(*(receivers(each) for each in published())) == set(SUBSCRIPTIONS) - set(UNROUTED.values())


UNROUTED = {name: f"{name.title()}UnroutedSubscription" for name in ("orders", "trades", "market", "quotes")}
WRONG = [
    {"poolType": "Grey"},
    {"poolType": "dark"},
    {"eventType": "executionReport"},
    {"pooltype": "Dark"},
    {"other": "1"},
]


@pytest.mark.parametrize("topic", UNROUTED)
@pytest.mark.parametrize("attributes", WRONG)
def test_what_no_stage_subscribes_to_reaches_the_queue_for_it_and_nothing_else(
    topic: str, attributes: dict[str, str]
) -> None:
    assert receivers(Message(topic, attributes, "COIN", "1", "{}")) == {UNROUTED[topic]}


def test_a_message_without_any_attribute_is_delivered_to_nobody_and_counted() -> None:
    """SNS documents of `exists: false` that it matches only where another attribute is there."""
    alarms = SYSTEM.of_type("AWS::CloudWatch::Alarm")
    for topic in TOPICS:
        if topic == "AlarmTopic":
            continue
        alarm = alarms[f"{topic.removesuffix('Topic')}WithoutAttributesAlarm"]
        assert alarm["MetricName"] == "NumberOfNotificationsFilteredOut-NoMessageAttributes"
        assert alarm["Dimensions"] == [{"Name": "TopicName", "Value": {"Fn::GetAtt": [topic, "TopicName"]}}]
        assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)


DEPOSIT = LedgerEntry("1", "000002", EntryKind.DEPOSIT, "2026-11-22T14:30:00.123Z", "opening")


def item_kinds() -> dict[str, tuple[dict[str, Any], set[str]]]:
    """An item of every kind that the tables have, and the mappings that are to see that it was inserted."""
    refused = items.order_item(samples.SEED, Refusal("refused", "for a reason"))
    entry = samples.first_entry(PoolType.LIT)
    booking = items.booking_item(REPORTS, effect_of(REPORTS), iso(START), sequence=1)
    return {
        "order": (items.order_item(samples.SEED), {"SmartOrderRouterMapping"}),
        "order that was refused": (refused, set()),
        "journal entry": (entry | {"snapshot": None}, set()),
        "journal entry at which a snapshot is due": (entry, {"SnapshotTakerMapping"}),
        "journal entry with trades for the tape": (samples.printed_entry(), {"TradesDataAggregatorMapping"}),
        "pointer at a snapshot": ({"PK": entry["PK"], "SK": POINTER, "snapshot": 200}, set()),
        "booking": (booking, {"ArchiverMapping"}),
        "traded_booking": (dict(keys.traded_booking("000002", "2026-11-22", "1")), {"ArchiverMapping"}),
        "change": (items.change_item(samples.CANCEL, samples.route(samples.SEED)), {"SmartOrderRouterMapping"}),
        "mass_cancel": (items.mass_cancel_item(samples.MASS_CANCEL), {"SmartOrderRouterMapping"}),
        "suspension": (items.suspension_item(samples.SUSPENSION), {"SmartOrderRouterMapping"}),
        "listed": (dict(keys.listed("COIN")), set()),
        "reference": (dict(keys.reference("000002", "ORDER#1")), set()),
        "client_order": (dict(keys.client_order("000002", "ORDER#1")), set()),
        "customer": (dict(keys.customer("000002")), set()),
        "position": (dict(keys.position("000002", "COIN")), set()),
        "ticker_day": (dict(keys.ticker_day("COIN", "2026-11-22")), set()),
        "bar": (dict(keys.bar("COIN", "1m", "2026-11-22T14:30")), set()),
        "tape": (dict(keys.tape("COIN", "1")), set()),
        "quote": (dict(keys.quote("COIN")), set()),
        "book": (dict(keys.book("COIN")), set()),
        "entry": (ledger.entry_item(DEPOSIT), set()),
        "entry that is told": (account_changes.entry_item(DEPOSIT, 1), {"SmartOrderRouterMapping"}),
        "control": (account_changes.control_item(samples.NEW_LIMITS), {"SmartOrderRouterMapping"}),
        "known": (dict(keys.known("000002")), set()),
        "due": (dict(keys.due("2026-11-24", "000002", "COIN")), set()),
        "closing": (dict(keys.closing("000002", "2026-11-22")), set()),
        "missed": (dict(keys.missed("000002", "2026-11-22")), set()),
        "credential": (dict(keys.credential("TRADE#1")), set()),
        "sign_in": (dict(keys.sign_in("TRADE#1")), set()),
        "connection": (dict(keys.connection("1")), set()),
        "subscription": (dict(keys.subscription("TICKER#COIN", "1")), set()),
    }


[MESSAGE] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
REPORTS = reports_from(MESSAGE.body)
ITEMS = item_kinds()


def test_there_is_an_item_of_every_kind() -> None:
    assert set(ITEMS) >= {
        name for name, each in vars(keys).items() if getattr(each, "__annotations__", {}).get("return") is keys.Key
    }


@pytest.mark.parametrize("kind", ITEMS)
@pytest.mark.parametrize("change", ["INSERT", "MODIFY", "REMOVE"])
def test_a_record_of_the_table_reaches_exactly_the_functions_it_is_meant_for(kind: str, change: str) -> None:
    item, meant = ITEMS[kind]
    record = events.inserted(dynamodb.to_item(item)) | {"eventName": change}
    assert (meant if change == "INSERT" else set()) == {
        name
        for name, each in STREAMS.items()
        if passes(record, [json.loads(rule["Pattern"]) for rule in each["FilterCriteria"]["Filters"]])
    }


@pytest.mark.parametrize("kind", AccountChangeKind)
def test_every_kind_of_change_of_an_account_is_told(kind: AccountChangeKind) -> None:
    item = account_changes.control_item(replace(samples.NEW_LIMITS, kind=kind))
    patterns = STREAMS["SmartOrderRouterMapping"]["FilterCriteria"]["Filters"]
    record = events.inserted(dynamodb.to_item(item)) | {"eventName": "INSERT"}
    assert passes(record, [json.loads(rule["Pattern"]) for rule in patterns])


STREAM_SECONDS = 24 * 60 * 60
"""For how long DynamoDB keeps a record of a stream."""
AT_ONCE = {
    "SmartOrderRouterMapping": 1,
    "SnapshotTakerMapping": 10,
    "TradesDataAggregatorMapping": 1,
    "ArchiverMapping": 1,
}
"""Batches of a shard at once: one where all of a ticker meet in one item, or go into one object."""
GATHERED = {"ArchiverMapping": {"BatchSize": 5000, "MaximumBatchingWindowInSeconds": 300}}
"""What a stage waits for that wants its records many at once."""


@pytest.mark.parametrize("mapping", STREAMS)
def test_a_stream_is_read_from_its_beginning_and_what_it_would_drop_is_given_up_whole_before(mapping: str) -> None:
    each = dict(STREAMS[mapping])
    table = SYSTEM.of_type("AWS::DynamoDB::Table")[target(each["EventSourceArn"])]
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert target(each["FunctionName"]) in SYSTEM.of_type("AWS::Lambda::Alias")
    for name in ("EventSourceArn", "FunctionName", "FilterCriteria"):
        del each[name]
    assert each == {
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "ParallelizationFactor": AT_ONCE[mapping],
        "MaximumRetryAttempts": -1,
        "MaximumRecordAgeInSeconds": STREAM_SECONDS - 2 * 60 * 60,
        "MetricsConfig": {"Metrics": ["EventCount"]},
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Archive", "Arn"]}}},
    } | GATHERED.get(mapping, {})


def test_every_stream_has_alarms_on_being_behind_and_on_what_it_dead_letters() -> None:
    alarms = SYSTEM.of_type("AWS::CloudWatch::Alarm")
    metrics = SYSTEM.of_type("AWS::Logs::MetricFilter")
    for mapping in STREAMS:
        stage = mapping.removesuffix("Mapping")
        assert alarms[f"{stage}BehindAlarm"]["MetricName"] == "IteratorAge"
        assert alarms[f"{stage}BehindAlarm"]["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": stage}}]
        [transformation] = metrics[f"{stage}DeadLetteredMetric"]["MetricTransformations"]
        assert metrics[f"{stage}DeadLetteredMetric"]["LogGroupName"] == {"Ref": f"{stage}Logs"}
        for name, value in (("Namespace", "MetricNamespace"), ("MetricName", "MetricName")):
            assert alarms[f"{stage}DeadLetteredAlarm"][name] == transformation[value]


def test_every_stream_has_alarms_on_what_lambda_gave_up_and_on_what_of_that_it_could_not_keep() -> None:
    alarms = SYSTEM.of_type("AWS::CloudWatch::Alarm")
    for mapping in STREAMS:
        stage = mapping.removesuffix("Mapping")
        for alarm, metric, dimension in (
            ("GivenUp", "OnFailureDestinationDeliveredEventCount", ("EventSourceMappingUUID", mapping)),
            ("NotKept", "DestinationDeliveryFailures", ("FunctionName", stage)),
        ):
            each = alarms[f"{stage}{alarm}Alarm"]
            assert (each["Namespace"], each["MetricName"], each["Statistic"]) == ("AWS/Lambda", metric, "Sum")
            assert each["Dimensions"] == [{"Name": dimension[0], "Value": {"Ref": dimension[1]}}]
            assert (each["Threshold"], each["ComparisonOperator"]) == (0, "GreaterThanThreshold")

"""The bounds that stages keep to, and the limits of AWS that they stay within: who changes one, changes it here too."""

from datetime import timedelta

import pytest

from trading.aws import clients, time_limit
from trading.aws.api import requests
from trading.aws.engine import journal, snapshots, ticker_state
from trading.aws.messaging import queues, sockets, streams, topics
from trading.aws.store import (
    archive,
    closings,
    credentials,
    dynamodb,
    order_bookings,
    order_state,
    sign_ins,
    subscriptions,
    transactions,
)
from trading.domain.matching.lit import LitPool
from trading.domain.order_status import OrderEvent


@pytest.mark.parametrize(
    ("bound", "value"),
    [
        (topics.BATCH_ENTRIES, 10),
        (topics.BATCH_BYTES, 240_000),
        (sockets.FRAME_BYTES, 100_000),
        (queues.MAX_ATTEMPTS, 20),
        (queues.MAX_PAUSE, 60),
        (requests.BODY_BYTES, 1_000_000),
        (requests.FAULTS_LISTED, 50),
        (journal.PART_BYTES, 350_000),
        (journal.PAGE, 100),
        (journal.DIGEST_LETTERS, 32),
        (snapshots.KEPT, 2),
        (ticker_state.REMEMBERED_SESSIONS, 2),
        (closings.KEEPING_SECONDS, 5.0),
        (closings.MAX_MISSED, 4000),
        (subscriptions.LAPSE_SECONDS, 150),
        (subscriptions.MAX_CHANNELS, 50),
        (sign_ins.CODE_BYTES, 32),
        (sign_ins.CODE_LASTS, timedelta(minutes=10)),
        (sign_ins.CREDENTIAL_LASTS, timedelta(hours=12)),
        (archive.READINGS, 5),
        (order_bookings.MAX_NAMED, 16),
        (order_bookings.NAME_BYTES, 20),
        (streams.LATER_SECONDS, 900),
        (credentials.SECRET_BYTES, 32),
        (credentials.KEY_ID_LENGTH, 128),
        (dynamodb.BATCH_ATTEMPTS, 8),
        (transactions.RETRIED, {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}),
        (clients.MAX_CALL_SECONDS, 9),
        (clients.MAX_THREADS, 16),
        (time_limit.SPARE_SECONDS, 1.0),
    ],
)
def test_a_stage_keeps_to_its_bounds(bound: object, value: object) -> None:
    assert bound == value


@pytest.mark.parametrize(
    ("bound", "limit"),
    [
        (topics.BATCH_ENTRIES, 10),  # PublishBatch
        (topics.BATCH_BYTES, 262_144),
        (sockets.FRAME_BYTES, 131_072),  # a message of a WebSocket API
        (requests.BODY_BYTES, 6 * 1024 * 1024),  # what Lambda is given at once
        (journal.PART_BYTES, 409_600),  # an item
        (credentials.KEY_ID_LENGTH + len("APIKEY#"), 1024),  # a sort key
        (subscriptions.MAX_CHANNELS + 1, 100),  # writes of a transaction: the connection and its channels
    ],
)
def test_a_bound_is_within_what_aws_takes(bound: int, limit: int) -> None:
    assert 0 < bound <= limit


def test_a_conflict_is_waited_out_in_pauses_of_half_a_second_at_most() -> None:
    pauses = [min(dynamodb.FIRST_PAUSE * 2**number, dynamodb.MAX_PAUSE) for number in range(7)]
    assert pauses == [0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5]


def test_an_item_says_by_an_attribute_that_a_request_waits_and_a_cancel_comes_behind_a_replacement() -> None:
    assert list(order_state.REQUESTS.items()) == [
        ("pendingReplace", OrderEvent.REPLACE_REQUESTED),
        ("pendingCancel", OrderEvent.CANCEL_REQUESTED),
    ]


def test_what_older_releases_stored_and_other_parts_look_for_keeps_its_words() -> None:
    """The format of a snapshot and of gzip, the pointer's number, the marks of an entry, the day before all days."""
    assert (snapshots.SCHEMA, snapshots.GZIP) == (1, 31)
    assert (journal.POINTER, journal.DUE, journal.PRINTED) == (0, "due", "printed")
    assert (closings.BEFORE_ALL, subscriptions.CUSTOMER) == ("1999-12-31", "CUST#")
    assert (sockets.GONE, requests.BEYOND) == ("GoneException", "a number beyond any range")
    assert (order_bookings.NAMED, order_bookings.EARLIER, archive.FOLDER) == ("bookings", "earlier", "trades/dt=")
    assert queues.FAILED == "group failed and will be delivered again"
    assert queues.LATE == "failed records come again only after the queue's visibility time-out"


def test_a_ticker_without_a_journal_is_at_entry_0() -> None:
    assert ticker_state.TickerState(LitPool()).sequence == 0

"""A stage ends with an error before Lambda stops it, and what it was given comes again in seconds, not in minutes."""

import ast
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ReadTimeoutError

from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.cloud import timeout_of
from tests.support.orders import entered
from tests.support.stages import FUNCTIONS, STAGES, Context
from tests.support.world import World
from trading.aws.clients import ATTEMPT_SECONDS, MAX_CALL_SECONDS
from trading.aws.time_limit import SPARE_SECONDS, TIME_LIMIT, OutOfTime

QUEUES = ("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor")
AGAIN = "sqs.ChangeMessageVisibilityBatch"


class Late(Context):
    """So many seconds before the function is stopped."""

    def __init__(self, stage: str, seconds: float) -> None:
        super().__init__(stage)
        self._milliseconds = int(seconds * 1000)


def given(world: World, stage: str) -> dict[str, Any]:
    """A message that waits for the stage."""
    world.change_market(darkPoolTickers=["COIN"] if stage == QUEUES[0] else [])
    world.post(entered(quantity=10))
    world.pipeline.run(but_not=stage)
    return events.sqs(world.pipeline.take(stage))


@pytest.mark.parametrize("stage", QUEUES)
def test_a_stage_that_a_queue_feeds_begins_nothing_that_may_outlast_it_and_has_its_messages_come_again_soon(
    world: World, stage: str
) -> None:
    event = given(world, stage)
    world.stage(stage)
    world.faults.calls.clear()
    enough_to_give_back = ATTEMPT_SECONDS + SPARE_SECONDS + 0.1
    answer = world.stage(stage).module.handler(event, Late(stage, enough_to_give_back))
    assert answer == {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in event["Records"]]}
    assert world.faults.calls[-1] == AGAIN
    assert len(world.pipeline.published) == len({each.id for each in world.pipeline.published})
    world.deliver(stage, event)
    world.settle()
    assert open_ends(world) == []


def test_a_stage_without_any_time_left_still_answers(world: World) -> None:
    event = given(world, "lit_pool_matching_engine")
    answer = world.stage("lit_pool_matching_engine").module.handler(event, Late("lit_pool_matching_engine", 0.5))
    assert len(answer["batchItemFailures"]) == 1


def test_an_attempt_is_not_begun_that_could_outlast_the_stage(world: World) -> None:
    attempts: list[str] = []

    def time_out(request: Any, **_: Any) -> None:
        attempts.append(request.url)
        world.clock.advance(seconds=ATTEMPT_SECONDS)
        raise ReadTimeoutError(endpoint_url=request.url)

    event = events.token(events.basic("broker-1", "secret"))
    hooks = world.client("dynamodb").meta.events
    hooks.register_last("before-send", time_out)
    try:
        for seconds, begun in ((timeout_of("api_authorizer"), 2), (2 * ATTEMPT_SECONDS, 1)):
            attempts.clear()
            with pytest.raises(BotoCoreError):
                world.stage("api_authorizer").module.handler(event, Late("api_authorizer", seconds))
            assert len(attempts) == begun
    finally:
        hooks.unregister("before-send", time_out)


@pytest.mark.parametrize(
    "stage",
    ["order_entry", "data_extractor", "operations_desk", "account_keeper", "credential_keeper", "ticker_keeper"],
)
def test_a_caller_gets_an_answer_when_there_is_no_time_left(world: World, stage: str) -> None:
    calls = {
        "order_entry": events.post_orders(entered(quantity=10)),
        "data_extractor": events.get("/customers/{customerId}", {"customerId": "000002"}, None),
        "operations_desk": events.get("/operations/stages", {}),
        "credential_keeper": events.credentials("POST", None, {"role": "broker"}),
        "ticker_keeper": events.listing("NEW", {"bid": "1.00", "ask": "1.02"}),
        "account_keeper": events.account("PUT", "limits", "000002", {"highestOrderValue": "10.00"}),
    }
    assert world.stage(stage).module.handler(calls[stage], Late(stage, 2))["statusCode"] == 503


@pytest.mark.parametrize("stage", sorted(set(STAGES) - {"api_docs", "broker_ui"}))  # they make no calls
def test_every_stage_has_its_calls_end_before_it_does(stage: str) -> None:
    module = ast.parse((FUNCTIONS / stage / "app.py").read_text())
    [handler] = [each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == "handler"]
    assert "time_limited" in [ast.unparse(each) for each in handler.decorator_list]


def test_a_time_limit_ends_with_what_it_was_for() -> None:
    with TIME_LIMIT.until(0), pytest.raises(OutOfTime):
        TIME_LIMIT.require(1)
    TIME_LIMIT.require(MAX_CALL_SECONDS)

"""The router writes the routes of a batch several at once."""

from collections import Counter
from typing import Any

import boto3
import pytest

from tests.support.new_world import CLIENTS
from tests.support.orders import SEED
from tests.support.world import World

ROUTER = "smart_order_router"


def test_a_cold_router_makes_each_client_once_however_many_orders_it_is_given(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.post([SEED] * 20)[0] == 202
    made: Counter[str] = Counter()
    make = boto3.client

    def counted(service: str, **fields: Any) -> Any:
        made[service] += 1
        return make(service, **fields)  # type: ignore[call-overload] # the name is not a literal

    monkeypatch.setattr(boto3, "client", counted)
    for client in CLIENTS:
        client.cache_clear()
    world.new_stage(ROUTER)({"Records": world.pipeline.unread(ROUTER)})
    assert made == {"dynamodb": 1, "sns": 1, "ssm": 1}

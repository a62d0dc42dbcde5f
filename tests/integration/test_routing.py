"""The router writes the routes of a batch several at once."""

import threading
from typing import Any

import boto3
import pytest

from tests.support.new_world import CLIENTS
from tests.support.orders import SEED
from tests.support.world import World

ROUTER = "smart_order_router"


def test_a_cold_router_makes_its_clients_before_it_has_threads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread would make one of its own."""
    assert world.post([SEED] * 20)[0] == 202
    made: list[tuple[str, str]] = []
    make = boto3.client

    def noted(service: str, **fields: Any) -> Any:
        made.append((service, threading.current_thread().name))
        return make(service, **fields)  # type: ignore[call-overload] # the name is not a literal

    monkeypatch.setattr(boto3, "client", noted)
    for client in CLIENTS:
        client.cache_clear()
    world.new_stage(ROUTER)({"Records": world.pipeline.unread(ROUTER)})
    assert sorted(made) == [(service, "MainThread") for service in ("dynamodb", "sns", "ssm")]

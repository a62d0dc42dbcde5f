"""What is told of an order is what the contract says of it, and what happened."""

from tests.support import schemas
from tests.support.contract import CONTRACT


def test_an_order_is_told_with_the_fields_that_the_api_shows() -> None:
    told = schemas.schema("ordersUpdated")["properties"]["orders"]["items"]
    answered = CONTRACT["components"]["schemas"]["Order"]
    assert set(told["properties"]) == {*answered["properties"], "happened"}
    assert set(told["required"]) == {*answered["required"], "customerSequence", "happened"}

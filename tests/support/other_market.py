"""A market with nothing of the one that an order was accepted in: what a stage committed must not follow it."""

from tests.support.world import World

VENUE = {"fee": ["7.00", "8.00"], "maker": "0.0500", "taker": "0.0600", "cap": "9.00"}


def change_everything(world: World) -> None:
    """Other venues, fees, slices, routes and quotes, known to functions that start cold."""
    world.change_market(
        darkPoolTickers=["COIN", "IBM"],
        darkPools={"NEW-DARK": VENUE},
        litPools={"NEW-LIT": VENUE},
        sliceSize=7,
        limits={"highestQuantity": 70_000, "collar": "0.05"},
    )
    for ticker in ("AMD", "COIN", "IBM"):
        world.put_quote(ticker, "1.00", "2.00")
    world.cool_down()

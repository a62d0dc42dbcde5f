"""Scenarios of orders, their customers and their days."""

from tests.crash.scenarios.scenario import mine, scenario
from tests.crash.story import Story
from tests.support import events
from tests.support.orders import entered

ROUTER = "smart_order_router"


@scenario("seed")
def seed_order(story: Story) -> None:
    story.post(mine("seed"))
    story.settle()


@scenario()
def without_an_own_id(story: Story) -> None:
    story.post(entered(quantity=10))
    story.settle()


@scenario("sale", "buy")
def dark_order(story: Story) -> None:
    """The first half rests in the dark until the second comes; what is left over goes on to the lit pools."""
    story.world.put_customer("000001", "10000000.00", AMD=2500)
    story.post(mine("sale", customerId="000001", direction="Sell", ticker="AMD", quantity=2500, price="114.24"))
    story.post(mine("buy", ticker="AMD", quantity=5500, price="114.30"))
    story.settle()


@scenario("lit", "dark", "sale", "market")
def mixed_array(story: Story) -> None:
    story.world.put_customer("000001", "700000.00", AMD=2500)
    story.post(
        mine("lit"),
        mine("dark", customerId="000001", ticker="AMD", quantity=5500, price="114.25"),
        mine("sale", customerId="000001", direction="Sell", ticker="AMD", type="Market", quantity=2500, price=None),
        mine("market", ticker="IBM", type="Market", quantity=10, price=None),
        mine("unknown", ticker="NONE"),
        mine("too-dear", customerId="000001", quantity=10_000),
        mine("of-nobody", customerId="999999", quantity=1),
    )
    story.settle()


@scenario()
def cancel_races_fill(story: Story) -> None:
    """The cancel is asked for when the engine has filled a part and nothing of it is booked yet."""
    story.world.put_customer("000001", "10000000.00", AMD=2500)
    story.post(mine("sale", customerId="000001", direction="Sell", ticker="AMD", quantity=2500, price="114.00"))
    story.post(mine("buy", ticker="AMD", quantity=4000, price="114.10", poolOnly=True))
    story.settle(but_not="post_trade_processor")
    story.cancel("buy")
    story.cancel("sale", of="000001")
    story.settle()


@scenario("first")
def bookings_together(story: Story) -> None:
    """Messages of a customer wait together to be booked, several of them on one order: accepted, executed in parts,
    canceled.
    """
    story.world.put_customer("000001", "1000000.00", COIN=100, IBM=100)
    resting = {"price": "161.89", "quantity": 90}
    for name in ("first", "second"):
        story.post(mine(name, **resting))
        story.settle(but_not="post_trade_processor")
    story.post(mine("other", ticker="IBM", price="133.50", quantity=10))
    story.settle(but_not="post_trade_processor")
    for quantity in (40, 60):
        story.post(entered(customerId="000001", direction="Sell", quantity=quantity, price="161.89"))
        story.settle(but_not="post_trade_processor")
    story.cancel("second")
    story.settle()


@scenario()
def cancel_overtakes_order(story: Story) -> None:
    """The stream's records come in the wrong order, and then in the right one."""
    story.post(mine("order", quantity=100, price="150.00"))
    story.cancel("order")
    records = story.world.pipeline.unread(ROUTER)
    story.invoke(ROUTER, events.reversed_records({"Records": records}))
    story.settle()


@scenario()
def replace_in_the_dark(story: Story) -> None:
    """A part of the order rests in the dark while it is made larger and dearer, and then smaller."""
    story.world.put_customer("000001", "10000000.00", AMD=1500)
    story.post(mine("buy", ticker="AMD", quantity=3000, price="114.24", poolOnly=True))
    story.settle(but_not="dark_pool_matching_engine")
    story.replace("buy", quantity=5000, price="114.30")
    story.post(mine("sale", customerId="000001", direction="Sell", ticker="AMD", quantity=1500, price="114.24"))
    story.settle(but_not="post_trade_processor")
    story.cancel("buy")
    story.settle()


@scenario("sale", "buy")
def market_orders(story: Story) -> None:
    story.world.put_customer("000001", "0.00", IBM=700)
    story.post(
        mine("sale", customerId="000001", direction="Sell", ticker="IBM", type="Market", quantity=700, price=None)
    )
    story.post(mine("buy", ticker="IBM", type="Market", quantity=1500, price=None))
    story.settle()


@scenario("fits", "does")
def insufficient_funds(story: Story) -> None:
    """The first fits, the second does not, a third does; a sale of what is not there."""
    story.world.put_customer("000002", "3000.00")
    story.post(
        mine("fits", quantity=10),
        mine("does-not", quantity=10),
        mine("does", quantity=2),
        mine("short", direction="Sell", quantity=5),
    )
    story.settle()


@scenario("million")
def million_shares(story: Story) -> None:
    story.world.put_customer("000001", "200000000.00")
    story.post(mine("million", customerId="000001", ticker="AMD", quantity=1_000_000, price="161.90"))
    story.settle()


@scenario()
def day_end(story: Story) -> None:
    """Day orders and one that lasts rest in both kinds of pool; the last ends with its customer's trading."""
    story.post(
        mine("lit", quantity=100, price="150.00"),
        mine("dark", ticker="AMD", quantity=100, price="100.00", poolOnly=True),
        mine("lasts", quantity=100, price="151.00", timeInForce="GTC"),
    )
    story.next_day()
    story.account("PUT", "halt")
    story.settle()
    story.account("DELETE", "halt")
    story.settle()


@scenario("buy", "other", "sale")
def settlement(story: Story) -> None:
    """Bought on one day and sold in part on the next, and all of it settled; money goes out when it is settled."""
    story.post(mine("buy", quantity=1200), mine("other", ticker="IBM", quantity=10, price="133.58"))
    story.next_day()
    story.post(mine("sale", direction="Sell", quantity=300, price="161.88"))
    story.next_day()
    story.account("POST", "cash", {"type": "Withdrawal", "amount": "100.00", "reference": "rent"})
    story.next_day()


@scenario("sale")
def accounts(story: Story) -> None:
    """A customer is new, brings in cash and shares, sells some of these and takes others out."""
    new = "000004"
    story.account("PUT", "", of=new)
    story.account("POST", "cash", {"type": "Deposit", "amount": "100.00", "reference": "wire-1"}, of=new)
    shares = {"ticker": "COIN", "quantity": 100}
    bought = {"type": "Deposit", "cost": "12345.67", "reference": "transfer-1", **shares}
    story.account("POST", "shares", bought, of=new)
    story.post(mine("sale", customerId=new, direction="Sell", quantity=30, price="161.88"))
    story.settle()
    gone = {"type": "Withdrawal", "reference": "transfer-2", **shares, "quantity": 50}
    story.account("POST", "shares", gone, of=new)
    story.next_day()


@scenario("trades", SnapshotEvery="1")
def snapshots(story: Story) -> None:
    """A snapshot is taken of every entry of the journals."""
    story.post(mine("rests", quantity=10, price="150.00"))
    story.settle()
    story.post(mine("trades", quantity=10), mine("dark", ticker="AMD", quantity=20, price="114.25"))
    story.settle()
    story.cancel("rests")
    story.settle()


@scenario()
def archive(story: Story) -> None:
    """Bookings are archived one by one and together, merged, and merged again with one that comes late."""
    story.post(mine("first"), mine("other", customerId="000001", ticker="IBM", quantity=10, price="133.58"))
    story.settle()
    story.post(mine("second", quantity=1200))
    story.settle()
    story.invoke("archive_compactor", {"date": story.today})
    story.post(mine("late", quantity=10))
    story.settle()
    story.invoke("archive_compactor", {"date": story.today})
    story.next_day()


@scenario(MatchingModel="simulated")
def simulated(story: Story) -> None:
    """Chance decides instead of order books."""
    story.post(mine("seed"), mine("dark", ticker="AMD", quantity=5500, price="114.25"))
    story.settle()

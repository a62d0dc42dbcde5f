"""A whole system in memory: the template's resources, the stages, and what a broker and an operator do with them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import boto3

from reconciliation.comparison import Stores, reconcile
from tests.support import archived_trades, backdoor, contract, events, order_states, pristine
from tests.support.clock import Clock
from tests.support.cloud import Cloud, operators_client
from tests.support.faults import Faults
from tests.support.pipeline import Delivery, Pipeline, Published
from tests.support.stages import Stage
from trading.aws import clients, clock
from trading.aws.messaging.topics import Topics
from trading.aws.store import accounts, dynamodb, keys, ledger, transactions
from trading.aws.store.days import DAY, day_fields
from trading.aws.store.order_bookings import NAMED
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, deposited
from trading.domain.credentials import digest
from trading.domain.ids import derived
from trading.domain.messages import quotes
from trading.domain.quotes import QuoteUpdate
from trading.domain.times import iso

CASH = "10000000.00"
QUOTES = {
    "AMD": ("114.24", "114.25"),
    "COIN": ("161.88", "161.90"),
    "F": ("20.29", "20.30"),
    "IBM": ("133.56", "133.58"),
}
TABLES = ("TradesStore", "OrderBooks")
ORDER = "/customers/{customerId}/orders/{orderId}"


class World:
    """Customers 000001 to 000003 have CASH and no shares, QUOTES are known; everything else a test puts in."""

    def __init__(self, session: boto3.Session, clock: Clock, **parameters: str) -> None:
        self.clock = clock
        self.tampered = False
        """Whether a test changes stored orders itself: then their lives are not compared with the table of states."""
        self._session = session
        put_back = pristine.put_back(parameters)
        self.cloud = put_back or Cloud(session, **parameters)
        self._dynamodb = operators_client(session, "dynamodb")
        self._sqs = operators_client(session, "sqs")
        self._ssm = operators_client(session, "ssm")
        self._used: dict[str, Any] = {
            name: getattr(clients, name)() for name in ("dynamodb", "sns", "sqs", "s3", "ssm")
        }
        address = self.cloud.environment("live_updates")["STREAM_ADDRESS"]
        self._used["connections"] = clients.connections(address)
        if put_back is None:
            self._bring_in()
            pristine.keep(self.cloud, parameters)
        self.faults = Faults(self._used.values())
        self.client("sns").meta.events.register("provide-client-params.sns.PublishBatch", self._publishing)
        self._stages: dict[str, Stage] = {}
        self.pipeline = Pipeline(self.cloud, session, lambda stage, event: self.stage(stage)(event))

    def _bring_in(self) -> None:
        self._put_all(item for ticker, quote in QUOTES.items() for item in _quoted(ticker, *quote))
        for number in range(1, 4):
            self.put_customer(f"{number:06}", CASH)

    # ---------------------------------------------------------- what is there

    def put_customer(self, customer_id: str, cash: str, **shares: int) -> None:
        """A customer with this cash, and shares that have cost 10.00 each; nothing is left of one that was there."""
        self._remove_customer(customer_id)
        held = [(ticker, quantity, Decimal("10.00") * quantity) for ticker, quantity in shares.items()]
        entries = accounts.brought_in(customer_id, iso(clock.now()), Decimal(cash), held)
        transactions.write(list(accounts.opened(self.table("TradesStore"), customer_id, entries)), deadline=0)

    def deposit(self, customer_id: str, amount: str) -> None:
        its_id = derived(customer_id, f"deposit at {clock.now()}")
        brought = deposited(Decimal(amount))
        entry = LedgerEntry(its_id, customer_id, EntryKind.DEPOSIT, iso(clock.now()), "deposit", brought)
        update = transactions.update(
            self.table("TradesStore"),
            keys.customer(customer_id),
            "ADD cash :amount, deposits :amount",
            "attribute_exists(PK)",
            {":amount": brought.cash},
        )
        transactions.write(
            [transactions.put_new(self.table("TradesStore"), ledger.entry_item(entry)), update], deadline=0
        )

    def _remove_customer(self, customer_id: str) -> None:
        known = {**keys.known(customer_id)}
        there = [{"PK": item["PK"], "SK": item["SK"]} for item in self.items(pk=keys.customer(customer_id)["PK"])]
        for key in [known, *there] if there else []:
            self._dynamodb.delete_item(TableName=self.table("TradesStore"), Key=dynamodb.to_item(key))

    def put_quote(self, ticker: str, bid: str, ask: str) -> None:
        """Lists a ticker, or gives it another reference quote."""
        self._put_all(_quoted(ticker, bid, ask))

    def quote(self, ticker: str, bid: str, ask: str, *, confirmed: bool = True, seconds_old: int = 0) -> None:
        """A new quote of the market, a millisecond later, confirmed: it comes to its stage by its topic."""
        self.clock.advance(milliseconds=1)
        time = iso(clock.now() - timedelta(seconds=seconds_old))
        update = QuoteUpdate(ticker, Decimal(bid), Decimal(ask), 100, 100, time, "test", confirmed)
        topic = self.cloud.resolve({"Ref": "QuotesTopic"})
        Topics({quotes.QUOTES: topic}).publish([quotes.quote_message(update)])

    def remove_quote(self, ticker: str) -> None:
        key = dynamodb.to_item({**keys.quote(ticker)})
        self._dynamodb.delete_item(TableName=self.table("TradesStore"), Key=key)

    def put_credential(self, key_id: str, secret: str, **fields: Any) -> None:
        self._put({**keys.credential(key_id), "secretDigest": digest(secret), **fields})

    def change_market(self, **fields: Any) -> None:
        """Changes members of the market's document in Parameter Store."""
        name = self.cloud.resolve({"Ref": "MarketParameter"})
        document = json.loads(self._ssm.get_parameter(Name=name)["Parameter"]["Value"]) | fields
        self._ssm.put_parameter(Name=name, Value=json.dumps(document), Overwrite=True)

    def simulate(self) -> None:
        """Chance decides instead of order books."""
        self.change_market(matchingModels={"Dark": "simulated", "Lit": "simulated"})

    def forget_journal(self, pk: str, *, after: int) -> None:
        """Loses what an engine wrote after an entry: its table as a restored backup has it."""
        for entry in [item for item in self.items("OrderBooks", pk=pk) if item["SK"] > after]:
            key = dynamodb.to_item({name: entry[name] for name in ("PK", "SK")})
            self._dynamodb.delete_item(TableName=self.table("OrderBooks"), Key=key)

    def _put(self, values: Mapping[str, Any]) -> None:
        self._put_all([values])

    def _put_all(self, items: Iterable[Mapping[str, Any]]) -> None:
        requests: Any = [{"PutRequest": {"Item": dynamodb.to_item(values)}} for values in items]
        self._dynamodb.batch_write_item(RequestItems={self.table("TradesStore"): requests})

    # ------------------------------------------------------------ what is done

    def stage(self, name: str) -> Stage:
        """The warm function, started cold if there is none."""
        if name not in self._stages:
            self._stages[name] = self.new_stage(name)
        return self._stages[name]

    def new_stage(self, name: str) -> Stage:
        """Another instance of the function, with a memory of its own."""
        return Stage(name, self.cloud.environment(name))

    def client(self, service: str) -> Any:
        """The boto3 client that the stages use."""
        return self._used[service]

    def kept(self) -> Callable[[], None]:
        """What puts the system back as it is now: what is stored and waits, and the time. Functions start cold then."""
        then, time, under_way = pristine.held(), self.clock.now, self.pipeline.kept()

        def put_back() -> None:
            pristine.hold(then)
            self.clock.now = time
            under_way()
            self.cool_down()

        return put_back

    def cool_down(self) -> None:
        """All functions start cold with their next event."""
        self._stages.clear()

    def post(self, body: object, caller: Mapping[str, str] = events.BROKER) -> tuple[int, Any]:
        """`POST /orders`: status and answer."""
        return self.answer("order_entry", events.post_orders(body, caller))

    def change(
        self, method: str, order_id: str, body: object = None, *, of: str = "000002", caller: Any = events.BROKER
    ) -> tuple[int, Any]:
        """`DELETE` or `PATCH` of a customer's order: status and answer."""
        path = {"customerId": of, "orderId": order_id}
        return self.answer("order_entry", events.change(method, path, body, caller))

    def account(
        self, method: str, what: str, body: object = None, *, of: str = "000002", caller: Any = events.BROKER
    ) -> tuple[int, Any]:
        """`POST`, `PUT` or `DELETE` of a customer's `cash`, `shares`, `limits` or `halt`, or of the customer itself:
        status and answer.
        """
        return self.answer("account_keeper", events.account(method, what, of, body, caller))

    def credentials(
        self, method: str, key_id: str | None = None, body: object = None, *, caller: Any = events.BROKER
    ) -> tuple[int, Any]:
        """`POST /credentials`, or `DELETE` of one: status and answer."""
        return self.answer("credential_keeper", events.credentials(method, key_id, body, caller))

    def list_ticker(self, ticker: str, bid: str, ask: str, *, caller: Any = events.BROKER) -> tuple[int, Any]:
        """`PUT /tickers/{ticker}`: status and answer."""
        return self.answer("ticker_keeper", events.listing(ticker, {"bid": bid, "ask": ask}, caller))

    def limit(self, *, of: str = "000002", **limits: Any) -> None:
        """Sets a customer's limits, all of them."""
        assert self.account("PUT", "limits", limits, of=of)[0] == 200

    def order(self, order_id: str, of: str = "000002") -> dict[str, Any]:
        """The order, as a question about it is answered."""
        status, shown = self.get(ORDER, customerId=of, orderId=order_id)
        assert status == 200
        return dict(shown)

    def close(self, session_date: str) -> None:
        """The session ends."""
        self.stage("session_close")({"sessionDate": session_date})

    def value_date_comes(self, date: str) -> dict[str, Any]:
        """What is due until this date is settled: the stage's answer."""
        return dict(self.stage("settlement")({"valueDate": date}))

    def get(self, resource: str, query: Mapping[str, str] | None = None, **path: str) -> tuple[int, Any]:
        """`GET`, as a broker: status and answer."""
        return self.answer("data_extractor", events.get(resource, path, query))

    def answer(self, stage: str, event: dict[str, Any]) -> tuple[int, Any]:
        answer = self.stage(stage)(event)
        found = contract.faults(event["httpMethod"], event["resource"], answer)
        assert not found, found
        body = json.loads(answer["body"])
        if (event["httpMethod"], event["resource"], answer["statusCode"]) == ("GET", ORDER, 200):
            assert order_states.misshown(body) == []
        return answer["statusCode"], body

    def settle(self) -> None:
        """Everything that is under way comes to its end."""
        self.pipeline.run()

    def deliver(self, stage: str, event: dict[str, Any]) -> Delivery:
        """Gives the stage this event, as it is."""
        self.pipeline.deliver(stage, event)
        return self.pipeline.delivered[-1]

    def _publishing(self, params: dict[str, Any], **_: Any) -> None:
        names = ("Orders", "Trades", "Market", "Quotes")
        topics = {self.cloud.resolve({"Ref": f"{name}Topic"}): name for name in names}
        for each in params["PublishBatchRequestEntries"]:
            attributes = {name: value["StringValue"] for name, value in each["MessageAttributes"].items()}
            group, its_id = each["MessageGroupId"], each["MessageDeduplicationId"]
            message = Published(topics[params["TopicArn"]], attributes, group, its_id, each["Message"])
            self.pipeline.published.append(message)

    # ---------------------------------------------------------- what came of it

    def table(self, name: str) -> str:
        physical: str = self.cloud.resolve({"Ref": name})
        return physical

    def items(self, table: str = "TradesStore", *, pk: str = "", sk: str = "") -> list[dict[str, Any]]:
        """A table's items, of a partition and with a prefix of the sort key if these are given, in their order."""
        found = [dynamodb.from_item(item) for item in backdoor.scan(self.table(table))]
        chosen = [item for item in found if item["PK"].startswith(pk) and str(item["SK"]).startswith(sk)]
        return sorted(chosen, key=lambda item: (item["PK"], item["SK"]))

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """The bucket's objects."""
        return dict(backdoor.objects(self.cloud.resolve({"Ref": "Archive"}), prefix))

    def archived(self) -> list[dict[str, Any]]:
        """The trades of the archive."""
        return archived_trades.trades(self.objects("trades/"))

    def dead_lettered(self, stage: str) -> list[tuple[str, str]]:
        """Reason and body of what the stage's dead-lettering queue holds."""
        url = self.cloud.environment(stage)["DEAD_LETTER_QUEUE"]
        answer = self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
        )
        messages = answer.get("Messages", [])
        return [(each["MessageAttributes"]["reason"]["StringValue"], each["Body"]) for each in messages]

    @property
    def stores(self) -> Stores:
        bucket, window = (self.cloud.resolve({"Ref": name}) for name in ("Archive", "ArchiveWindow"))
        return Stores(self.table("TradesStore"), self.table("OrderBooks"), bucket, int(window))

    def forbidden_states(self) -> list[str]:
        """What happened to orders' states that their table forbids."""
        return list(order_states.forbidden(backdoor.stream(self.table("TradesStore"), 0)))

    def breaks(self, date: str) -> list[str]:
        """What a reconciliation of the day finds."""
        return [str(each) for each in reconcile(self.stores, date).breaks]

    def state(self) -> dict[str, Any]:
        """All that is stored anywhere: what must not change when something happens twice."""
        return {name: self.items(name) for name in TABLES} | {
            "objects": self.objects(),
            "dead letters": list(self.dead_letters()),
        }

    def outcome(self) -> dict[str, Any]:
        """What the orders led to, however their messages were packed and came: all but the bookings, the tape and the
        bars, and the trades but for their ids, which follow from what was packed together. What a position cost and
        earned follows from the order of its bookings; the difference does not. So do the numbers of the bookings, and
        which of them an order names. The quote of an order's arrival is left out: it follows from when the function
        that accepted the order last read it.
        """
        stored = [
            _whatever_came_first(item)
            for item in self.items()
            if not str(item["SK"]).startswith(("TRADE#", keys.TAPE, keys.BAR)) and "#" not in item["SK"][10:]
        ]
        left_out = {"tradeId", "arrivalBid", "arrivalAsk"}
        trades = [{name: value for name, value in trade.items() if name not in left_out} for trade in self.archived()]
        return {"items": stored, "trades": sorted(trades, key=str)}

    def dead_letters(self) -> Iterator[tuple[str, str]]:
        """The queues that feed no stage, and how many messages each holds."""
        fed = {feed.source_arn.rsplit(":", 1)[-1] for feed in self.cloud.feeds()}
        return ((name, str(number)) for name, number in backdoor.queues() if name not in fed)


def _quoted(ticker: str, bid: str, ask: str) -> Iterator[Mapping[str, Any]]:
    yield {**keys.listed(ticker)}
    yield {**keys.quote(ticker), "bid": Decimal(bid), "ask": Decimal(ask)}


def _whatever_came_first(item: dict[str, Any]) -> dict[str, Any]:
    if DAY in item:  # its bars, and what says which messages are counted, follow from how commands were packed
        return {**{name: item[name] for name in ("PK", "SK")}, **day_fields(item)}
    item = {name: value for name, value in item.items() if name not in {"customerSequence", NAMED}}
    if "sequence" not in item or "cost" not in item:
        return {name: value for name, value in item.items() if name != "arrival"}
    rest = {name: value for name, value in item.items() if name not in {"sequence", "cost", "realised"}}
    return rest | {"cost less realised": item["cost"] - item["realised"]}

"""A deployment while orders flow: every function is changed under load, and nothing is lost.

This is harder than on AWS, which lets an invocation end that has begun. MiniStack (1.5.33) kills the worker of a
function that is updated in the midst of its work: a request is answered by an error, a batch of the stream comes again,
and the messages of a queue come again when their visibility time-out is over: after six minutes, not waited for here.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from local import sam
from local.environment import STACK
from tests.e2e.deployed import ROOT, STATE
from tests.e2e.system import Customer, System, eventually

DEPLOY_SECONDS = 300.0
PAUSE_SECONDS = 0.05
QUANTITY = 1500
VISIBILITY_SECONDS = 10
"""Instead of six minutes: longer than any batch takes here, cold start included."""
FED = ("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor")
AT_ONCE = 4
"""Questions about the orders, of which there are hundreds."""
MARK = "a deployment changed this"


class Flow:
    """Orders in both pools, one after the other from each of a few senders, until it is stopped.

    What is not accepted is sent again under its client order id, as a broker does.
    """

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._stopped = threading.Event()
        self.accepted: dict[str, str] = {}
        self.sent_again = 0

    @contextmanager
    def flowing(self, senders: int = 3) -> Iterator[None]:
        threads = [threading.Thread(target=self._send, args=(number,)) for number in range(senders)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()

    def _send(self, sender: int) -> None:
        number = 0
        while not self._stopped.wait(PAUSE_SECONDS):
            ticker, price = (("COIN", "161.90"), ("AMD", "114.25"))[number % 2]
            name = f"flow-{sender}-{number}"
            order = self._customer.order(ticker=ticker, price=price, quantity=QUANTITY, clientOrderId=name)
            answer = self._customer.caller.post(order)
            if answer.status == 202:
                self.accepted[name] = answer.body["orders"][0]["orderId"]
                number += 1
            else:
                self.sent_again += 1


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """What is deployed, with other code in every function."""
    folder = tmp_path / "build"
    shutil.copytree(ROOT / STATE / "build", folder)
    for program in folder.glob("*/app.py"):
        program.write_text(program.read_text().replace('"""', f'"""{MARK}. ', 1))
    return folder


@pytest.fixture
def impatient(system: System) -> Iterator[None]:
    """What a killed worker had received comes again soon."""
    sqs = system.aws("sqs")
    name = "VisibilityTimeout"
    urls = [system.queue(stage) for stage in FED]
    before = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"] for url in urls]
    for url in urls:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(VISIBILITY_SECONDS)})
    yield
    for url, attributes in zip(urls, before, strict=True):
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def deploy(system: System, folder: Path, **parameters: str) -> None:
    """`sam deploy`, as the local cloud's own, of what is in the folder."""
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    variables = {name: value for name, value in system.resources.items() if name.startswith("AWS_")}
    command = ["sam", "deploy", "--template-file", str(folder / "template.yaml"), "--stack-name", STACK]
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:], *sam.LOCAL, *overrides],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "SAM_CLI_TELEMETRY": "0"} | variables,
        capture_output=True,
        text=True,
        timeout=DEPLOY_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_order_accepted_during_deployments_settles_once(system: System, changed: Path, impatient: None) -> None:
    customer = system.customer(cash="10000000000.00")
    flow = Flow(customer)
    before = versions(system)
    with flow.flowing():
        eventually(lambda: len(flow.accepted) > 10 or None, "orders to flow")
        deploy(system, changed, LogLevel="DEBUG")
        now = versions(system)
        assert all(now[name][part] != was[part] for name, was in before.items() for part in (0, 1))
        at_half = len(flow.accepted)
        deploy(system, ROOT / STATE / "build", LogLevel="INFO")
    print(f"\n{len(flow.accepted)} orders accepted during two deployments, {flow.sent_again} sent again")
    assert len(flow.accepted) > at_half > 10
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(wait_for_fill, customer), flow.accepted.values()))
    shares: Counter[str] = Counter()
    trades = list(customer.trades())
    for trade in trades:
        shares[trade["orderId"]] += trade["quantity"]
    assert shares == dict.fromkeys(flow.accepted.values(), QUANTITY)
    assert len({trade["tradeId"] for trade in trades}) == len(trades) == 2 * len(flow.accepted)
    assert customer.account()["reserved"] == 0


def wait_for_fill(customer: Customer, order_id: str) -> None:
    eventually(lambda: customer.state(order_id)["state"] == "Filled" or None, f"order {order_id} to fill")


def versions(system: System) -> dict[str, tuple[str, str]]:
    """What of each function is changed by a deployment: its code and its configuration."""
    functions = system.aws("lambda").list_functions()["Functions"]
    return {
        each["FunctionName"]: (each["CodeSha256"], each["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"])
        for each in functions
    }

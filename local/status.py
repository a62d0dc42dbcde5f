"""What an operator asks first: is it up, is it deployed, does anything wait or is anything dead-lettered."""

from typing import TYPE_CHECKING

import boto3
from rich.table import Table

from local import envfile, ministack, parameter
from local.environment import STACK, use_local_cloud
from ops import dead_letter_queues, dead_letter_records, pause, stack
from ops.console import Failure, console

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def show() -> None:
    """Says whether a system is up and, if so, where, in which state, and how deep its queues are; what is wrong with
    the market's configuration, too.
    """
    there = ministack.running()
    if there is None:
        console.print("No system is up here. Start one with `make up` or `make run`.")
        return
    use_local_cloud(there.port)
    console.print(f"MiniStack   up on port {there.port} (process {there.pid})")
    try:
        console.print(f"Stack       {STACK}, {stack.state(STACK)}")
    except Failure as failure:
        console.print(f"Stack       {failure.message}")
        return
    found = envfile.read()
    console.print(f"API         {found.url if found else 'not ready yet, or its deployment failed: `make up`'}")
    if found:
        if pause.is_paused(STACK):
            console.print(
                "[bold red]Paused[/]      changes are answered 503, the stages are stopped: `make resume` ends it"
            )
        console.print(f"Market      {parameter.fault(STACK) or 'its document is valid'}", markup=False)
        console.print(_queues(), _dead_lettered_records())


def _queues() -> Table:
    """Every queue with what waits in it and what is being worked on."""
    sqs: SQSClient = boto3.client("sqs")
    dead = {each.url for each in dead_letter_queues.queues(STACK)}
    table = Table("queue", "waiting", "in flight", box=None, padding=(0, 2, 0, 0))
    for url in stack.resources(STACK, "AWS::SQS::Queue"):
        depths = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting, in_flight = depths["ApproximateNumberOfMessages"], depths["ApproximateNumberOfMessagesNotVisible"]
        queue = url.rsplit("/", 1)[-1]
        table.add_row(queue, waiting, in_flight, style="bold red" if waiting != "0" and url in dead else None)
    return table


def _dead_lettered_records() -> str:
    """How many records of the tables' streams are dead-lettered in the archive bucket, by their stages or by Lambda."""
    own = len(dead_letter_records.records(STACK))
    given_up = sum(len(each.records) for each in dead_letter_records.given_up(STACK))
    return f"\nrecords of streams: {own} dead-lettered, {given_up} given up by Lambda; `make dlq` lists them"

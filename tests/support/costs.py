"""What the counted calls cost, at the list prices of docs/performance/prices.json."""

import json
from collections import Counter
from typing import Any

from tests.support.call_counts import Counts
from tests.support.cloud import ROOT, memory_of

PRICES: dict[str, Any] = json.loads((ROOT / "docs" / "performance" / "prices.json").read_text())
MILLION = 1_000_000
PRICED = {
    "API requests": "API Gateway request (REST)",
    "invocations": "Lambda request",
    "seconds": "Lambda GB-second (arm64)",
    "write units": "DynamoDB write unit (on demand)",
    "read units": "DynamoDB read unit (on demand)",
    "publishes": "SNS publish request (FIFO)",
    "deliveries": "SNS delivery (FIFO)",
    "queue requests": "SQS request (FIFO)",
    "objects": "S3 PUT",
    "frames": "API Gateway message (WebSocket)",
    "published GB": "SNS published GB (FIFO)",
    "delivered GB": "SNS delivered GB (FIFO)",
    "log GB": "CloudWatch Logs GB",
}
GIGABYTES = {"published GB": "published bytes", "delivered GB": "delivered bytes", "log GB": "log bytes"}
SHOWN = ("invocations", "calls", "write units", "read units", "messages", "queue requests", "objects", "log bytes")


def of_stage(stage: str, counts: Counter[str]) -> dict[str, float]:
    """USD by what is paid for."""
    assumed = PRICES["assumed"]
    gigabyte_milliseconds = (
        counts["invocations"] * assumed["milliseconds_per_invocation"]  # with 1 GB; with more it is as much faster
        + counts["waits"] * assumed["milliseconds_per_call"] * memory_of(stage) / 1024
    )
    gigabytes = {name: counts[size] / 1e9 for name, size in GIGABYTES.items()}
    amounts = {**counts, "seconds": gigabyte_milliseconds / 1000, **gigabytes}
    return {name: amounts[name] * PRICES["usd"][price] for name, price in PRICED.items() if amounts.get(name)}


def usd_per_million(counts: Counts, orders: int) -> float:
    """USD that a million orders cost of which so many have these counts."""
    return sum(sum(of_stage(stage, each).values()) for stage, each in counts.items()) / orders * MILLION


def table(counts: Counts, orders: int, what: str = "orders") -> str:
    """Counts and USD per million orders, or of whatever was counted, by stage, as Markdown; what a stage's costs are
    dominated by is named.
    """
    lines = [f"| stage | {' | '.join(SHOWN)} | USD per million {what} | most of it |", "|---" * (len(SHOWN) + 3) + "|"]
    for stage, count in counts.items():
        paid = of_stage(stage, count)
        usd = sum(paid.values()) / orders * MILLION
        most = max(paid, key=lambda name: paid[name])
        shown = [f"{count[name]:g}" for name in SHOWN]
        lines.append(f"| `{stage}` | {' | '.join(shown)} | {usd:.2f} | {most}, {paid[most] / sum(paid.values()):.0%} |")
    lines.append(f"| all |{' |' * len(SHOWN)} **{usd_per_million(counts, orders):.2f}** | |")
    return "\n".join(lines)

"""What an order costs as the system grows: the seed's order, entered and settled by the real stages on moto, beside few
and many open orders, customers and days of history; and what is kept of journals and snapshots.

Everything is counted but the processor's time, which is that of the stages without moto's.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import boto3

from benchmarks.figures import Figure, Section, figure
from benchmarks.progress import shown
from benchmarks.stopwatch import watching, without_logs
from tests.support.call_counts import Counts, count
from tests.support.history import SNAPSHOT_EVERY, Past, lived, read_cold
from tests.support.new_world import new_session, world_of
from tests.support.orders import SEED
from tests.support.world import World

SIZES = (10, 1_000, 100_000)
ORDERS = 30
WHAT = (
    "The seed's order, alone, at all stages. So many of each: open orders of its customer in the book of its ticker, "
    "other customers, and days with a booking of its customer in its ticker."
)
FLAT = ("calls", "write units", "read units", "messages")
"""Counts that stay the same. Bytes do not: a number in a message may have one digit more."""
COUNTED = ("calls", "write units", "read units", "messages", "published bytes", "log bytes")


@dataclass(frozen=True, slots=True)
class Grown:
    """What an order cost beside a past of this size: counts by stage, milliseconds of each of several orders; entries
    of the journal that a cold start read, snapshots that are kept, and the bytes of the last one.
    """

    size: int
    counts: Counts
    milliseconds: list[float]
    entries_read: int
    snapshots: int
    snapshot_bytes: int

    @property
    def total(self) -> Counter[str]:
        return sum(self.counts.values(), Counter())


def measure(sizes: tuple[int, ...] = SIZES) -> Section:
    with without_logs():
        session = new_session()
        _grown(session, sizes[0], orders=1)  # whatever is done for the first time only
        all_grown = [_grown(session, size) for size in shown(sizes, "growth")]
    return Section("As the system grows", tuple(_figures(all_grown)), _table(all_grown))


def _grown(session: boto3.Session, size: int, orders: int = ORDERS) -> Grown:
    with world_of(World, session) as world:
        lived(world, Past(orders=size, customers=size, days=size))
        read = read_cold(world)
        counts = count(world, [SEED])
        milliseconds = _milliseconds(world, orders)
        kept = world.objects("snapshots/lit/COIN/")
    last = max(kept, key=lambda name: int(name.rpartition("/")[2].removesuffix(".json")))
    return Grown(size, counts, milliseconds, read, len(kept), len(kept[last]))


def _milliseconds(world: World, orders: int) -> list[float]:
    """Of the processor, for each order at all stages."""
    milliseconds: list[float] = []
    with watching(world) as invocations:
        for _ in range(orders):
            invocations.clear()
            assert world.post(SEED)[0] == 202
            world.settle()
            milliseconds.append(1000 * sum(each.seconds for each in invocations))
    return milliseconds


def _figures(all_grown: list[Grown]) -> Iterator[Figure]:
    for each in all_grown:
        beside, total = f"beside {each.size:,} open orders, customers and days", each.total
        name = f"growth.{each.size}"
        yield figure(f"{name}.write_units", f"write units of an order {beside}", "", [total["write units"]])
        yield figure(f"{name}.calls", f"calls of AWS of an order {beside}", "", [total["calls"]])
        yield figure(f"{name}.cpu_ms", f"processor's time of an order at all stages {beside}", "ms", each.milliseconds)
    same = len({tuple(each.total[name] for name in FLAT) for each in all_grown}) == 1
    yield figure("growth.flat", f"{', '.join(FLAT)} are the same beside any number (1 is yes)", "", [float(same)])
    most = max(all_grown, key=lambda each: each.entries_read)
    what = f"journal entries read at a cold start, the most; a snapshot is due every {SNAPSHOT_EVERY}"
    yield figure("growth.entries_read", what, "", [most.entries_read])
    snapshots = max(each.snapshots for each in all_grown)
    yield figure("growth.snapshots_kept", "snapshots kept of a book, the most", "", [snapshots])
    last = all_grown[-1]
    what = "bytes of a snapshot per resting order"
    yield figure("growth.snapshot_bytes_per_order", what, "", [last.snapshot_bytes / last.size])


def _table(all_grown: list[Grown]) -> str:
    names = (*COUNTED, "ms of the processor", "journal entries read cold", "snapshots kept", "snapshot, KB")
    lines = [f"| beside so many of each | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for each in all_grown:
        counts = [f"{each.total[name]:,.0f}" for name in COUNTED]
        rest = [f"{median(each.milliseconds):.1f}", f"{each.entries_read}", f"{each.snapshots}"]
        lines.append(f"| {each.size:,} | {' | '.join(counts + rest)} | {each.snapshot_bytes / 1000:,.0f} |")
    return "\n".join([f"{WHAT}\n", *lines])

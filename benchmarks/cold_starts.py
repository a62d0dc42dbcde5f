"""What starts with a function: the processor's time of its imports and of what it does before its first event, where
that goes, and what the function weighs. The built artefacts, in an environment that has only what Lambda has.

The whole is measured with nothing switched on; how it is divided, by the shares that `python -X importtime` gives.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import Figure, Section, figure
from benchmarks.progress import shown
from local import sizes
from tests.support import lambda_like
from tests.support.lambda_like import Artefacts, folder_of
from tests.support.stages import FUNCTIONS, STAGES

RUNS = 7
BARE = ""
"""Instead of a stage: importing boto3 and making a client, which every function has to."""
PARTS = {
    "boto3": ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil", "six"),
    "Powertools": ("aws_lambda_powertools", "typing_extensions"),
    "jsonschema": ("jsonschema", "jsonschema_specifications", "referencing", "attr", "attrs", "rpds"),
    "trading": ("trading",),
    "its first lines": ("app",),
}
"""What `app` does when it is imported is its first lines: it makes clients, and reads the market's configuration."""
OWN, STDLIB = "its own modules", "standard library"
IMPORTED = re.compile(r"^import time: +(\d+) \| +\d+ \| +(\S+)$", re.MULTILINE)
WHAT = "Milliseconds of the processor, the median; the columns after `modules` divide them."
COLUMNS = (*PARTS, OWN, STDLIB)


@dataclass(frozen=True, slots=True)
class Start:
    """Of one stage: the milliseconds of each run, the shares of each, and how many modules were loaded."""

    stage: str
    milliseconds: list[float]
    shares: list[Mapping[str, float]]
    modules: int

    def of(self, part: str) -> float:
        """Milliseconds that go to a part."""
        return median(self.milliseconds) * median(share[part] for share in self.shares)


def measure(runs: int = RUNS) -> Section:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # moto's server has a line for every request
    build, python = lambda_like.built(), lambda_like.interpreter()
    with lambda_like.artefacts_on_moto(build, python) as artefacts:
        rounds = [_round(artefacts) for _ in shown(range(runs), "cold starts")]
    starts = [_together([each[stage] for each in rounds]) for stage in (BARE, *STAGES)]
    weights = {each.name: each for each in sizes.artefacts(build)}
    return Section("Cold starts", tuple(_figures(starts)), _table(starts, weights))


def _round(artefacts: Artefacts) -> dict[str, Start]:
    """Every stage once, in turns, so that what else the machine does disturbs all of them."""
    return {stage: _start(artefacts, stage) for stage in (BARE, *STAGES)}


def _start(artefacts: Artefacts, stage: str) -> Start:
    done = artefacts.started(stage)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    listed = IMPORTED.findall(artefacts.started(stage, "-X", "importtime").stderr)
    names = set(found["modules"])
    spent: Counter[str] = Counter()
    for microseconds, name in listed:
        if name in names:
            spent[_part(stage, name)] += int(microseconds)
    shares = {part: spent[part] / spent.total() for part in COLUMNS}
    return Start(stage, [1000 * found["seconds"]], [shares], len(names))


def _part(stage: str, module: str) -> str:
    package = module.partition(".")[0]
    for part, packages in PARTS.items():
        if package in packages:
            return part
    own = {path.stem for path in (FUNCTIONS / stage).iterdir()} if stage else set()
    return OWN if package in own else STDLIB


def _together(runs: Sequence[Start]) -> Start:
    return Start(
        runs[0].stage,
        [milliseconds for each in runs for milliseconds in each.milliseconds],
        [shares for each in runs for shares in each.shares],
        runs[0].modules,
    )


def _figures(starts: Sequence[Start]) -> Iterator[Figure]:
    for each in starts:
        what = f"start of `{each.stage}`" if each.stage else "importing boto3 and making a client, for comparison"
        yield figure(f"cold_start_cpu_ms.{each.stage or 'boto3'}", f"{what}, processor's time", "ms", each.milliseconds)


def _table(starts: Sequence[Start], weights: Mapping[str, sizes.Artefact]) -> str:
    names = ("ms", "modules", *COLUMNS, "zipped, KB", "unzipped, KB")
    lines = [f"| function | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for each in starts:
        weight = weights.get(folder_of(each.stage))
        weighs = [f"{weight.zipped / 1000:,.0f}", f"{weight.unzipped / 1000:,.0f}"] if weight else ["", ""]
        cells = [f"{median(each.milliseconds):.0f}", f"{each.modules}", *_divided(each)]
        name = f"`{each.stage}`" if each.stage else "boto3 and a client alone"
        lines.append(f"| {name} | {' | '.join(cells + weighs)} |")
    layer = weights["TradingLayer"]
    beside = (
        f"The layer, beside every function: {layer.zipped / 1000:,.0f} KB, {layer.unzipped / 1000:,.0f} KB unzipped."
    )
    return "\n".join([f"{WHAT}\n", *lines, f"\n{beside}"])


def _divided(start: Start) -> Iterator[str]:
    """What `-X importtime` does not see of a client made alone is most of it: that is not divided."""
    for part in COLUMNS:
        yield f"{start.of(part):.0f}" if start.stage else ""

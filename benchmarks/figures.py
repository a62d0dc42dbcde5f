"""What a benchmark gives: figures with their spread, as rows of Markdown and as JSON."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
SPREADS = "spread"
"""The member of the JSON that has, under the same names, the least and the greatest value of each figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured thing: `key` is its path in the JSON, like `usd.single`, with which no other path may begin; `values`
    are those of all runs.
    """

    key: str
    what: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.values), max(self.values)


@dataclass(frozen=True, slots=True)
class Section:
    """What one part of the benchmark measured: its figures, and tables in Markdown that say more."""

    title: str
    figures: tuple[Figure, ...]
    details: str = ""


def figure(key: str, what: str, unit: str, values: Iterable[float]) -> Figure:
    return Figure(key, what, unit, tuple(values))


def markdown(sections: Sequence[Section], notes: Mapping[str, str]) -> str:
    """One table of all figures, then what each section adds. `notes` says of a figure what it is to reach."""
    lines = ["| what | median | least to most | to reach |", "|---|---|---|---|"]
    for each in (each for section in sections for each in section.figures):
        low, high = each.spread
        spread = f"{shown(low)} to {shown(high)}" if low != high else ""
        lines.append(
            f"| {each.what} | {shown(each.median)} {each.unit}".rstrip() + f" | {spread} | {notes.get(each.key, '')} |"
        )
    details = [f"## {section.title}\n\n{section.details}" for section in sections if section.details]
    return "\n\n".join(["\n".join(lines), *details])


def as_json(sections: Sequence[Section]) -> Json:
    """The medians by path, and beside them under `spread` the least and the greatest of each."""
    found: Json = {SPREADS: {}}
    for each in (each for section in sections for each in section.figures):
        _put(found, each.key, each.median)
        _put(found[SPREADS], each.key, list(each.spread))
    return found


def shown(value: float) -> str:
    """Three digits, or all before the point."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _put(found: Json, path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        found = found.setdefault(name, {})
    found[last] = value

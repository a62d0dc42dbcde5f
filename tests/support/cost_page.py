"""Writes the tables of the page of costs again, from what is counted: `python -m tests.support.cost_page`."""

import re

from benchmarks.counted import counted, counted_archived, counted_quotes, counted_updates, counted_watch
from benchmarks.load import CASES
from benchmarks.targets import MOST_OF_ARCHIVED, MOST_OF_QUOTES, MOST_OF_UPDATES
from tests.support import costs
from tests.support.cloud import ROOT

PAGE = ROOT / "docs" / "performance" / "costs-and-limits.md"
TABLE = re.compile(r"^\| stage \| invocations \|.*\n(?:\|.*\n)+", re.MULTILINE)


def main() -> None:
    tables = iter(
        [
            *(costs.table(*counted(case)) for case in CASES),
            *(costs.table(counted_quotes(number, watched=on), number, "quotes") for number, on in MOST_OF_QUOTES),
            costs.table(counted_watch(), 1),
            *(costs.table(counted_updates(listeners), 1) for listeners in MOST_OF_UPDATES),
            *(costs.table(counted_archived(number), number, "bookings") for number in MOST_OF_ARCHIVED),
        ]
    )
    PAGE.write_text(TABLE.sub(lambda _: f"{next(tables)}\n", PAGE.read_text()))
    assert next(tables, None) is None, "the page has fewer tables than are counted"


if __name__ == "__main__":
    main()

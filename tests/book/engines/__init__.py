"""Order books that match like ours, each driven by the same commands.

`matching-engine` needs Python 3.12, and `liquibook` has wheels for some machines only (as in pyproject.toml): on
others they are not in the list.
"""

import platform
import sys
from collections.abc import Callable

from tests.book.engines.commands import Engine
from tests.book.engines.of_tracebook import Tracebook
from tests.book.engines.ours import Ours

OTHERS: dict[str, Callable[[], Engine]] = {"tracebook (Python)": Tracebook}
if sys.version_info >= (3, 12):
    from tests.book.engines.of_matching_engine import MatchingEngine

    OTHERS["matching-engine (Python)"] = MatchingEngine
if sys.version_info < (3, 14) and (sys.platform, platform.machine()) in {("linux", "x86_64"), ("darwin", "arm64")}:
    from tests.book.engines.of_liquibook import Liquibook

    OTHERS["liquibook (C++)"] = Liquibook

__all__ = ["OTHERS", "Engine", "Ours"]

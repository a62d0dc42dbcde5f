"""Changes each constant of the modules that decide money, states and bounds, and says which changes no test noticed.

A constant is a number, a text or an attribute that a module or a class sets, alone or in a container, a call or an
operation, and a default of a field or a parameter. mutmut changes what functions do and leaves these alone.
"""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.results import Mutant
from tests.mutation.workspace import DOMAIN, LAYER, NOT_COPIED
from tests.support.cloud import ROOT

RUNNER = Path(__file__).with_name("runner.py")
CONSTANTS = "constants"
"""What stands in the place of a function's name."""
PASSED, FAILED, TIMED_OUT = 0, 1, 24
"""How mutmut says what became of a mutant."""


def unit(*names: str) -> list[str]:
    return [f"tests/unit/test_{name}.py" for name in names]


NEAREST: Mapping[str, Sequence[str]] = {
    "money": unit("money"),
    "orders": unit("orders", "bounds"),
    "order_status": unit("order_status"),
    "statistics": unit("statistics"),
    "bars": unit("bars"),
    "quotes": unit("quotes", "bounds"),
    "tape": unit("market_messages"),
    "market": unit("market"),
    "executions": unit("executions", "bounds", "report_messages"),
    "ids": unit("ids"),
    "times": unit("times", "bounds"),
    "errors": unit("errors"),
    "credentials": unit("credentials"),
    "hours": unit("hours"),
    "session_rules": unit("session_rules", "bounds"),
    "accounts/closed_days": ["tests/contract/test_closed_days.py"],
    "accounts/ledger": unit("ledger"),
    "accounts/limits": unit("customer_limits", "bounds"),
    "accounts/positions": unit("positions"),
    "accounts/settlement": unit("settlement"),
    "accounts/statements": ["tests/property/test_statements.py"],
    "messages/bounds": unit("bounds"),
    "messages/commands": unit("order_commands"),
    "messages/command_codec": unit("order_commands"),
    "messages/command_messages": unit("order_commands"),
    "messages/events": unit("report_messages"),
    "messages/market": unit("market_messages"),
    "messages/quotes": unit("quotes"),
    "messages/updates": unit("update_messages"),
    "messages/account_updates": unit("account_update_messages"),
    "messages/wire": unit("wire", "order_commands"),
    "matching/auction": unit("auction"),
    "matching/crossing": unit("dark_pool", "dark_following"),
    "matching/watch": unit("watch"),
    "matching/lit": unit("lit_pool"),
    "matching/book": ["tests/book/test_rules.py"],
    "matching/self_trade": ["tests/book/test_rules.py"],
    "matching/fees": unit("fees"),
    "matching/event_codec": unit("event_codec"),
    "matching/execution_reports": unit("execution_reports", "matching", "changes"),
    "matching/pool": unit("lit_pool", "dark_pool"),
    "matching/price_levels": ["tests/book/test_rules.py"],
    "matching/working_order": ["tests/book/test_rules.py"],
}
"""The modules of the domain, and the tests that state the rules of each."""

BOUNDED = (
    "api/requests",
    "messaging/queues",
    "messaging/sockets",
    "messaging/streams",
    "messaging/topics",
    "engine/journal",
    "engine/snapshots",
    "engine/ticker_state",
    "store/archive",
    "store/closings",
    "store/credentials",
    "store/order_bookings",
    "store/order_state",
    "store/sign_ins",
    "store/subscriptions",
)
"""Modules of `aws` whose bounds one test states, beside the limits of AWS."""

OF_FUNCTIONS = (
    "archive_compactor/app",
    "archive_compactor/compaction",
    "live_connections/missed_updates",
    "order_entry/limits_cache",
    "post_trade_processor/booking",
    "settlement/settlement_run",
    "trades_data_aggregator/day",
)
"""Modules of functions whose bounds one test states."""

BEYOND: Mapping[str, Sequence[str]] = {
    **{f"layer/trading/aws/{module}.py": unit("stage_bounds", "log_lines") for module in BOUNDED},
    **{f"functions/{module}.py": unit("function_bounds", "log_lines") for module in OF_FUNCTIONS},
    "layer/trading/aws/store/quotes.py": ["tests/integration/test_bounds.py"],
    "layer/trading/aws/engine/engine.py": ["tests/integration/test_bounds.py"],
    "layer/trading/aws/parameters.py": ["tests/integration/test_market.py"],
    "layer/trading/aws/store/customer_items.py": [
        "tests/integration/test_cash.py",
        "tests/integration/test_short_sales.py",
        "tests/integration/test_the_seeds_order.py",
        "tests/integration/test_settlements.py",
    ],
    "functions/order_entry/acceptance.py": ["tests/integration/test_customer_limits.py"],
    "functions/order_entry/amendments.py": [
        "tests/integration/test_changed_orders.py",
        "tests/integration/test_repeated_changes.py",
    ],
    "functions/order_entry/pre_trade_checks.py": ["tests/integration/test_customer_limits.py"],
    "functions/settlement/app.py": ["tests/integration/test_settlements.py"],
}
"""What decides money, states and bounds elsewhere."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant's place in a file, and what is to stand there instead."""

    line: int
    start: int
    end: int
    before: str
    after: str

    def changed(self, source: str) -> str:
        lines = source.encode().splitlines(keepends=True)
        line = lines[self.line - 1]
        lines[self.line - 1] = line[: self.start] + self.after.encode() + line[self.end :]
        return b"".join(lines).decode()

    def mutant(self, path: Path, source: str, code: int) -> Mutant:
        """As the mutants of functions are told. `path` is the module's, from what it is imported from."""
        before, after = (text.splitlines()[self.line - 1].strip() for text in (source, self.changed(source)))
        key = f"{'.'.join(path.with_suffix('').parts)}.line {self.line}"
        return Mutant(key, path.stem, CONSTANTS, f"-{before}\n+{after}", code)


def constants(source: str) -> Iterator[Constant]:
    """Those that the module or one of its classes sets."""
    for value in _values(ast.parse(source)):
        for node in _within(value):
            after = _changed(node)
            if after is not None and isinstance(node, ast.expr) and node.lineno == node.end_lineno:
                before = ast.get_source_segment(source, node) or ""
                yield Constant(node.lineno, node.col_offset, node.end_col_offset or 0, before, after)


def _values(tree: ast.Module | ast.ClassDef) -> Iterator[ast.expr]:
    for node in tree.body:
        match node:
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar" | "ParamSpec"))):
                continue  # its name is for type checkers
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield value
            case ast.ClassDef():
                yield from _values(node)
            case ast.FunctionDef():
                yield from (default for default in (*node.args.defaults, *node.args.kw_defaults) if default)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what it is made of, but for what stands in brackets: in an alias of a type it is a type."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Subscript) and child is node.slice):
            yield from _within(child)


def _changed(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=bool(value)):
            return repr(not value)
        case ast.Constant(value=int(value) | float(value)):
            return repr(value * 1000 if value else 1)
        case ast.Constant(value=str(value)) if value:
            try:
                float(value)
            except ValueError:
                return repr(f"{value}X")
            return repr(f"{float(value) * 3 + 1:.4f}")
        case ast.Name(id=name) if name.startswith("ROUND_"):
            return "ROUND_DOWN" if name != "ROUND_DOWN" else "ROUND_UP"
    return None


def place_of(module: str) -> Path:
    """Where a module lies in the project, by its name in NEAREST or in BEYOND."""
    return Path(module) if module.endswith(".py") else Path(LAYER, DOMAIN, f"{module}.py")


def mutants(nearest: Mapping[str, Sequence[str]], root: Path = ROOT) -> Iterator[Mutant]:
    """Changes the constants of these modules one at a time, in a copy of the project, and runs their tests."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        ignored = shutil.ignore_patterns(*(pattern for pattern in NOT_COPIED if pattern != LAYER))
        shutil.copytree(root, copy, ignore=ignored)
        for module, tests in nearest.items():
            place = place_of(module)
            path, source = copy / place, (root / place).read_text()
            tried = list(constants(source))
            codes = run(copy, path, [each.changed(source) for each in tried], tests)
            for each, code in zip(tried, codes, strict=True):
                yield each.mutant(Path(*place.parts[1:]), source, code)


def run(folder: Path, path: Path, sources: Sequence[str], tests: Sequence[str]) -> list[int]:
    """What becomes of each of these sources in the file's place."""
    paths = os.pathsep.join(map(str, (folder, folder / LAYER)))
    done = subprocess.run(
        [sys.executable, RUNNER, path, *tests],
        input=json.dumps(sources),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "EXAMPLES": "10"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    ends: list[int] = json.loads(done.stdout.splitlines()[-1])
    return [TIMED_OUT if end == -signal.SIGPROF else FAILED if end else PASSED for end in ends]

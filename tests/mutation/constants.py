"""`PYTHONPATH=layer python -m tests.mutation.constants MODULE... -- TESTS...` changes each constant of the modules, one
at a time, in a copy of the project, and runs the tests there: what they do not notice is printed, and fails.

A constant is a number, a text or an attribute that a module or a class sets, alone or in a container, a call or an
operation, and a default of a field or a parameter. mutmut changes what functions do and leaves these alone.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("docs", "events", "functions", "layer", "local", "tests")
RUN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Mutant:
    """A constant's place in a file, and what stands there instead."""

    line: int
    start: int
    end: int
    before: str
    after: str

    def applied(self, source: str) -> str:
        lines = source.encode().splitlines(keepends=True)
        line = lines[self.line - 1]
        lines[self.line - 1] = line[: self.start] + self.after.encode() + line[self.end :]
        return b"".join(lines).decode()


def mutants(source: str) -> Iterator[Mutant]:
    """A change of each constant that the module or one of its classes sets."""
    for value in _values(ast.parse(source)):
        for node in ast.walk(value):
            after = _changed(node)
            if after is not None and isinstance(node, ast.expr) and node.lineno == node.end_lineno:
                before = ast.get_source_segment(source, node) or ""
                yield Mutant(node.lineno, node.col_offset, node.end_col_offset or 0, before, after)


def _values(tree: ast.Module | ast.ClassDef) -> Iterator[ast.expr]:
    for node in tree.body:
        match node:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield value
            case ast.ClassDef():
                yield from _values(node)
            case ast.FunctionDef():
                yield from (default for default in (*node.args.defaults, *node.args.kw_defaults) if default)


def _changed(node: ast.AST) -> str | None:
    """Another constant; for a member of an enumeration, a call of nothing but its name is none."""
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


def survivors(module: str, tests: list[str]) -> Iterator[str]:
    """The mutants of the module that the tests do not notice."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.is_file():
                shutil.copy(path, copy)
        target = copy / module
        source = target.read_text()
        for mutant in mutants(source):
            target.write_text(mutant.applied(source))
            if _passes(copy, tests):
                yield f"{module}:{mutant.line}: {mutant.before} instead: {mutant.after}"
        target.write_text(source)


def _passes(folder: Path, tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    environment = os.environ | {"PYTHONPATH": f"{folder}:{folder / 'layer'}", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=RUN_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", help="files to mutate, and after -- the tests to run")
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    modules, tests = sys.argv[1:split], sys.argv[split + 1 :] or ["tests/unit", "tests/property"]
    if not modules:
        parser.error("name the files to mutate")
    left = 0
    for module in modules:
        tried = len(list(mutants((ROOT / module).read_text())))
        found = list(survivors(module, tests))
        left += len(found)
        print(f"{module}: {tried} mutants, {len(found)} survive", *found, sep="\n  ", flush=True)
    sys.exit(left > 0)


if __name__ == "__main__":
    main()

"""A copy of the project in which mutmut changes the domain, and the one form of it that mutmut changes everywhere."""

import ast
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LAYER, PACKAGE, DOMAIN = "layer", "trading", "trading/domain"
RULES = "reconciliation/rules"
"""Of the reconciler: as pure as the domain, in the package of its function."""
PACKAGES = {PACKAGE: LAYER, "reconciliation": "functions/reconciler"}
"""What is imported by its full name, and where it lies."""
SOURCES = "src"
"""mutmut knows a few names for the folder that tests import from. `layer` is not one of them."""
NOT_COPIED = (".*", LAYER, "__pycache__")
SPEED_ALONE = {"lru_cache", "cache"}
"""What these decorators kept from the tests before would hide a mutant."""

SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["{sources}", "."]
addopts = ["--import-mode=importlib", "-q", "-p", "no:cacheprovider"]
filterwarnings = ["error", "ignore:builtin type .*wig.* has no __module__ attribute:DeprecationWarning"]

[tool.mutmut]
source_paths = ["{sources}"]
only_mutate = {mutated}
also_copy = {copied}
pytest_add_cli_args_test_selection = {tests}
"""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Lines of a source that go, and the line that comes after another."""

    gone: range
    after: int
    line: str


def make(folder: Path, root: Path, modules: Sequence[str], tests: Sequence[str]) -> None:
    """Brings a copy of `root` up to date. What has not changed keeps its time, by which mutmut knows it again.

    `modules` are patterns of the paths of modules below `src`, `tests` what is run. Tests that were removed are removed
    there, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copied = [path.name for path in root.iterdir() if not any(path.match(pattern) for pattern in NOT_COPIED)]
    for tests_there in (folder / "tests", folder / "mutants" / "tests"):
        shutil.rmtree(tests_there, ignore_errors=True)
    for name in copied:
        if (root / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "reconciliation")  # it would be imported from there
            shutil.copytree(root / name, folder / name, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy2(root / name, folder / name)
    ignored = shutil.ignore_patterns(PACKAGE)  # it would be imported from there
    shutil.copytree(root / LAYER, folder / LAYER, dirs_exist_ok=True, ignore=ignored)
    sources = {
        path.relative_to(root / where): path
        for package, where in PACKAGES.items()
        for path in sorted((root / where / package).rglob("*.py"))
    }
    for place, path in sources.items():
        write(folder / SOURCES / place, plain(path.read_text()))
    remove_others(folder / SOURCES, set(sources))
    settings = SETTINGS.format(
        sources=SOURCES,
        mutated=[f"{SOURCES}/{pattern}" for pattern in modules],
        copied=[name for name in (*copied, LAYER) if name != "pyproject.toml"],
        tests=[*tests],
    )
    write(folder / "pyproject.toml", settings)


def write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def remove_others(folder: Path, kept: set[Path]) -> None:
    for path in folder.rglob("*.py"):
        if path.relative_to(folder) not in kept:
            path.unlink()


def plain(source: str) -> str:
    """The same module without decorators, which keep mutmut from changing what they decorate.

    A dataclass is made from its class afterwards, a property from its function. Caches are left out.
    """
    lines = source.splitlines()
    in_turn = sorted(insertions(ast.parse(source).body), key=lambda each: each.after)
    for insertion in reversed(in_turn):
        lines.insert(insertion.after, insertion.line)
        for number in insertion.gone:
            lines[number] = ""
    return "\n".join(lines) + "\n"


def insertions(body: Sequence[ast.stmt], indent: str = "") -> Iterator[Insertion]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from insertions(node.body, indent + "    ")
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.decorator_list:
            names = [ast.unparse(each) for each in node.decorator_list]
            if names[0] in ("classmethod", "staticmethod"):
                continue  # mutmut knows these
            made = node.name
            for name in reversed(names):
                made = made if name.partition("(")[0] in SPEED_ALONE else f"{name}({made})"
            gone = range(node.decorator_list[0].lineno - 1, node.lineno - 1)
            assert node.end_lineno
            yield Insertion(gone, node.end_lineno, f"{indent}{node.name} = {made}  # pragma: no mutate")

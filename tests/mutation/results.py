"""What became of the mutants: killed, or survived, as diffs; and which survivors are named as equivalent."""

import ast
import difflib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.workspace import DOMAIN, RULES, SOURCES

EQUIVALENTS = Path(__file__).parent / "equivalents.toml"
GENERATED = " # type: ignore # mutmut generated"
FAILED = {1, 3}
"""How mutmut's runs of the tests end if a test failed."""
TIMED_OUT = {24, -24, 36, 152, 255}
"""How they end if they took far longer than without the change: a loop does not end, or the machine was busy."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one function, and what mutmut calls it."""

    key: str
    module: str
    """Its file's name: `money`. Where the file lies may change."""
    function: str
    """`rounded`, or with its class, `Position.bought`."""
    diff: str
    code: int | None
    """None if it has not been tried."""

    @property
    def killed(self) -> bool:
        return self.code in FAILED or self.timed_out

    @property
    def timed_out(self) -> bool:
        """Noticed, but by no test that says what is wrong. Where this is not a loop that does not end, try it again."""
        return self.code in TIMED_OUT

    @property
    def told(self) -> tuple[str, str, str]:
        return self.module, self.function, self.diff


def mutants(folder: Path) -> list[Mutant]:
    """All of a workspace, in the order of their modules."""
    made = folder / "mutants" / SOURCES
    metas = [path for pure in (DOMAIN, RULES) for path in sorted((made / pure).rglob("*.py.meta"))]
    return [mutant for path in metas for mutant in of_module(path)]


def of_module(meta: Path) -> Iterator[Mutant]:
    path = meta.with_suffix("")
    lines = path.read_text().splitlines()
    functions = {name: lines[first - 1 : last] for name, first, last in spans(ast.parse("\n".join(lines)).body)}
    for key, code in json.loads(meta.read_text())["exit_code_by_key"].items():
        name = key.rpartition(".")[2]
        mangled = name.rpartition("__mutmut_")[0]
        diff = difference(functions[f"{mangled}__mutmut_orig"], functions[name])
        yield Mutant(key, path.stem, function_of(mangled), diff, code)


def spans(body: Sequence[ast.stmt]) -> Iterator[tuple[str, int, int]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from spans(node.body)
        elif isinstance(node, ast.FunctionDef):
            assert node.end_lineno
            yield node.name, node.lineno, node.end_lineno


def function_of(mangled: str) -> str:
    """mutmut writes `x_rounded`, and `xǁPositionǁbought` for a method."""
    return mangled[2:] if mangled.startswith("x_") else mangled[2:].replace("ǁ", ".")


def difference(original: Sequence[str], mutated: Sequence[str]) -> str:
    """The lines that differ, without their indents; the first line is the name."""
    before, after = ([line.removesuffix(GENERATED).strip() for line in lines[1:]] for lines in (original, mutated))
    first = [signature(original[0]), signature(mutated[0])]
    compared = difflib.unified_diff([first[0], *before], [first[1], *after], lineterm="", n=0)
    return "\n".join(line for line in compared if not line.startswith(("---", "+++", "@@")))


def signature(line: str) -> str:
    return "(" + line.removesuffix(GENERATED).partition("(")[2]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Changes of a function that no test can tell, and why."""

    module: str
    function: str
    diffs: Sequence[str]
    reason: str


def equivalents(path: Path = EQUIVALENTS) -> list[Equivalent]:
    listed = tomllib.loads(path.read_text()).get("equivalent", [])
    return [
        Equivalent(each["module"], each["function"], [diff.strip() for diff in each["diffs"]], each["reason"])
        for each in listed
    ]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The survivors that are not named, and what is named but did not survive."""

    unnamed: Sequence[Mutant]
    stale: Sequence[tuple[str, str, str]]


def judge(tried: Sequence[Mutant], named: Sequence[Equivalent]) -> Verdict:
    """A diff that is named once stands for one survivor: the same change elsewhere in the function is another."""
    left = Counter((each.module, each.function, diff) for each in named for diff in each.diffs)
    unnamed = []
    for mutant in tried:
        if mutant.killed:
            continue
        if left[mutant.told]:
            left[mutant.told] -= 1
        else:
            unnamed.append(mutant)
    modules = {mutant.module for mutant in tried}
    return Verdict(unnamed, [told for told, number in left.items() if number and told[0] in modules])


def share(tried: Sequence[Mutant]) -> float:
    """How many of them are killed, of one."""
    return sum(mutant.killed for mutant in tried) / len(tried)


def by_module(tried: Sequence[Mutant]) -> Mapping[str, list[Mutant]]:
    """By where each is: `money`, `matching.book` in the domain, `reconciliation.rules.positions`."""
    grouped: dict[str, list[Mutant]] = {}
    for mutant in tried:
        name = mutant.key.rpartition(".")[0].removeprefix(DOMAIN.replace("/", ".") + ".")
        grouped.setdefault(name, []).append(mutant)
    return grouped

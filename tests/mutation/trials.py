"""`trials.py` makes the mutants of the workspace that it starts in, and tries those that stdin names.

stdin has a JSON object: `names`, patterns of mutants to try, `untried`, patterns of those to try if nobody has yet, and
`most`, how many of each module, or null.
It runs in the environment of mutmut. Test modules are imported once, and each test is run once to see which functions
it calls. Then each mutant has a process of its own, which runs the tests that call its function, the fastest first,
until one fails.
"""

import contextlib
import fnmatch
import gc
import json
import os
import random
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.__main__ import collect_source_file_mutation_data, create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.utils.format_utils import mangled_name_from_mutant_name

PASSED, FAILED, TIMED_OUT, NO_TESTS = 0, 1, 24, 33
"""How mutmut says what became of a mutant."""
SECONDS, PATIENCE = 2.0, 10
"""A test may take this many seconds on a processor and this many times what it took without a change. A busy machine
does not count.
"""
SEED = 13
"""Of the order in which a module's mutants are tried: a sample is the first of them."""
MEMORY = 8 << 30
"""Bytes that a trial may have: a loop that does not end fills a list first, perhaps."""


class Trials:
    """A plugin of pytest, which tries mutants where pytest would run the tests."""

    def __init__(self, names: Sequence[str], untried: Sequence[str], most: int | None) -> None:
        self.names, self.untried, self.most = names, untried, most
        self.workspace = Path.cwd()
        self.tests: dict[str, list[pytest.Item]] = defaultdict(list)
        """By the function that they call, the fastest first."""
        self.seconds: dict[pytest.Item, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.watch(session)
        gc.collect()
        gc.freeze()
        for data, keys in self.wanted():
            began = time.monotonic()
            for key in keys:
                data.exit_code_by_key[key] = self.tried(key)
            with contextlib.chdir(self.workspace):
                data.save()
            survived = sum(data.exit_code_by_key[key] in (PASSED, NO_TESTS) for key in keys)
            took = time.monotonic() - began
            print(f"{data.path}: {len(keys)} tried in {took:.0f} s, {survived} survived", flush=True)
        return True

    def watch(self, session: pytest.Session) -> None:
        """Runs each test as the code is. They have to pass."""
        set_mutant_under_test("stats")
        for item, after in zip(session.items, [*session.items[1:], None], strict=True):
            began = time.process_time()
            reports = runtestprotocol(item, nextitem=after, log=False)
            self.seconds[item] = time.process_time() - began
            if self.seconds[item] > 1:
                print(f"SLOW {self.seconds[item]:.1f} {item.nodeid}", flush=True)
            failed = next((report for report in reports if report.failed), None)
            if failed:
                raise pytest.UsageError(f"{item.nodeid} fails as the code is:\n{failed.longreprtext}")
            for function in state()._stats:
                self.tests[function].append(item)
            state()._stats.clear()
        for items in self.tests.values():
            items.sort(key=lambda item: self.seconds[item])
        set_mutant_under_test("")

    def wanted(self) -> list[tuple[SourceFileMutationData, list[str]]]:
        with contextlib.chdir(self.workspace):
            found = collect_source_file_mutation_data(mutant_names=[])[1].values()
        asked = [(data, [key for key in data.exit_code_by_key if self.asked(data, key)]) for data in found]
        for _, keys in asked:
            random.Random(SEED).shuffle(keys)
        for data, keys in asked:
            data.exit_code_by_key |= dict.fromkeys(keys)
        return [(data, keys[: self.most]) for data, keys in asked if keys]

    def asked(self, data: SourceFileMutationData, key: str) -> bool:
        patterns = [*self.names, *(self.untried if data.exit_code_by_key[key] is None else [])]
        return any(key == pattern or fnmatch.fnmatchcase(key, pattern) for pattern in patterns)

    def tried(self, key: str) -> int:
        name = key.replace("__init__.", "")
        items = self.tests.get(mangled_name_from_mutant_name(name), [])
        if not items:
            return NO_TESTS
        child = os.fork()
        if child:
            end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            return TIMED_OUT if end == -signal.SIGPROF else FAILED if end else PASSED
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            set_mutant_under_test(name)
            passed = all(self.passes(item, after) for item, after in zip(items, [*items[1:], None], strict=True))
            os._exit(PASSED if passed else FAILED)
        finally:
            os._exit(FAILED)

    def passes(self, item: pytest.Item, after: pytest.Item | None) -> bool:
        signal.setitimer(signal.ITIMER_PROF, SECONDS + PATIENCE * self.seconds[item])
        return not any(report.failed for report in runtestprotocol(item, nextitem=after, log=False))


def make_mutants() -> None:
    """As `mutmut run` does, in the folder `mutants`."""
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(1)


def main() -> None:
    asked = json.load(sys.stdin)
    make_mutants()
    trials = Trials(asked["names"], asked["untried"], asked["most"])
    tests = config().pytest_add_cli_args_test_selection
    with contextlib.chdir("mutants"):
        sys.exit(pytest.main(["--rootdir=.", *tests], plugins=[trials]))


if __name__ == "__main__":
    main()

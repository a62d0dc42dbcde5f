"""`runner.py FILE TESTS...` puts each of the sources that stdin has, a JSON list, in the file's place, and prints how
the tests end with it: 0 if they pass, below zero if a signal ended them.

What pytest imports is imported once; each source is tried in a process of its own, which imports the project anew. The
tests must pass with the file as it is.
"""

import json
import os
import signal
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

RUN_SECONDS = 120
"""After that long on a processor SIGPROF ends the tests: a loop does not end. A busy machine does not count."""
PASSED = 0


def outcome(tests: list[str]) -> int:
    """How pytest ends in another process; below zero if that was killed."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.setitimer(signal.ITIMER_PROF, RUN_SECONDS)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os._exit(pytest.main(["-qx", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))


def main() -> None:
    file, tests = Path(sys.argv[1]), sys.argv[2:]
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    original = file.read_text()
    if outcome(tests) != PASSED:
        sys.exit(f"{tests} fail as they are")
    outcomes = []
    for source in json.load(sys.stdin):
        file.write_text(source)
        outcomes.append(outcome(tests))
    file.write_text(original)
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()

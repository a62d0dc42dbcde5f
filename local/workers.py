"""The processes that run functions say when a call has logged all that it logs, so that nobody waits for more.

MiniStack (1.5.33) reads a function's log beside its answer. After the answer it looks each millisecond whether there is
a line, until there was none for 5 ms, or for 50 ms if the function logs nothing. The caller waits for that, and so does
the next batch of a queue. Here the process writes a last line before it answers.
"""

import queue
from typing import Any

END = "\x1e"
"""The line after the last one of a call: a record separator. A function's own lines are JSON."""
END_SECONDS = 0.25
"""Nobody waits longer for a log. MiniStack does not, either."""

CALL = "            result = handler_fn(event, context)\n"
CALL_AND_END = """\
            try:
                result = handler_fn(event, context)
            finally:
                print("\\x1e", file=sys.stderr, flush=True)
"""


def script(of_ministack: str) -> str:
    """MiniStack's program of such a process, with the last line. Raises ValueError if it is not the one known here."""
    if of_ministack.count(CALL) != 1:
        raise ValueError("MiniStack's program for functions is not the one that local/workers.py knows.")
    return of_ministack.replace(CALL, CALL_AND_END)


def log_of_call(worker: Any) -> str:
    """What to put in the place of MiniStack's method that collects the log of a call which was answered."""
    if worker._proc is None:  # noqa: SLF001 # what is replaced is private
        return _log_of_ended(worker)
    lines: list[str] = []
    try:
        while (line := worker._stderr_queue.get(timeout=END_SECONDS)) != END:  # noqa: SLF001 # as above
            lines.append(line)
    except queue.Empty:
        pass
    return "\n".join(lines)


def _log_of_ended(worker: Any) -> str:
    """MiniStack ends a process whose call failed. It may have died before its last line."""
    worker._stderr_thread.join(END_SECONDS)  # noqa: SLF001 # as above
    lines: str = worker._drain_stderr()  # noqa: SLF001 # as above
    return "\n".join(line for line in lines.split("\n") if line != END)

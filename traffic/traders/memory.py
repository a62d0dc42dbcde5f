"""The memory of the system that is up here: the local cloud and the workers of its functions."""

import psutil

MEGABYTE = 1_000_000


def megabytes(pid: int) -> int:
    """Of a process and all its descendants. Pages that they share count once for each."""
    try:
        process = psutil.Process(pid)
        return sum(map(_resident, (process, *process.children(recursive=True)))) // MEGABYTE
    except psutil.NoSuchProcess:
        return 0


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0

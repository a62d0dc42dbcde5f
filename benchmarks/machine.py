"""The machine that figures are of, in a line."""

import os
import platform
from pathlib import Path

import psutil

CPU_INFO = Path("/proc/cpuinfo")


def described() -> str:
    """Its processor, how many of them, memory, system and Python."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    lines = CPU_INFO.read_text().splitlines() if CPU_INFO.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "unnamed processor"

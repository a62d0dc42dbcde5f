"""Every line of a function's log has the form of the function's own, whichever of its modules logs it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.cloud import ROOT

LAYER = ROOT / "layer"
LOGGING = [
    path
    for folder in (LAYER / "trading" / "aws", ROOT / "functions")
    for path in sorted(folder.rglob("*.py"))
    if path.name not in {"app.py", "logs.py"} and "logger = Logger(" in path.read_text()
]
SCRIPT = """
import importlib, sys
modules = [importlib.import_module(name) for name in sys.argv[1:]]
from trading.aws.logs import Logger
Logger()
for module in modules:
    module.logger.info("said")
"""


def name_of(path: Path) -> str:
    """The name by which a function imports the module."""
    if path.is_relative_to(LAYER):
        return ".".join(path.relative_to(LAYER).with_suffix("").parts)
    return path.stem


def test_what_a_module_logs_has_the_form_of_its_function() -> None:
    """Lambda takes a line whose time has another form for one of level INFO; a module with a logger of its own would
    also take the function's form away, because it is imported first.
    """
    folders = {str(path.parent) for path in LOGGING if not path.is_relative_to(LAYER)}
    environment = os.environ | {
        "POWERTOOLS_SERVICE_NAME": "a_stage",
        "PYTHONPATH": os.pathsep.join([str(LAYER), *sorted(folders)]),
    }
    command = [sys.executable, "-c", SCRIPT, *map(name_of, LOGGING)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["message"] for line in lines] == ["function started"] + ["said"] * len(LOGGING)
    forms = {re.sub(r"\d", "0", line["timestamp"]) for line in lines}
    assert forms == {"0000-00-00T00:00:00.000Z"}, "RFC 3339"
    assert not any("service" in line for line in lines), "the log group says whose it is"
    assert len(LOGGING) > 10

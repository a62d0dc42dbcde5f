"""Loads a stage as Lambda does: its folder first on the path, `app` and what lies beside it imported afresh."""

import importlib
import os
import sys
from collections.abc import Mapping
from functools import cache
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from unittest import mock

import trading.aws.engine
from tests.support.cloud import ROOT, timeout_of
from trading.aws.engine import matching_stage

FUNCTIONS = ROOT / "functions"
STAGES = sorted(folder.name for folder in FUNCTIONS.iterdir() if (folder / "app.py").exists())


class Context:
    """The context that Lambda gives a handler, with the whole time limit left."""

    memory_limit_in_mb = 1024
    aws_request_id = "8f507cfc-7a1c-4a3e-9d3b-6d1f0c2b9e71"
    """As long as Lambda's own: what is logged is counted."""

    def __init__(self, stage: str) -> None:
        self.function_name = f"trading-{stage}"
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:123456789012:function:trading-{stage}"
        self._milliseconds = timeout_of(stage) * 1000

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


class Stage:
    """A warm function: what `module` remembers stays for the next event."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self.module = imported(name, environment)

    def __call__(self, event: dict[str, Any]) -> Any:
        return self.module.handler(event, Context(self.name))


class Loader(SourceFileLoader):
    """Executes a file anew for every import, and compiles it once: every test loads the stages."""

    def get_code(self, _: str) -> CodeType:
        return compiled(self.path)


@cache
def compiled(path: str) -> CodeType:
    code: CodeType = compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)
    return code


@cache
def finder(folder: str) -> FileFinder:
    return FileFinder(folder, (Loader, SOURCE_SUFFIXES))


def imported(stage: str, environment: Mapping[str, str], module: str = "app") -> ModuleType:
    """A module of a stage's folder, and with it what lies beside it: nobody else has these."""
    folder = FUNCTIONS / stage
    finders = {str(folder): finder(str(folder))}
    if sys.modules.pop(matching_stage.__name__, None):  # it logs, and in Lambda it is one function's own
        vars(trading.aws.engine).pop("matching_stage", None)
    with (
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "path", [str(folder), *sys.path]),
        mock.patch.dict(sys.path_importer_cache, finders),
    ):
        try:
            return importlib.import_module(module)
        finally:
            for path in folder.glob("*.py"):  # a package has a name of its own, and may stay
                sys.modules.pop(path.stem, None)

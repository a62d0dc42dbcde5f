"""The built functions and what Lambda gives them, made once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import lambda_like
from tests.support.lambda_like import Artefacts


@pytest.fixture(scope="session")
def build() -> Path:
    return lambda_like.built()


@pytest.fixture(scope="session")
def python() -> Path:
    return lambda_like.interpreter()


@pytest.fixture(scope="module")
def artefacts(build: Path, python: Path) -> Iterator[Artefacts]:
    with lambda_like.artefacts_on_moto(build, python) as made:
        yield made

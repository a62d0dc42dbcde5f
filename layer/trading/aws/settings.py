"""A stage's configuration: environment variables, read once into a frozen dataclass."""

import os
from dataclasses import dataclass, fields
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Those of a stage that needs TradesStore alone."""

    trades_store: str


def from_environment(settings: type[T]) -> T:
    """Each field `name` from the variable NAME. Raises RuntimeError that names all that are missing."""
    names = {field.name: field.name.upper() for field in fields(settings)}  # type: ignore[arg-type] # a dataclass
    missing = [variable for variable in names.values() if not os.environ.get(variable)]
    if missing:
        raise RuntimeError(f"missing environment variables: {', '.join(missing)}")
    return settings(**{name: os.environ[variable] for name, variable in names.items()})

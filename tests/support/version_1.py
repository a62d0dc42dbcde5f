"""What version 1 wrote, frozen: see tests/contract/v1/README.md."""

import json
from typing import Any

from tests.support.cloud import ROOT

FOLDER = ROOT / "tests" / "contract" / "v1"


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def missing(found: Any, frozen: Any, at: str = "") -> list[str]:
    """Where `found` is not what was frozen. It may have more members; a list has the same entries."""
    if isinstance(frozen, dict) and isinstance(found, dict):
        return [fault for name, part in frozen.items() for fault in missing(found.get(name), part, f"{at}/{name}")]
    if isinstance(frozen, list) and isinstance(found, list) and len(found) == len(frozen):
        pairs = enumerate(zip(found, frozen, strict=True))
        return [fault for number, (one, other) in pairs for fault in missing(one, other, f"{at}/{number}")]
    return [] if found == frozen else [f"{at}: {found!r:.200} instead of {frozen!r:.200}"]

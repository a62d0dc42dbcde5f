"""How large the built functions and the layer are: Lambda limits both the archive and what is in it, and a cold start
reads all of it.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Artefact:
    """A folder that `sam build` made; sizes in bytes, of the archive that is uploaded and of what is in it."""

    name: str
    zipped: int
    unzipped: int


def artefacts(build: Path) -> list[Artefact]:
    """All that `sam build` made there, by name."""
    return [_measured(folder) for folder in sorted(build.iterdir()) if folder.is_dir()]


def table(measured: list[Artefact]) -> Table:
    shown = Table("artefact", "zipped, KB", "unzipped, KB", box=None, padding=(0, 2, 0, 0))
    for each in measured:
        shown.add_row(each.name, f"{each.zipped / 1000:,.0f}", f"{each.unzipped / 1000:,.0f}")
    return shown


def _measured(folder: Path) -> Artefact:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for file in _files(folder):
            zipped.write(file, file.relative_to(folder))
    return Artefact(folder.name, archive.tell(), sum(file.stat().st_size for file in _files(folder)))


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())

"""The files of the page. All are under one digest of all their contents, so a browser may keep them for good, and the
modules of two releases never meet.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from gzip import compress
from pathlib import Path

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
"""Only files of these types are served."""
INDEX = "index.html"
DIGEST_CHARACTERS = 20
DIGEST = "{{digest}}"
PRELOADS = "{{preloads}}"
LATER = ("vendor/uplot.js",)
"""What a view loads when it is first shown."""


@dataclass(frozen=True)
class Asset:
    """A file as it is served. One that is not `lasting` has to be asked for again each time."""

    content: bytes
    content_type: str
    lasting: bool

    @cached_property
    def compressed(self) -> bytes:
        return compress(self.content, mtime=0)

    @cached_property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


class Assets:
    """The files under a folder."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.suffix in TYPES
        }
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(f"{name}\n{len(content)}\n".encode() + content)
        self.digest = digest.hexdigest()[:DIGEST_CHARACTERS]
        self._lasting = {
            f"{self.digest}/{name}": Asset(content, TYPES[Path(name).suffix], lasting=True)
            for name, content in self._files.items()
            if name != INDEX
        }

    @cached_property
    def page(self) -> Asset:
        """The page, which names the digest in all that it loads, and its modules before they are imported."""
        text = self._files[INDEX].decode()
        text = text.replace(PRELOADS, "\n    ".join(self._preloads())).replace(DIGEST, self.digest)
        return Asset(text.encode(), TYPES[".html"], lasting=False)

    def find(self, path: str) -> Asset | None:
        """The file under this path, which begins with the digest."""
        return self._lasting.get(path)

    def _preloads(self) -> Iterator[str]:
        for name in self._files:
            if name.endswith(".js") and name not in LATER:
                yield f'<link rel="modulepreload" href="ui/{self.digest}/{name}">'

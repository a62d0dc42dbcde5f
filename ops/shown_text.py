"""Text that somebody else wrote, as it may be shown: on one line, and with nothing that a terminal obeys."""

from trading.domain.errors import printable

MAX_LETTERS = 300


def plain(text: str, most: int = MAX_LETTERS) -> str:
    r"""The text with everything that does not print as an escape (`\n`, `\x1b`), cut where it is longer than `most`."""
    return printable(text[:most]) + "…" * (len(text) > most)

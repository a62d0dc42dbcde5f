"""Text that somebody else wrote, as it may be shown: on one line, and with nothing that a terminal obeys."""

MAX_LETTERS = 300


def plain(text: str, most: int = MAX_LETTERS) -> str:
    r"""The text with everything that does not print as an escape (`\n`, `\x1b`), cut where it is longer than `most`."""
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text[:most])
    return shown + "…" * (len(text) > most)

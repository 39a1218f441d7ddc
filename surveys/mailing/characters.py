"""Text from people made fit for a mail: nothing in it breaks a line or turns its direction."""

from __future__ import annotations

import re

# Embeddings, overrides and isolates turn round what comes after them, such as the link.
# Marks and letters that are themselves right to left stay.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALF_SIGNS = re.compile("[\ud800-\udfff]")  # no encoding can write them


def clean_lines(text: str) -> str:
    """The text with every kind of line break as '\\n', and a space for a control character."""
    lines = "\n".join(text.splitlines())
    lines = _HALF_SIGNS.sub("\N{REPLACEMENT CHARACTER}", _DIRECTIONS.sub("", lines))
    return _CONTROLS.sub(" ", lines)


def clean_line(text: str, length: int | None = None) -> str:
    """The text on one line, with single spaces; where it is longer than `length`, cut with '…'."""
    line = " ".join(clean_lines(text).split())
    return line if length is None or len(line) <= length else line[: length - 1].rstrip() + "…"

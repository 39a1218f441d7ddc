"""How far the making of a report is."""

from __future__ import annotations

from collections.abc import Callable

# The part that is done, from 0 to 1, and in Dutch what is being done now.
Progress = Callable[[float, str], None]


def tell_nothing(part: float, doing: str) -> None:
    """For who does not follow it."""

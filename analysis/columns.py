"""A column of a sheet: a plain heading, and cells of one kind."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, COUNT, FRACTION, MEAN, POINTS, P = "text", "count", "fraction", "mean", "points", "p"

Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """`kind` says what the cells are: a FRACTION is 0.88 for 88%, POINTS are of percentage.

    A cell may always be a text instead: that it is suppressed.
    """

    heading: str
    kind: str
    cells: tuple[Cell, ...]

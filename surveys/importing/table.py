"""One table in memory, whatever file it came from: columns, and rows of plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from surveys.importing.faults import Fault, UnreadableFile, describe_fault

# A wave of all regions fits in these many times over.
MAX_BYTES = 20 * 2**20
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 1_000, 1_000_000


@dataclass(frozen=True)
class Column:
    """`name` is unique in its table. `letter` is where a spreadsheet shows the column ('C').

    `value_labels` and `user_missing` (values that SPSS counts as missing) are of a .sav file.
    """

    name: str
    label: str = ""
    letter: str = ""
    value_labels: Mapping[str, str] = field(default_factory=dict)
    user_missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """`number` is the row as a person sees it in the file. A cell without a value is ''."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A sheet of a file. `faults` are of single cells: they count only where a cell is used.

    `sheets` names all sheets of the file; `source_hash` is the SHA-256 of its bytes.
    """

    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    source_hash: str
    sheets: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @cached_property
    def places(self) -> dict[str, int]:
        """Per name of a column its place in a row."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def cell_faults(self) -> dict[tuple[int, str], Fault]:
        """Per row number and name of a column what is wrong with the cell."""
        return {(fault.place.row, fault.place.column): fault for fault in self.faults}

    def column(self, name: str) -> Column:
        """The column with this name; KeyError where there is none."""
        return self.columns[self.places[name]]

    def count_values(self, name: str) -> Counter[str]:
        """How often each value stands in a column; empty cells do not count."""
        place = self.places[name]
        return Counter(row.cells[place] for row in self.rows if row.cells[place])


def name_columns(headers: Iterable[str]) -> list[Column]:
    """Columns with unique names. One without a name, or with that of an earlier one, is named
    after its letter; its label stays what the file has."""
    columns: list[Column] = []
    taken: set[str] = set()
    for place, header in enumerate(headers, start=1):
        letter = _column_letter(place)
        name = " ".join(header.split()) or f"kolom {letter}"
        while name in taken:
            name += f" (kolom {letter})"
        taken.add(name)
        columns.append(Column(name, label="" if name == header else header, letter=letter))
    return columns


def _column_letter(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def check_size(rows: int, columns: int) -> None:
    """Raises UnreadableFile for a table with too many rows, columns or cells."""
    for count, most, what, wat in (
        (rows, MAX_ROWS, "rows", "rijen"),
        (columns, MAX_COLUMNS, "columns", "kolommen"),
        (rows * columns, MAX_CELLS, "cells", "cellen"),
    ):
        if count > most:
            what, wat = f"more than {most} {what}", f"meer dan {most} {wat}"
            raise UnreadableFile([describe_fault("too_large", what=what, wat=wat, most=most)])

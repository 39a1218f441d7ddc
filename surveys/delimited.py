"""Delimited text (CSV): its rows with their numbers, and what is wrong in which row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class RowError:
    """One fault in a file. `row` counts the header as row 1; 0 is the file as a whole.

    `str` is for the command line. `dutch` says it to the people who upload files in a page, and
    what to do; a file that no page reads has none.
    """

    row: int
    message: str
    dutch: str = ""

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}" if self.row else self.message

    @property
    def in_dutch(self) -> str:
        """For a page. It may quote the file: show it as plain text."""
        return f"Rij {self.row}: {self.dutch}" if self.row else self.dutch


class InvalidFile(Exception):
    """A file with faults; `errors` holds all of them, in the order of the rows."""

    def __init__(self, errors: list[RowError]) -> None:
        errors = sorted(errors, key=lambda error: error.row)
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


def read_rows(path: Path, errors: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with their numbers, the header (row 1) first, values stripped.

    Comma or semicolon, whichever the header has first; UTF-8. Empty lines are left out. `errors`
    gets a fault for every row that is not as long as the header, and for a file that is not UTF-8
    or not CSV: there the rows end. OSError where the file cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from split_rows(file, errors)


def split_rows(file: TextIO, errors: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    """As `read_rows`, of a text that is open already: as UTF-8, its line ends left as they are."""
    try:
        yield from _split_lines(file, errors)
    except UnicodeDecodeError:
        errors.append(
            RowError(
                0,
                "the file is not UTF-8 text: save it as CSV UTF-8",
                "Het bestand is geen UTF-8-tekst. Kies in Excel bij Opslaan als: CSV UTF-8.",
            )
        )


def _split_lines(file: TextIO, errors: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    header = file.readline()
    delimiter = _find_delimiter(header)
    # strict: a quote that is never closed would swallow the rows behind it
    reader = csv.reader(chain([header], file), delimiter=delimiter, strict=True)
    try:
        names = next(reader, [])
        yield 1, [name.strip() for name in names]
        for row in reader:
            if len(row) == len(names):
                yield reader.line_num, [value.strip() for value in row]
            elif row:
                errors.append(_not_as_long(reader.line_num, len(row), len(names)))
    except csv.Error as error:
        errors.append(
            RowError(
                reader.line_num,
                f"is not CSV ({error})",
                "dit is geen CSV. Kijk of elk aanhalingsteken dat opent ook sluit.",
            )
        )


def _find_delimiter(header: str) -> str:
    """The first of the two outside quotes: names further on may hold the other."""
    bare = re.sub(r'"[^"]*"', "", header)
    return next((sign for sign in bare if sign in ",;"), ",")


def _not_as_long(row: int, given: int, wanted: int) -> RowError:
    return RowError(
        row,
        f"has {given} values in place of {wanted}",
        f"aantal waarden is {given}, maar de eerste rij noemt er {wanted}. Vul aan of haal weg.",
    )

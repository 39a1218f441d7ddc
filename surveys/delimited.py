"""Delimited text (CSV): its rows with their numbers, and what is wrong in which row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class RowError:
    """One fault in a file. `row` counts the header as row 1; 0 is the file as a whole."""

    row: int
    message: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}" if self.row else self.message


class InvalidFile(Exception):
    """A file with faults; `errors` holds all of them, in the order of the rows."""

    def __init__(self, errors: list[RowError]) -> None:
        errors = sorted(errors, key=lambda error: error.row)
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


def read_rows(path: Path, errors: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with their numbers, the header (row 1) first, values stripped.

    Comma or semicolon, as the header has it; UTF-8. Empty lines are left out. `errors` gets a
    fault for every row that is not as long as the header, and for a file that is not UTF-8 or
    not CSV: there the rows end. OSError where the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _split_rows(file, errors)
    except UnicodeDecodeError:
        errors.append(RowError(0, "the file is not UTF-8 text: save it as CSV UTF-8"))


def _split_rows(file: TextIO, errors: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    header = file.readline()
    delimiter = ";" if ";" in header and "," not in header else ","
    # strict: a quote that is never closed would swallow the rows behind it
    reader = csv.reader(chain([header], file), delimiter=delimiter, strict=True)
    try:
        names = next(reader, [])
        yield 1, [name.strip() for name in names]
        for row in reader:
            if len(row) == len(names):
                yield reader.line_num, [value.strip() for value in row]
            elif row:
                fault = f"has {len(row)} values in place of {len(names)}"
                errors.append(RowError(reader.line_num, fault))
    except csv.Error as error:
        errors.append(RowError(reader.line_num, f"is not CSV ({error})"))

"""The register of regions: what is known of each, such as its province, to compare groups by."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from surveys.delimited import InvalidFile, RowError, read_rows

REGION, NAME = "region", "naam"


class InvalidRegister(InvalidFile):
    """A register with faults."""


@dataclass(frozen=True)
class Register:
    """Per region number its value of every attribute, and its name where the file has names."""

    regions: Mapping[str, Mapping[str, str]]
    attributes: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def members(self, attribute: str) -> dict[str, frozenset[str]]:
        """The regions that have each value of an attribute, values in alphabetical order.

        ValueError where the register has no such attribute.
        """
        if attribute not in self.attributes:
            known = ", ".join(self.attributes)
            raise ValueError(f"the register has no attribute '{attribute}', only: {known}")
        groups: dict[str, set[str]] = {}
        for region, values in self.regions.items():
            groups.setdefault(values[attribute], set()).add(region)
        return {value: frozenset(groups[value]) for value in sorted(groups, key=_alphabetical)}


def _alphabetical(text: str) -> tuple[str, str]:
    return text.casefold(), text


def read_register(path: Path) -> Register:
    """Read a CSV file with a column `region`, perhaps `naam`, and a column per attribute.

    Comma or semicolon; UTF-8. Every region has a value of every attribute. Raises
    InvalidRegister with every fault found, and OSError where the file cannot be read.
    """
    errors: list[RowError] = []
    found = list(read_rows(path, errors))
    if not found:
        raise InvalidRegister(errors)
    (_, columns), *rows = found
    if not columns:
        raise InvalidRegister([RowError(1, "is empty, but should name the columns")])
    errors += [*_check_columns(columns), *_check_rows(columns, rows)]
    if not rows and not errors:
        errors.append(RowError(0, "the register holds no regions"))
    if errors:
        raise InvalidRegister(errors)
    attributes = _attributes(columns)
    records = [dict(zip(columns, row, strict=True)) for _, row in rows]
    return Register(
        {record[REGION]: {name: record[name] for name in attributes} for record in records},
        attributes,
        {record[REGION]: record[NAME] for record in records} if NAME in columns else {},
    )


def _attributes(columns: list[str]) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in (REGION, NAME))


def _check_columns(columns: list[str]) -> Iterator[RowError]:
    if REGION not in columns:
        yield RowError(1, f"there is no column '{REGION}'")
    if not any(_attributes(columns)):
        yield RowError(1, "there is no column with an attribute of the regions")
    for place, column in enumerate(columns, start=1):
        if not column:
            yield RowError(1, f"column {place} has no name")
        elif columns.index(column) < place - 1:
            yield RowError(1, f"column {place} is named '{column}', as an earlier one is")


def _check_rows(columns: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[RowError]:
    rows_of_regions: dict[str, int] = {}
    for number, row in rows:
        for column, value in zip(columns, row, strict=True):
            if column == REGION and not value:
                yield RowError(number, "the region is empty")
            elif column and not value:
                yield RowError(number, f"the value of {column} is empty")
        region = row[columns.index(REGION)] if REGION in columns else ""
        if region and rows_of_regions.setdefault(region, number) != number:
            yield RowError(number, f"region '{region}' is in row {rows_of_regions[region]} too")


def write_register(file: TextIO, register: Register) -> None:
    """Write a register as `read_register` reads it."""
    writer = csv.writer(file, lineterminator="\n")
    with_names = [NAME] if register.names else []
    writer.writerow([REGION, *with_names, *register.attributes])
    for region, values in register.regions.items():
        named = [register.names[region]] if register.names else []
        writer.writerow([region, *named, *(values[name] for name in register.attributes)])

"""Rows as JSON, CSV or a table for people."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analysis.measures import MEAN, ORDINAL, PROPORTION
from surveys.dutch import round_half_up

Row = Mapping[str, Any]

_MEASURES = {PROPORTION: "percentages", ORDINAL: "scales", MEAN: "means"}
UNITS = "percentage points where the figure is a percentage, else in the unit of the question"


class Format(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


@dataclass(frozen=True)
class Table:
    """A table for people: what it is about, the cells, and what a reader must know of them."""

    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    title: str = ""


@dataclass
class Remarks:
    """Long texts that are told once, under the table; a cell carries their number."""

    numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, *texts: str | None) -> str:
        """' [1] [2]' for the texts that are not empty."""
        return "".join(
            f" [{self.numbers.setdefault(text, len(self.numbers) + 1)}]" for text in texts if text
        )

    @property
    def lines(self) -> list[str]:
        return [f"[{number}] {text}" for text, number in self.numbers.items()]


def write_rows(
    rows: Sequence[Row], output: Format, tell: Callable[[Sequence[Row]], Iterable[Table]]
) -> None:
    """In the wanted form; `tell` makes the tables for people."""
    if output is Format.json:
        write_json(rows)
    elif output is Format.csv:
        write_csv(rows)
    else:
        write_tables(tell(rows))


def write_tables(tables: Iterable[Table]) -> None:
    for number, table in enumerate(tables):
        if number:
            print()
        if table.title:
            print(f"{table.title}\n")
        write_table(table.heads, table.lines)
        if table.foot:
            print()
        for line in table.foot:
            print(line)


def write_json(rows: Sequence[Row] | Row) -> None:
    print(json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False))


def write_csv(rows: Sequence[Row]) -> None:
    """A column per field. A field with parts is 'name=value;...', and one with tables of its own
    has a column per part: `groups_differ_level_p`."""
    if not rows:
        return
    flat = [dict(_columns(row)) for row in rows]
    fields = dict.fromkeys(name for row in flat for name in row)
    writer = csv.DictWriter(sys.stdout, list(fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)


def _columns(row: Row) -> Iterable[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict) and any(isinstance(part, dict) for part in value.values()):
            yield from _leaves(name, value)
        elif isinstance(value, dict):
            yield name, ";".join(f"{inner}={part}" for inner, part in value.items())
        elif isinstance(value, list | tuple):
            yield name, ";".join(map(str, value))
        else:
            yield name, value


def _leaves(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield name, value
        return
    for inner, part in value.items():
        yield from _leaves(f"{name}_{inner}", part)


def write_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, the last one as it is."""
    shown = [tuple(heads), *map(tuple, lines)]
    widths = [max(len(line[column]) for line in shown) for column in range(len(heads) - 1)]
    for line in shown:
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        print("  ".join([*padded, line[-1]]).rstrip())


def tell_number(value: float | None, decimals: int = 2) -> str:
    return "-" if value is None else str(round_half_up(value, decimals))


def tell_amount(row: Row, value: float | None) -> str:
    """A level: '88%' for a proportion, '7.52' for a mean."""
    if value is None:
        return "-"
    if row["measure"] == "proportion":
        return f"{round_half_up(value * 100, 0)}%"
    return tell_number(value)


def tell_difference(row: Row, value: float | None) -> str:
    """A difference: points of percentage with one decimal, or the unit of the mean."""
    if value is None:
        return "-"
    scale = 100 if row["measure"] == "proportion" else 1
    return tell_number(value * scale, 1 if scale == 100 else 2)


def tell_interval(row: Row, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "-"
    return f"{tell_difference(row, low)} to {tell_difference(row, high)}"


def tell_p(p: float | None) -> str:
    if p is None:
        return "-"
    return "<0.0001" if p < 0.0001 else f"{p:.4f}"


def tell_methods(rows: Iterable[Row], field_name: str) -> str:
    """'mcnemar_midp (percentages), paired_t (means)': what was used for which figures. A test
    counts where it gave a p."""
    found = dict.fromkeys(
        (row[field_name], _MEASURES[row["measure"]])
        for row in rows
        if row.get(field_name) and not (field_name == "test" and row["p"] is None)
    )
    return ", ".join(f"{name} ({measure})" for name, measure in found) or "none"


def tell_runs(numbers: Sequence[int]) -> str:
    """'42, 58, 84-86': three or more in a row as a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )

"""Rows as JSON, CSV or a table for people."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from surveys.dutch import round_half_up

Row = Mapping[str, Any]


class Format(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


def write_json(rows: Sequence[Row] | Row) -> None:
    print(json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False))


def write_csv(rows: Sequence[Row]) -> None:
    """A column per field; a field with parts (missing per reason) as 'name=value;...'."""
    if not rows:
        return
    fields = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(sys.stdout, list(fields), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _flatten(value) for name, value in row.items()})


def _flatten(value: Any) -> Any:
    if isinstance(value, dict):
        return ";".join(f"{name}={part}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return value


def write_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, the last one left as it is."""
    shown = [tuple(heads), *map(tuple, lines)]
    widths = [max(len(line[column]) for line in shown) for column in range(len(heads) - 1)]
    for line in shown:
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        print("  ".join([*padded, line[-1]]))


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
    return "-" if p is None else f"{p:.4f}"


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

"""A data file of SPSS (.sav) as a table, with its labels and missing values."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from surveys.importing.faults import Fault, Place, UnreadableFile, describe_fault, quote
from surveys.importing.table import MAX_CELLS, MAX_ROWS, Column, Row, Table, check_size
from surveys.spreadsheet import format_number

_PROCESS = Path(__file__).with_name("spss_process.py")
_LONGEST = 60  # seconds


def read_spss(content: bytes, source_hash: str) -> Table:
    """The cases as rows, numbered as SPSS shows them. Raises UnreadableFile."""
    if content[8:].startswith(b"ENCRYPTEDSAV"):
        raise UnreadableFile([describe_fault("encrypted", suffix=".sav")])
    if not content.startswith((b"$FL2", b"$FL3")):
        raise UnreadableFile([describe_fault("not_its_name", suffix=".sav")])
    found = _parse(content)
    check_size(found["rows"], found["columns"])
    if not found["rows"]:
        raise UnreadableFile([describe_fault("no_rows")])
    variables = found["variables"]
    columns = [[_as_text(value) for value in variable["values"]] for variable in variables]
    return Table(
        "",
        tuple(_describe_column(variable) for variable in variables),
        tuple(Row(number, cells) for number, cells in enumerate(zip(*columns, strict=True), 1)),
        source_hash,
        faults=tuple(fault for variable in variables for fault in _find_dates(variable)),
    )


def _parse(content: bytes) -> dict[str, Any]:
    """What `spss_process.py` says of the file. It is run apart: a damaged file may end it."""
    command = [sys.executable, "-I", str(_PROCESS), str(MAX_ROWS), str(MAX_CELLS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file goes in as data
            command, input=content, capture_output=True, check=True, timeout=_LONGEST
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnreadableFile([describe_fault("broken", suffix=".sav")]) from error
    return found


def _describe_column(variable: dict[str, Any]) -> Column:
    labels = variable["value_labels"]
    known = [*variable["values"], *(value for value, _ in labels)]
    missing = {_as_text(v) for v in known if _in_ranges(v, variable["missing_ranges"])}
    return Column(
        variable["name"],
        label=variable["label"].strip(),
        value_labels={_as_text(value): label.strip() for value, label in labels},
        user_missing=frozenset(missing - {""}),
    )


def _in_ranges(value: Any, ranges: list[tuple[Any, Any]]) -> bool:
    return any(
        isinstance(value, str) == isinstance(low, str) and low <= value <= high
        for low, high in ranges
        if isinstance(value, str | float)
    )


def _as_text(value: Any) -> str:
    if value is None or value != value:  # missing in SPSS itself
        return ""
    if isinstance(value, dict):
        return str(value["date"])
    return format_number(value) if isinstance(value, int | float) else str(value).strip()


def _find_dates(variable: dict[str, Any]) -> list[Fault]:
    return [
        describe_fault("date", Place(row=number, column=variable["name"]), given=quote(text))
        for number, value in enumerate(variable["values"], start=1)
        if isinstance(value, dict) and (text := _as_text(value))
    ]

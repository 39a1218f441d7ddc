"""A file to import, of any kind that is known, becomes a table."""

from __future__ import annotations

import hashlib
from io import BytesIO, TextIOWrapper
from pathlib import Path, PurePath

from surveys.delimited import RowError, split_rows
from surveys.importing.faults import Place, UnreadableFile, describe_fault
from surveys.importing.spss import read_spss
from surveys.importing.table import MAX_BYTES, Row, Table, check_size, name_columns
from surveys.importing.workbook import read_workbook
from surveys.spreadsheet import ARCHIVE, OLD_OR_LOCKED, UnreadableWorkbook, open_sheet

KINDS = (".xlsx", ".csv", ".sav")

_SPSS = b"$FL"  # how a file of SPSS begins, also where it goes by the name of another


def read_file(path: Path, sheet: str | None = None) -> Table:
    """The table in a file on this machine. Raises UnreadableFile."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large()
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile([describe_fault("unreadable", reason=reason)]) from error
    return read_table(path.name, content, sheet)


def read_table(name: str, content: bytes, sheet: str | None = None) -> Table:
    """The table in a file of this name. `sheet` is of a workbook: the first one by default.

    Raises UnreadableFile where the file is not what its name says, is empty, locked, damaged
    or too large, has no such sheet or no rows; for CSV with every row that is at fault.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in KINDS:
        raise UnreadableFile([describe_fault("unknown_kind")])
    if not content.strip():
        raise UnreadableFile([describe_fault("empty_file")])
    if len(content) > MAX_BYTES:
        raise _too_large()
    source_hash = hashlib.sha256(content).hexdigest()
    if content.startswith(OLD_OR_LOCKED):
        raise UnreadableFile([describe_fault("encrypted", suffix=suffix)])
    if suffix == ".sav":
        return read_spss(content, source_hash)
    if content.startswith(ARCHIVE) == (suffix == ".csv") or content.startswith(_SPSS):
        raise UnreadableFile([describe_fault("not_its_name", suffix=suffix)])
    if suffix == ".xlsx":
        return read_workbook(content, source_hash, sheet)
    return _read_csv(content, source_hash)


def list_sheets(content: bytes) -> tuple[str, ...]:
    """The names of the sheets of a workbook; none where it is another file, or cannot be read."""
    if not content.startswith(ARCHIVE):
        return ()
    try:
        return open_sheet(content).names
    except UnreadableWorkbook:
        return ()


def _too_large() -> UnreadableFile:
    most = f"{MAX_BYTES // 2**20} MB"
    words = describe_fault("too_large", what="in bytes", wat="in bytes", most=most)
    return UnreadableFile([words])


def _read_csv(content: bytes, source_hash: str) -> Table:
    errors: list[RowError] = []
    found: list[tuple[int, list[str]]] = []
    if b"\0" in content:
        raise UnreadableFile([describe_fault("not_its_name", suffix=".csv")])
    text = TextIOWrapper(BytesIO(content), encoding="utf-8-sig", newline="")
    for number, cells in split_rows(text, errors):
        found.append((number, cells))
        check_size(len(found), len(cells))
    if errors:
        raise UnreadableFile(
            describe_fault("csv", Place(row=error.row), message=error.message, dutch=error.dutch)
            for error in errors
        )
    (_, header), *rest = found or [(1, [])]
    rows = tuple(Row(number, tuple(cells)) for number, cells in rest if any(cells))
    if not rows:
        raise UnreadableFile([describe_fault("no_rows")])
    kept = [p for p, name in enumerate(header) if name or any(row.cells[p] for row in rows)]
    columns = name_columns(header)
    return Table(
        "",
        tuple(columns[place] for place in kept),
        tuple(Row(row.number, tuple(row.cells[place] for place in kept)) for row in rows),
        source_hash,
    )

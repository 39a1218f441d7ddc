"""A sheet of an Excel workbook (.xlsx) as a table."""

from __future__ import annotations

from dataclasses import replace

from surveys.importing.faults import Fault, Place, UnreadableFile, describe_fault, quote
from surveys.importing.table import Row, Table, check_size, name_columns
from surveys.spreadsheet import MOST_UNPACKED, Sheet, SheetCell, UnreadableWorkbook, open_sheet

# Per kind of cell that is not an answer: its fault.
_FAULTS = {"date": "date", "error": "error_cell", "formula": "formula"}


def read_workbook(content: bytes, source_hash: str, asked: str | None = None) -> Table:
    """The table on a sheet, the first one by default; the first row with anything is its header.

    Raises UnreadableFile.
    """
    try:
        sheet = open_sheet(content, asked)
        return _read_sheet(sheet, source_hash)
    except UnreadableWorkbook as error:
        raise UnreadableFile([_tell_fault(error, asked)]) from error


def _tell_fault(error: UnreadableWorkbook, asked: str | None) -> Fault:
    if error.code == "no_sheet":
        known = ", ".join(map(quote, error.names)) or "-"
        return describe_fault("no_sheet", asked=quote(asked or ""), known=known)
    if error.code == "too_large":
        most = f"{MOST_UNPACKED // 2**20} MB"
        what, wat = "when it is unpacked", "als het is uitgepakt"
        return describe_fault("too_large", what=what, wat=wat, most=most)
    codes = {"locked": "encrypted", "other": "not_its_name", "broken": "broken"}
    return describe_fault(codes[error.code], suffix=".xlsx")


def _read_sheet(sheet: Sheet, source_hash: str) -> Table:
    rows: list[Row] = []
    marks: dict[tuple[int, int], Fault] = {}
    for number, cells in sheet.rows:
        texts = [""] * cells[-1].column
        for cell in cells:
            texts[cell.column - 1] = cell.text
            if cell.kind in _FAULTS:
                marks[number, cell.column - 1] = _mark(sheet, number, cell)
        if any(texts) or any(cell.kind in _FAULTS for cell in cells):
            rows.append(Row(number, tuple(texts)))
            check_size(len(rows), max(len(texts), len(rows[0].cells)))
    return _compose(sheet, rows, marks, source_hash)


def _mark(sheet: Sheet, number: int, cell: SheetCell) -> Fault:
    return describe_fault(_FAULTS[cell.kind], Place(sheet.name, number), given=quote(cell.text))


def _compose(
    sheet: Sheet, rows: list[Row], marks: dict[tuple[int, int], Fault], source_hash: str
) -> Table:
    """The first row becomes the columns; columns with nothing in them fall away."""
    if len(rows) < 2:
        raise UnreadableFile([describe_fault("no_rows", Place(sheet.name))])
    width = max(len(row.cells) for row in rows)
    check_size(len(rows), width)
    header, *rest = [Row(row.number, row.cells + ("",) * (width - len(row.cells))) for row in rows]
    columns = name_columns(header.cells)
    marked = {place for _, place in marks}
    kept = [
        place
        for place in range(width)
        if place in marked or any(row.cells[place] for row in (header, *rest))
    ]
    return Table(
        sheet=sheet.name,
        columns=tuple(columns[place] for place in kept),
        rows=tuple(Row(row.number, tuple(row.cells[p] for p in kept)) for row in rest),
        source_hash=source_hash,
        sheets=sheet.names,
        faults=tuple(
            replace(fault, place=replace(fault.place, column=columns[place].name))
            for (number, place), fault in marks.items()
            if number != header.number
        ),
    )

"""Released figures as files: a picture of a chart, or the table as CSV or Excel.

Only what was released gets out: a chart comes from `analysis.charts`, a table from
`disclosure.release`; anything else is a TypeError.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from analysis.charts import Chart, require_drawn
from analysis.columns import COUNT, FRACTION, MEAN, POINTS, TEXT, Cell, Column, P
from analysis.disclosure import ReleasedTable, require_released
from analysis.sheet import make_sheet
from surveys.dutch import format_number
from surveys.plain_text import defang

if TYPE_CHECKING:
    import xlsxwriter

_PRINT_QUALITY = 300  # pixels per inch

# Excel itself shows these with a decimal comma where it is set to Dutch.
_FORMATS = {FRACTION: "0%", POINTS: "0.0", MEAN: "0.0", P: "0.000", COUNT: "0", TEXT: "@"}


def to_png(chart: Chart) -> bytes:
    """The chart as a picture for print."""
    import vl_convert  # loaded at a download, not with the page that offers it

    spec = require_drawn(chart).to_json()
    return bytes(vl_convert.vegalite_to_png(spec, ppi=_PRINT_QUALITY, allowed_base_urls=[]))


def to_svg(chart: Chart) -> str:
    """The chart as a picture that scales, with its texts as text."""
    import vl_convert

    spec = require_drawn(chart).to_json()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


# CSV


def to_csv(table: ReleasedTable) -> bytes:
    """The table as a rectangle that Dutch Excel opens by a double click.

    Percentages have one decimal; what a reader must know is in columns at the end.
    """
    columns = make_sheet(require_released(table))
    about = [table.title, table.base, table.method, table.source]
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    headings = [column.heading for column in columns]
    writer.writerow(map(defang, [*headings, "Tabel", "Basis", "Methode", "Bron"]))
    for position in range(len(table.rows)):
        cells = [_as_dutch(column, column.cells[position]) for column in columns]
        writer.writerow([*cells, *map(defang, about)])
    return file.getvalue().encode("utf-8-sig")


def _as_dutch(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defang(cell)
    if column.kind == COUNT:
        return str(cell)
    decimals = {FRACTION: 1, POINTS: 1, MEAN: 2, P: 4}[column.kind]
    number = cell * 100 if column.kind in (FRACTION, POINTS) else cell
    return format_number(number, decimals).replace("\N{MINUS SIGN}", "-")


# Excel


def to_xlsx(table: ReleasedTable) -> bytes:
    """The table with what a reader must know above it; numbers are numbers."""
    import xlsxwriter

    columns = make_sheet(require_released(table))
    about = [table.title, f"Basis: {table.base}", table.method, table.source]
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Cijfers")
        bold = book.add_format({"bold": True, "font_size": 13})
        for line, text in enumerate(about):
            sheet.write_string(line, 0, text, bold if line == 0 else None)
        top = len(about) + 1
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for number, column in enumerate(columns):
            style = {"num_format": _FORMATS[column.kind], "valign": "top"}
            shape = book.add_format({**style, "text_wrap": column.kind == TEXT})
            sheet.set_column(number, number, _width(column))
            sheet.write_string(top, number, column.heading, heading)
            for line, cell in enumerate(column.cells, start=top + 1):
                _write_cell(sheet, line, number, column, cell, shape)
        sheet.freeze_panes(top + 1, 1)
    return file.getvalue()


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    number: int,
    column: Column,
    cell: Cell,
    shape: xlsxwriter.format.Format,
) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, number, cell, shape)
    elif cell is None:
        sheet.write_blank(line, number, None, shape)
    else:
        sheet.write_number(line, number, cell * 100 if column.kind == POINTS else cell, shape)


def _width(column: Column) -> int:
    longest = max((len(cell) for cell in column.cells if isinstance(cell, str)), default=0)
    return min(max(14, longest if column.kind == TEXT else 0), 60)

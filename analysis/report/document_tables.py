"""Printed tables in a document of Word, with the headings again on every page."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Pt

from analysis.report.content import as_line
from analysis.report.widths import letters_needed, share_width
from analysis.results.exhibit import PrintedTable

_SIZES = Pt(9), Pt(8.5), Pt(8), Pt(7.5)
_LETTER = 0.5  # the width of one, on average, in letter sizes
_LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A0A6AD"/>'
    for side in ("top", "bottom", "insideH")
)
_SIDES = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))


def add_table(document: WordDocument, table: PrintedTable, width: Emu) -> None:
    lines = [table.headings, *table.rows]
    drawn = document.add_table(rows=len(lines), cols=len(table.headings))
    drawn.autofit = False
    properties = drawn._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(parse_xml(f"<w:tblBorders {nsdecls('w')}>{_LINES}</w:tblBorders>"))
    layout.addnext(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{_SIDES}</w:tblCellMar>"))
    for name, text in (("w:tblCaption", table.caption), ("w:tblDescription", table.note)):
        element = OxmlElement(name)
        element.set(qn("w:val"), as_line(text))
        properties.append(element)
    rooms = {size: int(width / (size * _LETTER)) for size in _SIZES}
    needed = letters_needed(table)
    size = next((size for size in _SIZES if rooms[size] >= needed), _SIZES[-1])
    widths = [Emu(int(part * width)) for part in share_width(table, rooms[size])]
    for column, wide in zip(drawn.columns, widths, strict=True):
        column.width = wide
    for number, line in enumerate(lines):
        row = drawn.rows[number]
        _keep_whole(row, is_heading=number == 0)
        cells = row.cells
        for place, text in enumerate(line):
            cells[place].width = widths[place]
            _fill(cells[place], text, size, is_heading=number == 0)
        if len(line) < len(cells):  # the last cell stands for all that follow
            cells[len(line) - 1].merge(cells[-1])


def _keep_whole(row: Any, *, is_heading: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))


def _fill(cell: Any, text: str, size: Emu, *, is_heading: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(2)
    run = paragraph.add_run(as_line(text))
    run.font.size, run.font.bold = size, is_heading or None
    if is_heading:
        shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E9EEF4"/>'
        cell._tc.get_or_add_tcPr().append(parse_xml(shade))

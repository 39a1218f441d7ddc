"""Printed tables on slides: columns as wide as their texts need, and as many slides as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from analysis.report.content import as_line
from analysis.report.slide_design import fill_frame
from analysis.report.widths import letters_needed, share_width
from analysis.results.exhibit import PrintedTable

_SIZES = Pt(11), Pt(10), Pt(9), Pt(8)
_LETTER, _LINE = 0.5, 1.22  # the width of one, on average, and the height, in letter sizes
_PADDING, _SIDE = Emu(36_000), Emu(36_000)
_CAPTION = Emu(300_000)
_DARK, _SHADE = RGBColor(0x1F, 0x1F, 0x1F), RGBColor(0xE9, 0xEE, 0xF4)
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the style of PowerPoint without colours

Page = list[PrintedTable]
Box = tuple[Emu, Emu, Emu]


def pack_tables(tables: Sequence[PrintedTable], width: int, height: int) -> list[Page]:
    """The tables on pages of this size, a long one in about equal parts."""
    pages: list[Page] = [[]]
    left = height
    for table in tables:
        for part in _split(table, width, height):
            needed = table_height(part, width)
            if pages[-1] and needed > left:
                pages.append([])
                left = height
            pages[-1].append(part)
            left -= needed
    return pages


def _split(table: PrintedTable, width: int, height: int) -> list[PrintedTable]:
    """In parts that fit a page by themselves; a part has at least one row."""
    measures = _Measures.of(table, width)
    room = height - _CAPTION - measures.height(table.headings)
    heights = [measures.height(row) for row in table.rows]
    most = max(1, len(heights))
    while most > 1 and any(
        sum(heights[start : start + most]) > room for start in range(0, len(heights), most)
    ):
        parts = -(-len(heights) // most) + 1
        most = min(most - 1, -(-len(heights) // parts))
    return [
        replace(table, rows=table.rows[start : start + most])
        for start in range(0, len(heights), most)
    ]


def table_height(table: PrintedTable, width: int) -> int:
    """With its caption, in EMU."""
    measures = _Measures.of(table, width)
    return int(_CAPTION) + sum(map(measures.height, (table.headings, *table.rows)))


def add_table(slide: Slide, table: PrintedTable, box: Box) -> None:
    """Under its caption; `box`: left, top and width, in EMU."""
    left, top, width = box
    caption = slide.shapes.add_textbox(left, top, width, _CAPTION)
    caption.text_frame.word_wrap = True
    caption.text_frame.margin_left = 0
    fill_frame(caption.text_frame, [table.caption], Pt(12))
    caption.text_frame.paragraphs[0].runs[0].font.bold = True
    measures = _Measures.of(table, width)
    lines = [table.headings, *table.rows]
    heights = [measures.height(line) for line in lines]
    frame = slide.shapes.add_table(
        len(lines), len(table.headings), left, Emu(top + _CAPTION), width, Emu(sum(heights))
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"Tabel: {as_line(table.caption)}")
    drawn = frame.table
    drawn._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN
    drawn.first_row, drawn.first_col, drawn.horz_banding = True, True, False
    for column, wide in zip(drawn.columns, measures.widths, strict=True):
        column.width = Emu(wide)
    for number, (line, height) in enumerate(zip(lines, heights, strict=True)):
        drawn.rows[number].height = Emu(height)
        for place, text in enumerate(line):
            _fill(drawn.cell(number, place), text, measures.size, is_heading=number == 0)
        if len(line) < len(table.headings):  # the last cell stands for all that follow
            drawn.cell(number, len(line) - 1).merge(drawn.cell(number, len(table.headings) - 1))


@dataclass(frozen=True)
class _Measures:
    """The size of the letters and the widths of the columns, in EMU."""

    size: Emu
    widths: tuple[int, ...]

    @classmethod
    def of(cls, table: PrintedTable, width: int) -> _Measures:
        """With the largest letters in which every word fits its column."""
        rooms = {size: int(width / (size * _LETTER)) for size in _SIZES}
        needed = letters_needed(table)
        size = next((size for size in _SIZES if rooms[size] >= needed), _SIZES[-1])
        parts = share_width(table, rooms[size])
        return cls(size, tuple(int(part * width) for part in parts))

    def height(self, cells: Sequence[str]) -> int:
        """Of a row, as far as can be foreseen."""
        rooms = [*self.widths[: len(cells) - 1], sum(self.widths[len(cells) - 1 :])]
        letters = [int((room - 2 * _SIDE) / (self.size * _LETTER)) for room in rooms]
        lines = max(
            len(wrap(as_line(cell), max(1, most))) or 1
            for cell, most in zip(cells, letters, strict=True)
        )
        return int(lines * self.size * _LINE + 2 * _PADDING)


def _fill(cell: Any, text: str, size: Emu, *, is_heading: bool) -> None:
    cell.margin_left = cell.margin_right = _SIDE
    cell.margin_top = cell.margin_bottom = _PADDING
    fill_frame(cell.text_frame, [text], size)
    font = cell.text_frame.paragraphs[0].runs[0].font
    font.bold = is_heading
    if is_heading:
        cell.fill.solid()
        cell.fill.fore_color.rgb = _SHADE
        font.color.rgb = _DARK

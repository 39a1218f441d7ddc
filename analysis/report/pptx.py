"""The report as slides: one finding on each, with a chart that can be edited, then its table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide, SlideLayout
from pptx.util import Emu, Pt

from analysis.report.bars import Bars, make_bars
from analysis.report.content import (
    Passage,
    Report,
    as_line,
    tell_footing,
    tell_origin,
)
from analysis.report.native_charts import add_chart, chart_height
from analysis.report.progress import Progress, tell_nothing
from analysis.report.slide_design import (
    Design,
    content_area,
    fill_foot,
    fill_frame,
    fill_title,
    find_body,
    remove_empty,
)
from analysis.report.slide_tables import Page, add_table, pack_tables, table_height
from analysis.results.exhibit import Exhibit

_MOST_BARS = 10  # rows of a chart that one slide has room for
_NOTE, _WARNING = Emu(420_000), Emu(270_000)  # the height of what stands under a figure
_GAP = Emu(90_000)
_SIGNS = 1_300  # of running text that a slide has room for


def write_pptx(
    report: Report, template: bytes | None = None, progress: Progress = tell_nothing
) -> bytes:
    """The deck as a file. `template`: a pptx or potx, whose layouts are used and whose slides are
    left out; TemplateRefused where it cannot be."""
    design = Design(template)
    slides = _Slides(design, report)
    slides.add_title()
    if report.findings:
        slides.add_text("In het kort", [Passage("", report.findings)], Pt(20))
    slides.add_text("Respons", [Passage("", report.response)], Pt(20))
    exhibits = report.exhibits
    for number, exhibit in enumerate(exhibits):
        progress(number / len(exhibits), as_line(exhibit.finding))
        slides.add_exhibit(exhibit)
    slides.add_text("Methode", report.method, Pt(16))
    properties = design.deck.core_properties
    properties.title, properties.language = as_line(report.title)[:255], "nl-NL"
    file = io.BytesIO()
    design.deck.save(file)
    progress(1, "De presentatie is klaar")
    return file.getvalue()


class _Slides:
    """Adds slides to a deck, each with the warning, the edition and its number."""

    def __init__(self, design: Design, report: Report) -> None:
        self._design = design
        self._report = report

    def add_title(self) -> None:
        report = self._report
        slide = self._add(self._design.title, report.title)
        places = [p for p in slide.placeholders if p.placeholder_format.idx and p.has_text_frame]
        if places:
            fill_frame(places[0].text_frame, [report.subtitle, report.origin])
        self._finish(slide)

    def add_text(self, title: str, passages: Sequence[Passage], size: Pt) -> None:
        """Passages under their titles, over more slides where they are long."""
        for number, lines in enumerate(_fit(passages)):
            slide = self._add(self._design.text, title + (" (vervolg)" if number else ""))
            body = find_body(slide)
            if body is None:
                body = slide.shapes.add_textbox(*self._room(slide))
                body.text_frame.word_wrap = True
            fill_frame(body.text_frame, [line.text for line in lines], size)
            for paragraph, line in zip(body.text_frame.paragraphs, lines, strict=True):
                paragraph.level = line.level
                paragraph.runs[0].font.bold = line.is_title or None
            self._finish(slide)

    def add_exhibit(self, exhibit: Exhibit) -> None:
        """The chart, with its tables on the same slide where they fit and else on the next."""
        bars = make_bars(exhibit)
        parts = [] if bars.is_empty else bars.split(_MOST_BARS)
        for number, part in enumerate(parts, start=1):
            more = f" ({number} van {len(parts)})" if len(parts) > 1 else ""
            slide = self._add(self._design.title_only, exhibit.finding + more)
            _, top, width, height = self._room(slide)
            needed = chart_height(part)
            beside = sum(table_height(table, width) for table in exhibit.tables)
            together = len(parts) == 1 and needed + beside <= height
            self._add_chart(slide, exhibit, part, Emu(min(height, needed)))
            if together:
                self._add_tables(slide, list(exhibit.tables), Emu(top + needed))
            self._explain(slide, exhibit)
            if together:
                return
        self._add_pages(exhibit)

    def _add_chart(self, slide: Slide, exhibit: Exhibit, bars: Bars, height: Emu) -> None:
        left, top, width, _ = self._room(slide)
        description = f"Staafdiagram. {as_line(exhibit.finding)}. {tell_footing(exhibit)}"
        add_chart(slide, bars, (left, top, width, height), description)

    def _add_pages(self, exhibit: Exhibit) -> None:
        title = f"{exhibit.table.title}: de cijfers"
        slide = self._add(self._design.title_only, title)
        _, top, width, height = self._room(slide)
        for number, page in enumerate(pack_tables(exhibit.tables, width, height)):
            if number:
                slide = self._add(self._design.title_only, f"{title} (vervolg)")
            self._add_tables(slide, page, top)
            self._explain(slide, exhibit)

    def _add_tables(self, slide: Slide, tables: Page, top: Emu) -> None:
        left, _, width, _ = self._room(slide)
        for table in tables:
            add_table(slide, table, (left, top, width))
            top = Emu(top + table_height(table, width))

    # What every slide has

    def _add(self, layout: SlideLayout, title: str) -> Slide:
        slide = self._design.deck.slides.add_slide(layout)
        fill_title(slide, title)
        return slide

    def _room(self, slide: Slide) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height of what is free above the lines that explain."""
        left, top, width, bottom = content_area(slide)
        height = bottom - top - _NOTE - _WARNING - 2 * _GAP
        return left, Emu(top + _GAP), width, Emu(height)

    def _explain(self, slide: Slide, exhibit: Exhibit) -> None:
        """The base, the test and the source in small letters; more in the notes."""
        left, _, width, bottom = content_area(slide)
        box = slide.shapes.add_textbox(left, Emu(bottom - _WARNING - _NOTE - _GAP), width, _NOTE)
        box.text_frame.word_wrap = True
        box.text_frame.margin_left = 0
        fill_frame(box.text_frame, [f"{tell_footing(exhibit)} {tell_origin(exhibit)}"], Pt(10))
        table = exhibit.table
        notes = [f"Basis: {table.base}.", *exhibit.notes, *exhibit.why, table.source]
        fill_frame(slide.notes_slide.notes_text_frame, notes)
        self._finish(slide)

    def _finish(self, slide: Slide) -> None:
        remove_empty(slide)
        if self._report.warning:
            left, _, width, bottom = content_area(slide)
            box = slide.shapes.add_textbox(left, Emu(bottom - _WARNING), width, _WARNING)
            box.fill.solid()
            box.fill.fore_color.rgb = RGBColor(0xFF, 0xF1, 0xC2)
            box.text_frame.word_wrap = True
            box.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            fill_frame(box.text_frame, [self._report.warning], Pt(11))
            font = box.text_frame.paragraphs[0].runs[0].font
            font.bold, font.color.rgb = True, RGBColor(0x1F, 0x1F, 0x1F)
        fill_foot(slide, as_line(self._report.edition))


class _Line(NamedTuple):
    text: str
    level: int = 0
    is_title: bool = False


def _fit(passages: Sequence[Passage]) -> list[list[_Line]]:
    """Their lines in parts that fit a slide; a title stays with what is under it."""
    parts: list[list[_Line]] = [[]]
    for passage in passages:
        titles = [_Line(passage.title, is_title=True)] if passage.title else []
        for number, paragraph in enumerate(passage.paragraphs):
            lines = [*([] if number else titles), _Line(paragraph, len(titles))]
            if parts[-1] and _size([*parts[-1], *lines]) > _SIGNS:
                parts.append([])
            parts[-1] += lines
    return parts


def _size(lines: Sequence[_Line]) -> int:
    """In letters; the line that a paragraph begins is not full."""
    return sum(len(line.text) + 50 for line in lines)

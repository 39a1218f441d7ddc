"""The report as a document in Word: pictures of the charts, and tables that can be edited."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.text.paragraph import Paragraph

from analysis.report.content import (
    Passage,
    Report,
    as_line,
    tell_footing,
    tell_origin,
)
from analysis.report.document_design import (
    BODY,
    BULLET,
    CAPTION,
    HEADINGS,
    SUBTITLE,
    TITLE,
    open_document,
)
from analysis.report.document_tables import add_table
from analysis.report.pictures import draw_pictures
from analysis.report.progress import Progress, tell_nothing
from analysis.results.exhibit import Exhibit

_CENTIMETRE = 360_000  # EMU


def write_docx(
    report: Report, template: bytes | None = None, progress: Progress = tell_nothing
) -> bytes:
    """The document as a file. `template`: a docx or dotx, whose styles, header and footer are used
    and whose text is left out; TemplateRefused where it cannot be."""
    document = open_document(template)
    writing = _Writing(document)
    _mark_pages(document, report)
    writing.add_title(report)
    exhibits = len(report.exhibits)
    done = 0
    for chapter in report.chapters:
        writing.add_heading(chapter.title, 0, on_new_page=True)
        for exhibit in chapter.exhibits:
            progress(done / exhibits, as_line(exhibit.finding))
            writing.add_exhibit(exhibit)
            done += 1
    writing.add_heading("Methode", 0, on_new_page=True)
    for passage in report.method:
        writing.add_passage(passage)
    properties = document.core_properties
    properties.title, properties.language = as_line(report.title)[:255], "nl-NL"
    file = io.BytesIO()
    document.save(file)
    progress(1, "Het document is klaar")
    return file.getvalue()


class _Writing:
    """Adds to a document, and numbers its figures and tables."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._numbers = {"Figuur": 0, "Tabel": 0}
        section = document.sections[-1]
        self._width = Emu(section.page_width - section.left_margin - section.right_margin)

    def add_title(self, report: Report) -> None:
        """The title page: what it is about, of when, and what matters most."""
        self._add(report.title, TITLE)
        self._add(report.subtitle, SUBTITLE)
        if report.warning:
            self._add(report.warning).runs[0].bold = True
        self._add(report.origin)
        self._add(report.edition)
        if report.findings:
            self.add_heading("In het kort", 0)
            self._add_list(report.findings)
        self.add_heading("Respons", 0)
        self._add_list(report.response)

    def add_heading(self, text: str, level: int, *, on_new_page: bool = False) -> None:
        self._add(text, HEADINGS[level]).paragraph_format.page_break_before = on_new_page

    def add_passage(self, passage: Passage) -> None:
        self.add_heading(passage.title, 1)
        for paragraph in passage.paragraphs:
            self._add(paragraph)

    def add_exhibit(self, exhibit: Exhibit) -> None:
        self.add_heading(exhibit.finding, 1)
        pictures = list(draw_pictures(exhibit))
        for picture in pictures:
            paragraph = self._document.add_paragraph(style=BODY)
            paragraph.paragraph_format.keep_with_next = picture is pictures[-1]
            shape = paragraph.add_run().add_picture(io.BytesIO(picture.png()))
            ratio = shape.width / shape.height
            width = picture.fit(self._width / _CENTIMETRE, ratio) * _CENTIMETRE
            shape.width, shape.height = Emu(int(width)), Emu(int(width / ratio))
            shape._inline.docPr.set("descr", picture.description)
        self._add_caption("Figuur", f"{tell_footing(exhibit)} {tell_origin(exhibit)}")
        for table in exhibit.tables:
            self._add_caption("Tabel", table.caption).paragraph_format.keep_with_next = True
            add_table(self._document, table, self._width)
            self._add(table.note).paragraph_format.space_before = Pt(4)  # off the table
        for note in filter(None, exhibit.notes):
            self._add(note)

    def _add(self, text: str, style: str = BODY) -> Paragraph:
        return self._document.add_paragraph(as_line(text), style=style)

    def _add_list(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._add(text, BULLET)

    def _add_caption(self, kind: str, text: str) -> Paragraph:
        self._numbers[kind] += 1
        paragraph = self._document.add_paragraph(f"{kind} ", style=CAPTION)
        add_field(paragraph, rf"SEQ {kind} \* ARABIC", str(self._numbers[kind]))
        paragraph.add_run(as_line(f". {text}"))
        return paragraph


# Header and footer


def _mark_pages(document: WordDocument, report: Report) -> None:
    """The warning above every page; the edition and the number under it. What a template has
    there stays."""
    for section in document.sections:
        headers, footers = [section.header], [section.footer]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
            footers.append(section.first_page_footer)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
            footers.append(section.even_page_footer)
        for header in headers:
            if report.warning:
                _last_paragraph(header).add_run(report.warning).bold = True
        for footer in footers:
            paragraph = _last_paragraph(footer)
            paragraph.add_run(f"{as_line(report.edition)}. Pagina ")
            add_field(paragraph, "PAGE", "1")
            paragraph.add_run(" van ")
            add_field(paragraph, "NUMPAGES", "1")


def _last_paragraph(part: Any) -> Paragraph:
    """An empty one at the end, which is made where there is none."""
    part.is_linked_to_previous = False
    last = part.paragraphs[-1] if part.paragraphs else None
    return last if last is not None and not len(last.runs) else part.add_paragraph()


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """What Word fills in itself; `shown` until then."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)

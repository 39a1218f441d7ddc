"""The document opened again: every table, and a picture of every chart."""

from __future__ import annotations

import io

import docx
from PIL import Image

from analysis.report.content import as_line
from analysis.report.formats import Format, write_report
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.report.made import (
    HOSTILE,
    example_file,
    example_report,
    hostile_file,
    hostile_report,
    outside_addresses,
    suppressed_report,
)


def test_the_document_has_every_table_and_a_picture_of_every_chart() -> None:
    report = example_report()
    document = docx.Document(io.BytesIO(example_file(Format.DOCX)))
    printed = [table for exhibit in report.exhibits for table in exhibit.tables]
    assert len(document.tables) == len(printed)
    for drawn, table in zip(document.tables, printed, strict=True):
        rows = [[cell.text for cell in row.cells] for row in drawn.rows]
        width = len(table.headings)
        expected = [
            [*map(as_line, row), *[as_line(row[-1])] * (width - len(row))]
            for row in (table.headings, *table.rows)
        ]
        assert rows == expected
        assert drawn.rows[0]._tr.xpath("w:trPr/w:tblHeader")
    panels = sum(len(exhibit.panels) for exhibit in report.exhibits)
    assert len(document.inline_shapes) == panels
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)


def test_pictures_in_the_document_are_fit_for_print() -> None:
    document = docx.Document(io.BytesIO(example_file(Format.DOCX)))
    pictures = [
        Image.open(io.BytesIO(part.blob))
        for part in document.part.package.iter_parts()
        if part.partname.startswith("/word/media/")
    ]
    pixels = {picture.size for picture in pictures}
    for shape in document.inline_shapes:
        inches = shape.width / 914_400
        assert any(width / inches >= 300 for width, _ in pixels)


def test_the_document_is_marked_on_every_page_and_has_real_headings() -> None:
    report = example_report()
    document = docx.Document(io.BytesIO(example_file(Format.DOCX)))
    headings = {
        level: [p.text for p in document.paragraphs if p.style.name == f"Heading {level}"]
        for level in (1, 2)
    }
    chapters = [chapter.title for chapter in report.chapters]
    assert headings[1] == ["In het kort", "Respons", *chapters, "Methode"]
    assert headings[2][: len(report.exhibits)] == [each.finding for each in report.exhibits]
    section = document.sections[0]
    assert section.header.paragraphs[-1].text == EXAMPLE_LABEL
    footer = section.footer.paragraphs[-1]
    assert footer.text.startswith(report.edition)
    assert 'w:instr="PAGE"' in footer._p.xml
    assert 'w:lang w:val="nl-NL"' in document.styles.element.xml
    assert document.core_properties.title == report.title


def test_a_suppressed_row_says_so_in_the_document() -> None:
    content = write_report(suppressed_report(), Format.DOCX)
    rows = [
        [cell.text for cell in row.cells]
        for table in docx.Document(io.BytesIO(content)).tables
        for row in table.rows
    ]
    hidden_rows = [row for row in rows if row[0] == "Twee"]
    assert hidden_rows
    assert all(set(row[1:]) == {"onderdrukt (te weinig waarnemingen)"} for row in hidden_rows)


def test_hostile_texts_are_texts_in_the_document() -> None:
    content = hostile_file(Format.DOCX)
    document = docx.Document(io.BytesIO(content))
    assert set(HOSTILE) <= {row.cells[0].text for table in document.tables for row in table.rows}
    assert document.paragraphs[0].text == as_line(hostile_report().title)
    assert outside_addresses(content) == []

"""The PDF read by another program: its tags, its fonts and every text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject

from analysis.report.formats import Format
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.report.made import (
    HOSTILE,
    example_file,
    example_report,
    hostile_file,
    squeeze,
)


def test_the_pdf_is_tagged_and_needs_no_font_of_the_reader() -> None:
    reader = PdfReader(io.BytesIO(example_file(Format.PDF)))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].startswith("nl")
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()
    roles = set(roles_in(catalogue["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L"} <= roles
    fonts = list(fonts_of(reader))
    assert fonts
    assert all(font.keys() & {"/FontFile", "/FontFile2", "/FontFile3"} for font in fonts)


def roles_in(node: Any) -> Iterator[str]:
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from roles_in(child)
    elif isinstance(node, dict):
        yield str(node.get("/S", ""))
        if "/K" in node:
            yield from roles_in(node["/K"])


def fonts_of(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            for descendant in font.get_object()["/DescendantFonts"]:
                yield descendant.get_object()["/FontDescriptor"]


def test_the_pdf_says_every_finding_and_every_figure() -> None:
    report = example_report()
    reader = PdfReader(io.BytesIO(example_file(Format.PDF)))
    pages = [page.extract_text() for page in reader.pages]
    text = squeeze("".join(pages))
    for said in (*report.findings, *report.response, *(each.finding for each in report.exhibits)):
        assert squeeze(said) in text
    for exhibit in report.exhibits:
        for table in exhibit.tables:
            assert all(squeeze(cell) in text for row in table.rows for cell in row)
    for page in pages:
        assert squeeze(EXAMPLE_LABEL) in squeeze(page)
        assert squeeze(report.edition) in squeeze(page)
    titles = [each.title for each in outline_of(reader.outline)]
    assert {each.finding for each in report.exhibits} <= set(titles)


def outline_of(entries: Any) -> Iterator[Any]:
    for entry in entries:
        if isinstance(entry, list):
            yield from outline_of(entry)
        else:
            yield entry


def test_hostile_texts_are_texts_in_the_pdf() -> None:
    reader = PdfReader(io.BytesIO(hostile_file(Format.PDF)))
    text = squeeze("".join(page.extract_text() for page in reader.pages))
    plain = [line for line in HOSTILE if line.isascii()]
    assert len(plain) > 20
    for line in plain:
        assert squeeze(line) in text, line
    links = [note for page in reader.pages for note in page.get("/Annots", [])]
    assert not any("/URI" in note.get_object().get("/A", {}) for note in links)

"""The report opened again by other programs: every number, table and sentence is in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from analysis.report.content import as_line
from analysis.report.formats import Format, write_report
from analysis.report.progress import Progress
from analysis.results.exhibit import Exhibit
from analysis.wording import tell_absence
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.report.made import (
    example_file,
    example_report,
    hostile_file,
    hostile_report,
    suppressed_report,
)
from tests.hostile import LINES


def exhibits_with_charts() -> list[Exhibit]:
    return list(example_report().exhibits)


def squeeze(text: str) -> str:
    """Without spaces: where a line breaks is up to the program."""
    return re.sub(r"\s", "", text)


def test_the_report_says_what_it_was_made_of() -> None:
    report = example_report()
    assert [chapter.title for chapter in report.chapters] == [
        "Urgentie",
        "Opbrengsten",
        "Aandacht",
        "Rapportcijfers",
        "Borging",
    ]
    assert report.waves == ("2021", "2024")
    assert report.response == (
        "In 2021 antwoordden 61 van 78 regio's, 78%.",
        "In 2024 antwoordden 51 van 78 regio's, 65%.",
    )
    assert 3 <= len(report.findings) <= 5
    assert re.fullmatch(r"Gegevensversie [0-9a-f]{8}, 3 maart 2026", report.edition)
    explained = [passage.title for passage in report.method]
    assert explained[:2] == ["Hoe de metingen zijn vergeleken", "Wat de uitkomsten betekenen"]


@pytest.mark.parametrize("wanted", Format)
def test_progress_goes_from_nothing_to_everything(wanted: Format) -> None:
    told: list[float] = []
    follow: Progress = lambda part, doing: told.append(part)  # noqa: E731
    write_report(suppressed_report(), wanted, progress=follow)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


# PowerPoint


def slides_of(wanted: bytes) -> list[Any]:
    return list(pptx.Presentation(io.BytesIO(wanted)).slides)


def texts_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def charts_of(content: bytes) -> list[tuple[str, Any]]:
    """Each with the title of its slide."""
    return [
        (slide.shapes.title.text_frame.text, shape.chart)
        for slide in slides_of(content)
        for shape in slide.shapes
        if shape.has_chart
    ]


def read_chart(charts: list[Any]) -> dict[str, dict[str, float | None]]:
    """Per category the value of each series, over the charts of one finding."""
    found: dict[str, dict[str, float | None]] = {}
    for chart in charts:
        for series in chart.plots[0].series:
            for category, value in zip(chart.plots[0].categories, series.values, strict=True):
                found.setdefault(str(category), {})[series.name] = value
    return found


def charts_by_finding(content: bytes, exhibits: list[Exhibit]) -> Iterator[tuple[Exhibit, Any]]:
    charts = charts_of(content)
    for exhibit in exhibits:
        finding = as_line(exhibit.finding)
        mine = [chart for title, chart in charts if title.startswith(finding)]
        yield exhibit, read_chart(mine)


def released_values(row: Any) -> dict[str, float]:
    if row["shares"]:
        return {share["label"]: share["value"] for share in row["shares"]}
    if row["value_after"] is not None:
        return {
            row["wave_before"]: row["value_before"],
            row["wave_after"]: row["value_after"],
        }
    return {row["wave"]: row["value"]}


def test_native_charts_hold_the_numbers_of_the_released_tables() -> None:
    for exhibit, shown in charts_by_finding(example_file(Format.PPTX), exhibits_with_charts()):
        expected = sorted(
            (sorted(released_values(row).items()) for row in exhibit.table.rows), key=str
        )
        assert sorted((sorted(values.items()) for values in shown.values()), key=str) == expected
        assert len(shown) == len(exhibit.table.rows)


def test_native_charts_keep_the_order_and_the_names_of_the_printed_tables() -> None:
    for exhibit, shown in charts_by_finding(example_file(Format.PPTX), exhibits_with_charts()):
        printed = [row[0] for table in exhibit.tables for row in table.rows]
        names = [name.split("?: ")[-1] for name in shown]  # 'Ja' stands after its question
        assert names == [as_line(name) for name in printed]


def test_a_change_has_its_star_in_the_label_of_the_later_wave() -> None:
    exhibit = example_report().chapters[0].exhibits[0]
    charts = [c for title, c in charts_of(example_file(Format.PPTX)) if title == exhibit.finding]
    categories = [str(name) for name in charts[0].plots[0].categories]
    before, after = charts[0].plots[0].series
    starred = [
        categories[int(label.idx.val)]
        for label in after.data_labels._element.dLbl_lst
        if '*"' in label.find("{*}numFmt").get("formatCode")
    ]
    assert starred == [row["text"] for row in exhibit.table.rows if row.has_star]
    assert not before.data_labels._element.dLbl_lst


def test_the_workbook_in_a_chart_holds_the_same_numbers() -> None:
    for _, chart in charts_of(example_file(Format.PPTX)):
        blob = chart.part.chart_workbook.xlsx_part.blob
        head, *rows = openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows(values_only=True)
        series = chart.plots[0].series
        assert list(head[1:]) == [each.name for each in series]
        assert [row[0] for row in rows] == [str(name) for name in chart.plots[0].categories]
        for place, each in enumerate(series, start=1):
            assert [row[place] for row in rows] == pytest.approx(each.values, rel=1e-15)


def test_every_slide_is_marked_and_every_chart_explained() -> None:
    report = example_report()
    slides = slides_of(example_file(Format.PPTX))
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[:3] == [report.title, "In het kort", "Respons"]
    assert titles[-1].startswith("Methode")
    for slide in slides:
        assert EXAMPLE_LABEL in texts_of(slide)
        assert report.edition in texts_of(slide)
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
                assert "Basis: " in texts_of(slide)
                assert "Basis: " in slide.notes_slide.notes_text_frame.text
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))


def test_slides_have_every_printed_table() -> None:
    report = example_report()
    shown = [
        tuple(dict.fromkeys(cell.text_frame.text for cell in row.cells if not cell.is_spanned))
        for slide in slides_of(example_file(Format.PPTX))
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]
    printed = [row for exhibit in report.exhibits for table in exhibit.tables for row in table.rows]
    for row in printed:
        assert tuple(dict.fromkeys(map(as_line, row))) in shown


def test_a_suppressed_row_has_no_bar_and_says_so() -> None:
    report = suppressed_report()
    for exhibit in report.exhibits:
        hidden = next(row for row in exhibit.table.rows if row.is_suppressed)
        assert tell_absence(hidden)
    content = write_report(report, Format.PPTX)
    for _, chart in charts_of(content):
        values = read_chart([chart])
        assert values["Twee: onderdrukt (te weinig waarnemingen)"] == {"2021": None, "2024": None}
        assert None not in values["Een"].values()
    rows = [
        [cell.text for cell in row.cells]
        for table in docx.Document(io.BytesIO(write_report(report, Format.DOCX))).tables
        for row in table.rows
    ]
    hidden_rows = [row for row in rows if row[0] == "Twee"]
    assert hidden_rows
    assert all(set(row[1:]) == {"onderdrukt (te weinig waarnemingen)"} for row in hidden_rows)


# Word


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


# PDF


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


# HTML


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.cells: list[str] = []
        self._open: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] in ("th", "td"):
            self.cells[-1] += data

    def find(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_asks_nothing_of_another_computer() -> None:
    page = Page(example_file(Format.HTML))
    assert not {"script", "link", "iframe", "base", "object"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name in ("src", "href", "srcset", "action", "data"):
            address = attributes.get(name, "")
            assert address.startswith(("#", "data:image/svg+xml;base64,")) or not address, tag
    style = re.search(rb"<style>(.*)</style>", example_file(Format.HTML), re.DOTALL)
    assert style
    assert b"url(" not in style[1]
    assert b"@import" not in style[1]


def test_the_page_has_every_table_and_described_picture() -> None:
    report = example_report()
    page = Page(example_file(Format.HTML))
    assert page.find("html") == [{"lang": "nl"}]
    printed = [table for exhibit in report.exhibits for table in exhibit.tables]
    assert len(page.find("table")) == len(page.find("caption")) == len(printed)
    cells = [
        as_line(cell) for table in printed for row in (table.headings, *table.rows) for cell in row
    ]
    assert page.cells == cells
    assert {each["scope"] for each in page.find("th")} == {"col", "row"}
    pictures = page.find("img")
    assert len(pictures) == sum(len(exhibit.panels) for exhibit in report.exhibits)
    assert all(picture["alt"] for picture in pictures)
    text = squeeze(page.text)
    for said in (EXAMPLE_LABEL, report.edition, *report.findings, *report.response):
        assert squeeze(said) in text
    links = {link["href"] for link in page.find("a")}
    assert links <= {f"#{attributes['id']}" for _, attributes in page.tags if "id" in attributes}
    assert len(links) == len(report.exhibits) + len(report.chapters) + 3


# Hostile texts

_SHOWN = [as_line(line) for line in LINES.values()]


def test_hostile_texts_are_texts_on_slides_and_in_their_workbooks() -> None:
    content = hostile_file(Format.PPTX)
    rows = {
        row.cells[0].text_frame.text
        for slide in slides_of(content)
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    }
    assert set(_SHOWN) <= rows
    categories: set[str] = set()
    for _, chart in charts_of(content):
        categories |= {str(name) for name in chart.plots[0].categories}
        blob = chart.part.chart_workbook.xlsx_part.blob
        for row in openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows():
            assert row[0].data_type in ("s", "n")
            assert row[0].hyperlink is None
    assert set(_SHOWN) <= categories
    assert outside_addresses(content) == []


def test_hostile_texts_are_texts_in_the_document() -> None:
    content = hostile_file(Format.DOCX)
    document = docx.Document(io.BytesIO(content))
    assert set(_SHOWN) <= {row.cells[0].text for table in document.tables for row in table.rows}
    assert document.paragraphs[0].text == as_line(hostile_report().title)
    assert outside_addresses(content) == []


def outside_addresses(content: bytes) -> list[bytes]:
    """Relations of a file of Office to something outside it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    return [each for each in relations if b'TargetMode="External"' in each]


def test_hostile_texts_are_texts_in_the_pdf() -> None:
    reader = PdfReader(io.BytesIO(hostile_file(Format.PDF)))
    text = squeeze("".join(page.extract_text() for page in reader.pages))
    plain = [line for line in _SHOWN if line.isascii()]
    assert len(plain) > 20
    for line in plain:
        assert squeeze(line) in text, line
    links = [note for page in reader.pages for note in page.get("/Annots", [])]
    assert not any("/URI" in note.get_object().get("/A", {}) for note in links)


def test_hostile_texts_are_texts_on_the_page() -> None:
    page = Page(hostile_file(Format.HTML))
    assert set(_SHOWN) <= set(page.cells)
    usual = {tag for tag, _ in Page(example_file(Format.HTML)).tags}
    assert {tag for tag, _ in page.tags} <= usual
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_no_document_can_hold_is_replaced_by_a_sign(sign: str) -> None:
    assert as_line(f" een{sign}twee\r\ndrie ") == "een\ufffdtwee drie"

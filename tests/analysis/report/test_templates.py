"""A template of the organisation's own: its design is used, nothing else of it comes out."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pptx
import pytest
from docx.shared import Pt
from pptx.util import Emu

from analysis.report.formats import Format, check_template, write_report
from analysis.report.template import TemplateRefused
from tests.analysis.report.made import report_of, suppressed_report

OLD_TEXT = "Begroting van vorig jaar"


def deck(*, layouts: bool = True) -> bytes:
    """With a slide of its own, a picture on it, and another name for its layouts."""
    made = pptx.Presentation()
    made.slide_width = Emu(12_800_000)
    for layout in made.slide_layouts:
        layout.name = f"Huisstijl {layout.name}"
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = OLD_TEXT
    slide.notes_slide.notes_text_frame.text = OLD_TEXT
    made.core_properties.author = OLD_TEXT
    if not layouts:
        for layout in made.slide_layouts:
            for place in list(layout.placeholders):
                place._element.getparent().remove(place._element)
    return saved(made)


def letter() -> bytes:
    made = docx.Document()
    made.styles["Heading 1"].font.size = Pt(33)
    made.sections[0].header.paragraphs[0].text = "Ons bureau"
    made.add_heading(OLD_TEXT, 1)
    made.add_table(2, 2).rows[0].cells[0].text = OLD_TEXT
    made.core_properties.author = OLD_TEXT
    return saved(made)


def saved(made: Any) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same file with another kind in its table of contents."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as copy:
        for name in source.namelist():
            text = source.read(name)
            copy.writestr(name, text.replace(old, new) if name == "[Content_Types].xml" else text)
    return file.getvalue()


def parts_of(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("kind", [b"presentation.main+xml", b"template.main+xml"])
def test_slides_follow_the_layouts_of_a_template(kind: bytes) -> None:
    template = renamed(deck(), b"presentation.main+xml", kind)
    content = write_report(suppressed_report(), Format.PPTX, template)
    made = pptx.Presentation(io.BytesIO(content))
    assert made.slide_width == 12_800_000
    assert {slide.slide_layout.name for slide in made.slides} == {
        "Huisstijl Title Slide",
        "Huisstijl Title and Content",
        "Huisstijl Title Only",
    }
    assert made.slides[0].shapes.title.text_frame.text == "Proef"
    assert OLD_TEXT.encode() not in parts_of(content)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height


def test_a_document_follows_the_styles_of_a_template() -> None:
    content = write_report(suppressed_report(), Format.DOCX, letter())
    made = docx.Document(io.BytesIO(content))
    assert made.styles["Heading 1"].font.size == Pt(33)
    assert next(p.text for p in made.paragraphs if p.style.name == "Heading 1") == "In het kort"
    assert made.sections[0].header.paragraphs[0].text == "Ons bureau"
    assert OLD_TEXT.encode() not in parts_of(content)


def test_a_document_gets_the_styles_that_a_template_lacks() -> None:
    bare = docx.Document(io.BytesIO(letter()))
    for name in ("Caption", "Heading 2", "List Bullet"):
        element = bare.styles[name].element
        element.getparent().remove(element)
    content = write_report(suppressed_report(), Format.DOCX, saved(bare))
    made = docx.Document(io.BytesIO(content))
    assert any(p.style.name == "Heading 2" for p in made.paragraphs)
    assert made.styles["Heading 2"].element.xpath("w:pPr/w:outlineLvl/@w:val") == ["1"]


@pytest.mark.parametrize(
    ("content", "wanted", "code"),
    [
        (b"", Format.PPTX, "kind"),
        (b"geen sjabloon", Format.DOCX, "kind"),
        (letter(), Format.PPTX, "kind"),
        (deck(), Format.DOCX, "kind"),
        (deck()[:9000], Format.PPTX, "damaged"),
        (letter()[:9000], Format.DOCX, "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, Format.DOCX, "locked"),
        (
            renamed(deck(), b"presentation.main", b"presentation.macroEnabled.main"),
            Format.PPTX,
            "macros",
        ),
        (deck(layouts=False), Format.PPTX, "titles"),
    ],
)
def test_what_is_no_template_is_refused_with_the_reason(
    content: bytes, wanted: Format, code: str
) -> None:
    with pytest.raises(TemplateRefused) as refused:
        check_template(content, wanted)
    assert refused.value.code == code
    assert str(refused.value)
    assert refused.value.dutch.startswith("Dit sjabloon")


def test_a_template_with_a_part_missing_is_damaged() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck())) as source, zipfile.ZipFile(file, "w") as copy:
        for name in source.namelist():
            if "slideMaster1" not in name:
                copy.writestr(name, source.read(name))
    with pytest.raises(TemplateRefused, match="damaged"):
        check_template(file.getvalue(), Format.PPTX)


@pytest.mark.parametrize("wanted", [Format.PPTX, Format.DOCX])
def test_a_report_can_be_the_template_of_the_next(wanted: Format) -> None:
    previous = write_report(report_of(text=OLD_TEXT), wanted)
    assert OLD_TEXT.encode() in parts_of(previous)
    content = write_report(suppressed_report(), wanted, previous)
    assert OLD_TEXT.encode() not in parts_of(content)


@pytest.mark.parametrize("wanted", [Format.PDF, Format.HTML])
def test_other_formats_take_no_template(wanted: Format) -> None:
    with pytest.raises(ValueError, match="takes no template"):
        write_report(suppressed_report(), wanted, deck())

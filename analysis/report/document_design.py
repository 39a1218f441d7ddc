"""The design of a document in Word: that of an organisation's template, or a plain one."""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from analysis.report.template import TemplateRefused, read_template

BODY, TITLE, SUBTITLE, CAPTION, BULLET = "Normal", "Title", "Subtitle", "Caption", "List Bullet"
HEADINGS = "Heading 1", "Heading 2", "Heading 3"
_INK = RGBColor(0x1F, 0x1F, 0x1F)


def open_document(template: bytes | None) -> WordDocument:
    """A document without text, with every style that a report needs."""
    document = _open(template) if template is not None else _make_plain()
    for name in (BODY, TITLE, SUBTITLE, CAPTION, BULLET, *HEADINGS):
        if name not in document.styles:
            _add_style(document, name)
    _set_language(document)
    return document


# The organisation's own


def _open(template: bytes) -> WordDocument:
    file = read_template(template, "docx")
    try:
        document: WordDocument = Document(file)
        _clear(document)
    except Exception as error:  # the library tells of damage in many ways
        raise TemplateRefused("damaged", "docx") from error
    return document


def _clear(document: WordDocument) -> None:
    """Keep the styles, and the header and footer of the last section."""
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    if body.sectPr is None:
        body.append(OxmlElement("w:sectPr"))
    used = {value for each in body.iter() for value in each.attrib.values()}
    for key, relation in list(document.part.rels.items()):
        what = relation.reltype.rsplit("/", 1)[-1]
        is_of_body = what in ("image", "hyperlink", "chart", "package", "oleObject")
        if what.startswith(("comments", "people")) or (is_of_body and key not in used):
            del document.part.rels[key]
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.keywords = properties.category = properties.subject = ""


def _add_style(document: WordDocument, name: str) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    if name in HEADINGS:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(HEADINGS.index(name)))
        style.element.get_or_add_pPr().append(level)
        style.paragraph_format.keep_with_next = True
        style.font.bold = True


# A plain one


def _make_plain() -> WordDocument:
    document: WordDocument = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    styles = document.styles
    for name, size in ((BODY, 10.5), (TITLE, 28), (SUBTITLE, 14), (CAPTION, 9)):
        _shape(styles[name], size)
    for name, size in zip(HEADINGS, (20, 14, 12), strict=True):
        _shape(styles[name], size)
        styles[name].paragraph_format.space_before = Pt(14)
        styles[name].paragraph_format.space_after = Pt(6)
    styles[BODY].paragraph_format.space_after = Pt(6)
    styles[CAPTION].paragraph_format.space_before = Pt(8)
    styles[CAPTION].paragraph_format.space_after = Pt(4)
    return document


def _shape(style: Any, size: float) -> None:
    """One plain letter for all, dark on white."""
    style.font.name, style.font.size = "Calibri", Pt(size)
    style.font.color.rgb, style.font.italic = _INK, False
    fonts = style.element.rPr.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _set_language(document: WordDocument) -> None:
    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-NL")
    if next(styles.iter(qn("w:lang")), None) is None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "nl-NL")
        document.styles[BODY].element.get_or_add_rPr().append(language)

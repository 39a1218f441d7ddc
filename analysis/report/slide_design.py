"""The design of the slides: that of an organisation's template, or a plain one of our own."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from pptx import Presentation
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide, SlideLayout
from pptx.util import Emu, Pt

from analysis.report.content import as_line
from analysis.report.template import TemplateRefused, read_template

_WIDTH, _MARGIN = Emu(12_192_000), Emu(530_000)  # a wide screen; the plain design is for a narrow
_TITLE_SIZES = Pt(36), Pt(32), Pt(28), Pt(24), Pt(20), Pt(16)
_LETTER, _LINE = 0.55, 1.3  # the width of one, on average, and the height, in letter sizes
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_FOOT = {
    PP_PLACEHOLDER.DATE: "dt",
    PP_PLACEHOLDER.FOOTER: "ftr",
    PP_PLACEHOLDER.SLIDE_NUMBER: "sldNum",
}


class Design:
    """A deck without slides, and which of its layouts is for what."""

    def __init__(self, template: bytes | None) -> None:
        self.deck = _open(template) if template is not None else _make_plain()
        layouts = list(self.deck.slide_master.slide_layouts)
        titled = [layout for layout in layouts if _has_title(layout)]
        if not titled:
            raise TemplateRefused("titles", "pptx")
        self.title_only = _pick(titled, "titleOnly", lambda found: not _find(found, _BODIES))
        self.title = _pick(
            titled, "title", lambda found: bool(_find(found, (PP_PLACEHOLDER.SUBTITLE,)))
        )
        self.text = _pick(titled, "obj", lambda found: bool(_find(found, _BODIES)))


def _pick(layouts: list[SlideLayout], kind: str, fits: Any) -> SlideLayout:
    """That which says it is of the kind, else one that is like it, else the first with a title."""
    named = [layout for layout in layouts if layout._element.get("type") == kind]
    return next(iter([*named, *filter(fits, layouts), *layouts]))


def _find(layout: SlideLayout, kinds: tuple[Any, ...]) -> Any:
    return next((p for p in layout.placeholders if p.placeholder_format.type in kinds), None)


def _has_title(layout: SlideLayout) -> bool:
    """One that says where it stands."""
    title = _find(layout, _TITLES)
    return title is not None and None not in (title.left, title.top, title.width, title.height)


# The organisation's own


def _open(template: bytes) -> Deck:
    file = read_template(template, "pptx")
    try:
        deck: Deck = Presentation(file)
        _remove_slides(deck)
        if not len(deck.slide_master.slide_layouts):
            raise TemplateRefused("titles", "pptx")
    except TemplateRefused:
        raise
    except Exception as error:  # the library tells of damage in many ways
        raise TemplateRefused("damaged", "pptx") from error
    return deck


def _remove_slides(deck: Deck) -> None:
    """With the sections and shows that name them, which PowerPoint would otherwise repair."""
    slides = deck.slides._sldIdLst
    for slide in list(slides):
        deck.part.drop_rel(slide.rId)
        slides.remove(slide)
    for element in list(deck.part._element):
        if element.tag in (qn("p:extLst"), qn("p:custShowLst")):
            deck.part._element.remove(element)
    properties = deck.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.keywords = properties.category = properties.subject = ""


# A plain one


def _make_plain() -> Deck:
    """That of the library, made wide, with titles at the left."""
    deck: Deck = Presentation()
    stretch = _WIDTH / deck.slide_width
    deck.slide_width = _WIDTH
    master = deck.slide_master
    for holder in (master, *master.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left = Emu(int(shape.left * stretch))
                shape.width = Emu(int(shape.width * stretch))
    for shape in master.placeholders:
        if shape.placeholder_format.type in _TITLES:
            shape.left, shape.top = _MARGIN, Emu(300_000)
            shape.width, shape.height = Emu(_WIDTH - 2 * _MARGIN), Emu(900_000)
        elif shape.placeholder_format.type not in _FOOT:
            shape.left, shape.top = _MARGIN, Emu(1_330_000)
            shape.width, shape.height = Emu(_WIDTH - 2 * _MARGIN), Emu(4_300_000)
    _place_foot(master)
    for layout in master.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE:
                shape.left, shape.width = Emu(int(685_800 * stretch)), Emu(int(7_772_400 * stretch))
                shape._element.txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr")).set("algn", "l")
    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", "2600")
    title.find(qn("a:defRPr")).set("b", "1")
    body = styles.find(qn("p:bodyStyle")).find(qn("a:lvl1pPr"))
    body.find(qn("a:defRPr")).set("sz", "2000")
    body.find(qn("a:spcBef")).find(qn("a:spcPct")).set("val", "50000")
    return deck


def _place_foot(master: Any) -> None:
    """No date: that of the data stands in the footer, which needs its room."""
    for shape in master.placeholders:
        kind = shape.placeholder_format.type
        if kind == PP_PLACEHOLDER.FOOTER:
            shape.left, shape.width = _MARGIN, Emu(8_400_000)
            shape._element.txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr")).set("algn", "l")
        elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
            shape.width = Emu(1_600_000)
            shape.left = Emu(_WIDTH - _MARGIN - shape.width)


# Placeholders and texts


def fill_frame(frame: Any, lines: Iterable[str], size: Pt | None = None) -> None:
    """A paragraph for each line, in Dutch, in place of what was there."""
    frame.clear()
    for number, line in enumerate(lines):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = as_line(line)
        run.font.language_id = MSO_LANGUAGE_ID.DUTCH
        if size is not None:
            run.font.size = size


def fill_foot(slide: Slide, footer: str) -> None:
    """The footer and the number that the layout has; a footer of its own where it has none."""
    found = {p.placeholder_format.type: p for p in slide.slide_layout.placeholders}
    for kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
        if kind in found:
            copy = deepcopy(found[kind]._element)
            copy.nvSpPr.cNvPr.set("id", str(1 + max(shape.shape_id for shape in slide.shapes)))
            slide.shapes._spTree.append(copy)
            if kind == PP_PLACEHOLDER.FOOTER:
                place = slide.placeholders[found[kind].placeholder_format.idx]
                fill_frame(place.text_frame, [footer])
                place.text_frame.paragraphs[0].runs[0].font.name = "+mn-lt"  # the theme's
    if PP_PLACEHOLDER.FOOTER not in found:
        left, _, width, bottom = content_area(slide)
        box = slide.shapes.add_textbox(left, bottom, width, Pt(18))
        fill_frame(box.text_frame, [footer], Pt(10))


def content_area(slide: Slide) -> tuple[Emu, Emu, Emu, Emu]:
    """Left, top, width and bottom of what is free between the title and the foot, in EMU."""
    title = slide.shapes.title
    deck_height = slide.part.package.presentation_part.presentation.slide_height
    feet = [
        p.top
        for p in slide.slide_layout.placeholders
        if p.placeholder_format.type in _FOOT and (p.top or 0) > deck_height // 2
    ]
    top = title.top + title.height
    bottom = min([*feet, deck_height - Pt(36)])
    if bottom - top < deck_height // 2:  # a title at the foot or at the side
        top = Emu(deck_height // 5)
    return title.left, Emu(top), title.width, Emu(bottom)


def fill_title(slide: Slide, title: str) -> None:
    """In smaller letters than the template's where it would not fit."""
    shape = slide.shapes.title
    sizes = slide.slide_layout.slide_master._element.xpath(
        "p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz"
    )
    own = Pt(int(sizes[0]) / 100) if sizes else _TITLE_SIZES[0]
    fitting = (size for size in (own, *_TITLE_SIZES) if size <= own and _fits(title, shape, size))
    size = next(fitting, _TITLE_SIZES[-1])
    fill_frame(shape.text_frame, [title], size if size < own else None)


def _fits(text: str, shape: Any, size: int) -> bool:
    lines = -(-len(text) * size * _LETTER // shape.width)
    return bool(lines * size * _LINE <= shape.height)


def find_body(slide: Slide) -> Any:
    """The place for text, None where the layout has none."""
    return next((p for p in slide.placeholders if p.placeholder_format.type in _BODIES), None)


def remove_empty(slide: Slide) -> None:
    """Places that nothing was put in: they would ask for it."""
    for place in list(slide.placeholders):
        kind = place.placeholder_format.type
        if kind not in _FOOT and place.has_text_frame and not place.text_frame.text:
            place._element.getparent().remove(place._element)

"""The report as a PDF that a screen reader can use (PDF/UA-1), with nothing from the system."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst

from analysis.report.content import (
    Report,
    as_line,
    tell_footing,
    tell_origin,
)
from analysis.report.pictures import draw_pictures, shape_of
from analysis.report.progress import Progress, tell_nothing
from analysis.report.widths import share_width
from analysis.results.exhibit import Exhibit, PrintedTable
from surveys.dutch import start_of_day

_LAYOUT = Path(__file__).with_name("report.typ")
_WIDTH = 17.0  # centimetres between the margins of the layout
_LETTERS = 120  # that a row of a table has room for
_STANDARD: Final = "ua-1"
# What the fonts that come with Typst surely have; another sign is tried out.
_SURE = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u017f\u2010-\u2027\u2030-\u203a\u20ac\u2212\u2264\u2265]*"
)
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # of a byte order; the standard has no place for it
_WITHOUT_WIDTH = ("Cf", "Mn", "Me")
_TRIAL = b"""#set document(title: "x")
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"), lang: "nl")
#sys.inputs.text"""


def write_pdf(report: Report, progress: Progress = tell_nothing) -> bytes:
    """The document as a file: tagged, with bookmarks and its fonts inside."""
    with TemporaryDirectory() as folder:
        data = _Data(Path(folder), progress).collect(report)
        Path(folder, "report.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        layout = Path(folder, _LAYOUT.name)
        layout.write_bytes(_LAYOUT.read_bytes())
        made: bytes = typst.compile(
            layout,
            ignore_system_fonts=True,
            pdf_standards=_STANDARD,
            timestamp=int(start_of_day(report.made_on).timestamp()),
        )
    progress(1, "De PDF is klaar")
    return made


class _Data:
    """A report as plain data, with its pictures as files in a folder."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._exhibits = 0

    def collect(self, report: Report) -> dict[str, Any]:
        self._all = len(report.exhibits)
        return {
            "title": show(report.title),
            "subtitle": show(report.subtitle),
            "warning": show(report.warning),
            "edition": show(report.edition),
            "origin": show(report.origin),
            "findings": [show(text) for text in report.findings],
            "response": [show(text) for text in report.response],
            "chapters": [
                {
                    "title": show(chapter.title),
                    "exhibits": [self._collect(exhibit) for exhibit in chapter.exhibits],
                }
                for chapter in report.chapters
            ],
            "method": [
                {
                    "title": show(passage.title),
                    "paragraphs": [show(text) for text in passage.paragraphs],
                }
                for passage in report.method
            ],
        }

    def _collect(self, exhibit: Exhibit) -> dict[str, Any]:
        self._progress(self._exhibits / self._all, as_line(exhibit.finding))
        self._exhibits += 1
        return {
            "finding": show(exhibit.finding),
            "footing": show(f"{tell_footing(exhibit)} {tell_origin(exhibit)}"),
            "pictures": self._draw(exhibit),
            "tables": [_tabulate(table) for table in exhibit.tables],
            "notes": [show(note) for note in exhibit.notes if note],
        }

    def _draw(self, exhibit: Exhibit) -> list[dict[str, Any]]:
        found = []
        for number, picture in enumerate(draw_pictures(exhibit), start=1):
            svg = picture.svg()
            file = self._folder / f"{self._exhibits}-{number}.svg"
            file.write_text(_show_svg(svg), "utf-8")
            width = picture.fit(_WIDTH, shape_of(svg))
            description = show(picture.description)
            found.append({"file": file.name, "width": width, "description": description})
        return found


def _tabulate(table: PrintedTable) -> dict[str, Any]:
    return {
        "caption": show(table.caption),
        "headings": [show(heading) for heading in table.headings],
        "widths": share_width(table, _LETTERS),
        "rows": [[show(cell) for cell in row] for row in table.rows],
        "notes": [show(note) for note in [table.note] if note],
    }


# Signs that no font has: a document for screen readers may not hold them


def show(text: str) -> str:
    """The text on one line, with a sign in the place of each that cannot be shown."""
    return " ".join(
        word if _can_be_shown(word) else "".join(map(_replace, word))
        for word in as_line(text).replace(_MARK, "").split(" ")
    )


def _replace(sign: str) -> str:
    return sign if _can_be_shown(sign) else "\N{REPLACEMENT CHARACTER}"


def _can_be_shown(text: str) -> bool:
    return bool(_SURE.fullmatch(text)) or _try_out(text)


@lru_cache(maxsize=4096)
def _try_out(text: str) -> bool:
    try:
        typst.compile(
            _TRIAL,
            ignore_system_fonts=True,
            pdf_standards=_STANDARD,
            sys_inputs={"text": text},
        )
    except typst.TypstError:
        return False
    return True


def _show_svg(svg: str) -> str:
    """The same for the texts of a picture, which stand between its tags. There a sign has to be
    shown by itself: one without a width of its own is left out."""

    def show_signs(found: re.Match[str]) -> str:
        signs = unicodedata.normalize("NFC", found[1])
        return "".join(_replace(s) for s in signs if unicodedata.category(s) not in _WITHOUT_WIDTH)

    return re.sub(r"(?<=>)([^<>]+)(?=<)", show_signs, svg)

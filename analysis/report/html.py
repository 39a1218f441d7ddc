"""The report as one file for a browser, which asks nothing of any other computer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.report.content import (
    Report,
    as_line,
    tell_footing,
)
from analysis.report.pictures import draw_pictures
from analysis.report.progress import Progress, tell_nothing
from analysis.results.exhibit import Exhibit

_LAYOUT = Path(__file__).with_name("report.html.jinja")


def write_html(report: Report, progress: Progress = tell_nothing) -> bytes:
    """The page as a file: pictures inside it, every text escaped."""
    layouts = Environment(
        loader=FileSystemLoader(_LAYOUT.parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda shown: as_line(shown) if isinstance(shown, str) else shown,
    )
    chapters = list(_collect(report, progress))
    page = layouts.get_template(_LAYOUT.name).render(report=report, chapters=chapters)
    progress(1, "De pagina is klaar")
    return page.encode()


def _collect(report: Report, progress: Progress) -> Iterator[dict[str, Any]]:
    exhibits = len(report.exhibits)
    done = 0
    for number, chapter in enumerate(report.chapters, start=1):
        shown = []
        for exhibit in chapter.exhibits:
            progress(done / exhibits, as_line(exhibit.finding))
            done += 1
            shown.append(_show(exhibit, f"uitkomst-{done}"))
        yield {"id": f"blok-{number}", "title": chapter.title, "exhibits": shown}


def _show(exhibit: Exhibit, name: str) -> dict[str, Any]:
    """A picture as an address that holds it, so that nothing in it meets the page."""
    pictures = [
        {
            "address": f"data:image/svg+xml;base64,{b64encode(picture.svg().encode()).decode()}",
            "description": picture.description,
        }
        for picture in draw_pictures(exhibit)
    ]
    return {
        "id": name,
        "finding": exhibit.finding,
        "footing": f"{tell_footing(exhibit)} {exhibit.table.source}",  # a copy says it too
        "pictures": pictures,
        "tables": exhibit.tables,
        "notes": exhibit.notes,
    }

"""Pictures of an exhibit for a page of paper: its chart without the words that stand beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import altair as alt

from analysis.charts import Chart
from analysis.export import to_png, to_svg
from analysis.report.content import as_line
from analysis.results.exhibit import Exhibit

_TALLEST = 21.0, 15.0  # centimetres, of one picture and of each of two
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True)
class Picture:
    """`description` is for who cannot see it; `most` is how high it may be, in centimetres."""

    chart: Chart
    description: str
    most: float

    def svg(self) -> str:
        return to_svg(self.chart)

    def png(self) -> bytes:
        """At 300 dots per inch or more."""
        return to_png(self.chart)

    def fit(self, room: float, shape: float) -> float:
        """How wide it can be in centimetres, where there is so much room; `shape`: its width as a
        multiple of its height."""
        return min(room, self.most * shape)


def shape_of(svg: str) -> float:
    """The width of a picture as a multiple of its height."""
    found = _SIZE.search(svg)
    across, down = map(float, found.groups()) if found else (1.0, 1.0)
    return across / down


def draw_pictures(exhibit: Exhibit) -> Iterator[Picture]:
    """One or two; the page tells the finding, the base and the source."""
    panels = exhibit.panels
    for panel in panels:
        drawn = panel.copy(deep=False)
        drawn.title = alt.Undefined
        description = panel.description
        told = description if isinstance(description, str) else exhibit.finding
        yield Picture(drawn, as_line(told), _TALLEST[len(panels) > 1])

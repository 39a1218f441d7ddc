"""What all charts share: rows under one another, wrapped labels, titles, Dutch numbers.

The label of a row stands above its marks, not beside them: long Dutch questions then fit
a phone as well as a page. So the height of a chart is known here, in pixels, and its
width may be anything.
"""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.method_wording import tell_test_line
from analysis.wording import tell_absence
from surveys.fieldwork import EXAMPLE_LABEL

Chart = alt.LayerChart | alt.HConcatChart
Layers = list[alt.Chart]

# That of the page, then those of a print. vl-convert drops every text where no font exists.
FONT = '"Source Sans", Arial, sans-serif'
DARK, MUTED, LIGHT = "#1f1f1f", "#595959", "#d0d4da"
BEFORE, AFTER = "#999999", "#0072B2"
LABEL_LETTERS, TITLE_LETTERS = 44, 68
WIDTH = 640
_LABEL_SIZE, _LINE = 13, 17
_GAP = 12  # between the marks of a row and the label of the next
_JOINED = 4  # between the marks of two rows under one label
_HEADING = 26
CONFIG = alt.Config(
    font=FONT,
    background="white",
    aria=False,  # Vega describes marks in English; the description and the table tell it in Dutch
    locale=alt.Locale(
        number=alt.NumberLocale(decimal=",", thousands=".", grouping=[3], currency=["€\u00a0", ""])
    ),
    title=alt.TitleConfig(
        anchor="start",
        frame="bounds",
        font=FONT,
        subtitleFont=FONT,
        fontSize=16,
        lineHeight=20,
        subtitleFontSize=12,
        subtitleLineHeight=16,
        subtitlePadding=5,
        offset=12,
    ),
    mark=alt.MarkConfig(tooltip=None),  # on a page Streamlit would tell of every mark its place
    view=alt.ViewConfig(stroke=None),
    axis=alt.AxisConfig(
        grid=False,
        domainColor=MUTED,
        tickColor=MUTED,
        labelColor=DARK,
        labelFont=FONT,
        labelFontSize=12,
        titleColor=DARK,
        titleFont=FONT,
        titleFontSize=12,
        titleFontWeight="normal",
        titleAnchor="start",
        titlePadding=8,
    ),
    legend=alt.LegendConfig(
        orient="top",
        title=None,
        labelFont=FONT,
        labelFontSize=12,
        labelColor=DARK,
        labelLimit=0,
        offset=14,
    ),
)


@dataclass(frozen=True)
class Band:
    """The room of one row. Places are pixels from the top; `item` is what a click here chooses."""

    row: ReleasedRow
    item: str
    label: str
    top: int
    middle: int
    bottom: int

    def as_data(self, **more: Any) -> dict[str, Any]:
        place = {"label": self.label, "top": self.top, "middle": self.middle}
        return {"item": self.item, **place, **more}


@dataclass(frozen=True)
class Rows:
    """All rows of a chart with their places, and the headings between them."""

    bands: tuple[Band, ...]
    headings: tuple[dict[str, Any], ...]
    height: int


def place_rows(
    groups: Sequence[tuple[str, Iterable[tuple[str, ReleasedRow]]]],
    marks: int,
    *,
    start: int = 0,
    labelled: bool = True,
) -> Rows:
    """Give every (label, row) of every (heading, rows) its place; `marks` pixels for the marks.

    A row with an empty label goes close under the row above it. Without labels the places stay as
    they are, so that two panels keep in step.
    """
    bands: list[Band] = []
    headings: list[dict[str, Any]] = []
    y = start
    for heading, rows in groups:
        if heading:
            text = _wrap(heading, LABEL_LETTERS - 4)
            y += _GAP if bands else 0
            headings.append({"heading": text, "top": y})
            y += _HEADING + _LINE * text.count("\n")
        for label, row in rows:
            text = _wrap(label, LABEL_LETTERS)
            if text:
                marks_top = y + _LINE * (text.count("\n") + 1) + 5
            else:
                y = marks_top = y - _GAP + _JOINED
            bottom = marks_top + marks
            shown = text if labelled else ""
            bands.append(Band(row, row["item"], shown, y, marks_top + marks // 2, bottom))
            y = bottom + _GAP
    return Rows(tuple(bands), tuple(headings), max(y - _GAP + 4, 40))


def _wrap(text: str, letters: int) -> str:
    return "\n".join(textwrap.wrap(text, letters, break_long_words=False))


def across(left: int, right: int, width: int | None) -> list[Any]:
    """A scale's range that leaves `left` and `right` pixels free; width None: as wide as it gets.

    A panel beside another has no signal `width`, so there it must be given.
    """
    return [left, alt.ExprRef(f"width - {right}") if width is None else width - right]


def place_y(rows: Rows, field: str = "middle") -> alt.Y:
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[rows.height, 0], nice=False), axis=None)


def draw_tracks(rows: Rows) -> Layers:
    """A faint line per row for the eye. Upright grid lines would cross the labels."""
    tracks = [band.as_data() for band in rows.bands if not tell_absence(band.row)]
    return [
        chart_of(tracks)
        .mark_rule(color="#e3e6ea")
        .encode(x=alt.value(0), x2=alt.value("width"), y=place_y(rows))
    ]


def layer(layers: Layers, rows: Rows, width: int = WIDTH) -> alt.LayerChart:
    """One panel, as high as its rows need; a page that stretches it overrules the width."""
    return alt.LayerChart(layer=layers, width=width, height=rows.height)


def chart_of(data: Iterable[dict[str, Any]]) -> alt.Chart:
    if "pandas" in sys.modules:  # Altair looks into it, also while another thread still loads it
        importlib.import_module("pandas")
    return alt.Chart(alt.InlineData(values=list(data)))


def draw_labels(rows: Rows, left: int = 0) -> Layers:
    """The labels, the headings, and in the place of a figure that is not there the reason, which
    leaves `left` pixels free."""
    data = [band.as_data(absence=tell_absence(band.row)) for band in rows.bands]
    text: dict[str, Any] = {"align": "left", "lineBreak": "\n", "lineHeight": _LINE}
    layers = [
        chart_of(data)
        .mark_text(**text, baseline="top", fontSize=_LABEL_SIZE, color=DARK)
        .encode(x=alt.value(0), y=place_y(rows, "top"), text="label:N"),
        chart_of([entry for entry in data if entry["absence"]])
        .mark_text(align="left", baseline="middle", fontStyle="italic", color=MUTED, fontSize=12)
        .encode(x=alt.value(left), y=place_y(rows), text="absence:N"),
    ]
    if rows.headings:
        layers.append(
            chart_of(rows.headings)
            .mark_text(**text, baseline="top", fontSize=14, fontWeight="bold", color=DARK)
            .encode(x=alt.value(0), y=place_y(rows, "top"), text="heading:N")
        )
    return layers


def finish(
    chart: Chart,
    table: ReleasedTable,
    *,
    finding: str,
    title: str | None,
    letters: int = TITLE_LETTERS,
) -> Chart:
    """Add what must travel with the picture: the finding, the base, the test and the source.

    `finding` also is the description for who cannot see the chart. Without a title the page
    says all that, and the chart only that it is of example data.
    """
    if title:
        lines = (f"Basis: {table.base}", tell_test_line(table), table.source)
        # in smaller letters, so more fit
        about = [line for text in lines for line in textwrap.wrap(text, letters * 4 // 3)]
        chart = chart.properties(
            title=alt.TitleParams(
                text=textwrap.wrap(title, letters), subtitle=about, subtitleColor=MUTED
            )
        )
    elif table.source.startswith(EXAMPLE_LABEL):
        word = EXAMPLE_LABEL.partition(":")[0]
        mark = alt.TitleParams(text=word, fontSize=12, fontWeight="normal", color=MUTED)
        chart = chart.properties(title=mark)
    return sign(chart, table, finding)


def sign(chart: Chart, table: ReleasedTable, finding: str) -> Chart:
    """The chart with its description, and with the mark of one that shows a released table."""
    signed: Chart = chart.properties(
        description=f"{finding}. Basis: {table.base}. {table.source}.",
        usermeta={"base": table.base, "source": table.source},
        config=CONFIG,
    )
    if isinstance(signed, alt.LayerChart):  # follow the width of the page, never its height
        signed.autosize = alt.AutoSizeParams(type="fit-x", contains="padding")
    return signed


def require_drawn(chart: object) -> Chart:
    """TypeError for anything but a chart that was drawn here from a released table."""
    drawn = isinstance(chart, Chart) and isinstance(chart.usermeta, dict)
    if not drawn or "base" not in chart.usermeta:  # type: ignore[attr-defined]
        raise TypeError("a picture is made of a chart from analysis.charts only")
    return chart  # type: ignore[return-value]

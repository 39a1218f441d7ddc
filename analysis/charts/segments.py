"""Bars of 100% in segments, one per answer: side by side, or around the middle of the scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    DARK,
    LABEL_LETTERS,
    MUTED,
    Layers,
    Rows,
    across,
    chart_of,
    place_y,
)
from analysis.charts.palette import pick_colours, pick_ink
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.finding_wording import extremes
from surveys.dutch import format_percentage

BAR, COLUMN = 24, 62  # pixels: how high a bar is, how wide a column of figures at its side
_STEP = 0.25  # between two marks on the axis
_LETTER = 7  # pixels that a letter takes at most


@dataclass(frozen=True)
class Look:
    """What is drawn, and where: `side` pixels stay free at the right, for columns of figures."""

    table: ReleasedTable
    rows: Rows
    side: int = 0
    diverging: bool = False

    @property
    def waves(self) -> list[str]:
        return list(dict.fromkeys(row["wave"] for row in self.table.rows))

    @property
    def left(self) -> int:
        """Pixels that stay free at the left, for the names of the waves."""
        return max(map(len, self.waves)) * _LETTER + 8 if len(self.waves) > 1 else 0

    @property
    def right(self) -> int:
        return self.side + 4

    @property
    def answers(self) -> dict[str, str]:
        """The colour of each answer, lowest first. Rows may have scales of their own."""
        found: dict[str, str] = {}
        for row in self.table.rows:
            labels = [share["label"] for share in row["shares"] or ()]
            for label, colour in zip(labels, pick_colours(len(labels)), strict=True):
                found.setdefault(label, colour)
        return found


def draw_bars(look: Look) -> Layers:
    colours = look.answers
    segments = [
        entry
        for band in look.rows.bands
        for entry in cut(band.row, band.as_data(base=look.table.base), colours, look.diverging)
    ]
    ends = _find_ends(segments) if look.diverging else (0.0, 1.0)
    return [
        *(_draw_middle(look) if look.diverging else []),
        chart_of(segments)
        .mark_bar(size=BAR, stroke="white", strokeWidth=1)
        .encode(
            x=_make_axis(look, *ends),
            x2="high:Q",
            y=place_y(look.rows),
            fill=_make_fill(colours),
            tooltip=_make_tooltip(),
        ),
        _draw_percentages(look, segments, ends[1] - ends[0]),
        *(_name_waves(look) if look.left else []),
    ]


def cut(
    row: ReleasedRow, place: dict[str, Any], colours: dict[str, str], diverging: bool = False
) -> Iterable[dict[str, Any]]:
    """The segments of a bar, lowest answer first. A diverging bar has the middle of its scale at
    zero: that of the middle answer, or the border between the two halves."""
    if not row["n"]:
        return
    shares = row["shares"] or []
    low = -_below_middle([share["value"] for share in shares]) if diverging else 0.0
    for share in shares:
        high = low + share["value"]
        percentage = format_percentage(share["value"])
        yield {
            **place,
            "question": row["text"],
            "wave": row["wave"],
            "answer": share["label"],
            "low": low,
            "high": high,
            "centre": (low + high) / 2,
            "percentage": percentage,
            "told": f"{percentage} ({share['count']} van {row['n']})",
            "ink": pick_ink(colours[share["label"]]),
        }
        low = high


def _below_middle(values: list[float]) -> float:
    half, odd = divmod(len(values), 2)
    return sum(values[:half]) + (values[half] / 2 if odd else 0)


def _find_ends(segments: list[dict[str, Any]]) -> tuple[float, float]:
    """How far an axis goes to the left and to the right of the middle: whole steps of 25%."""
    low = min((segment["low"] for segment in segments), default=-1)
    high = max((segment["high"] for segment in segments), default=1)
    steps = (max(ceil(reach / _STEP - 1e-9), 1) for reach in (-low, high))
    left, right = (step * _STEP for step in steps)
    return -left, right


def _make_axis(look: Look, low: float, high: float) -> alt.X:
    """To the left of a middle stand as many regions as to the right: never a negative share."""
    steps = range(round(low / _STEP), round(high / _STEP) + 1)
    return alt.X(
        "low:Q",
        scale=alt.Scale(domain=[low, high], range=across(look.left, look.right, None)),
        axis=alt.Axis(
            labelExpr="format(abs(datum.value), '.0%')", values=[step * _STEP for step in steps]
        ),
        title=[
            "aandeel van de regio's met een antwoord",
            *(_name_sides(look) if look.diverging else []),
        ],
    )


def _name_sides(look: Look) -> list[str]:
    """'← helemaal niet urgent … heel urgent →', under one another where that is too long."""
    row = next((row for row in look.table.rows if row["shares"]), None)
    if row is None:
        return []
    left, right = (share["label"] for share in extremes(row))
    line = f"← {left} … {right} →"
    return [line] if len(line) <= LABEL_LETTERS else [f"← {left}", f"{right} →"]


def _make_fill(colours: dict[str, str]) -> alt.Fill:
    legend = alt.Legend(columns=alt.ExprRef("width < 500 ? 2 : 5"), symbolType="square")
    return alt.Fill(
        "answer:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=legend if colours else None,
    )


def _make_tooltip() -> list[alt.Tooltip]:
    titles = {
        "question": "vraag",
        "wave": "meting",
        "answer": "antwoord",
        "told": "aandeel",
        "base": "basis",
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _draw_percentages(look: Look, segments: list[dict[str, Any]], span: float) -> alt.Chart:
    """Inside each segment that is wide enough, on a phone as on a page."""
    width = f"(datum.high - datum.low) * (width - {look.left + look.right}) / {span}"
    fits = alt.condition(
        f"{width} >= length(datum.percentage) * {_LETTER} + 6", alt.value(1), alt.value(0)
    )
    chart: alt.Chart = (
        chart_of(segments)
        .mark_text(fontSize=11, baseline="middle")
        .encode(
            x="centre:Q",
            y=place_y(look.rows),
            text="percentage:N",
            color=alt.Color("ink:N", scale=None),
            opacity=fits,
            tooltip=_make_tooltip(),
        )
    )
    return chart


def _draw_middle(look: Look) -> Layers:
    """A line behind the bars that sticks out above and below them."""
    lines = [
        band.as_data(zero=0, over=band.middle - BAR // 2 - 3, under=band.middle + BAR // 2 + 3)
        for band in look.rows.bands
        if band.row["shares"] and band.row["n"]
    ]
    return [
        chart_of(lines)
        .mark_rule(color=DARK)
        .encode(x="zero:Q", y=place_y(look.rows, "over"), y2="under:Q")
    ]


def _name_waves(look: Look) -> Layers:
    names = [band.as_data(wave=band.row["wave"]) for band in look.rows.bands]
    return [
        chart_of(names)
        .mark_text(align="left", baseline="middle", fontSize=12, color=MUTED)
        .encode(x=alt.value(0), y=place_y(look.rows), text="wave:N")
    ]


def draw_column(rows: Rows, head: str, label: str, right: int) -> Layers:
    """The figures of the share with this label, each level with its bar, `right` pixels from the
    right."""
    x = alt.value(alt.ExprRef(f"width - {right}"))
    figures = [
        band.as_data(total=format_percentage(total["value"]))
        for band in rows.bands
        if band.row["n"]
        for total in band.row["totals"] or ()
        if total["label"] == label
    ]
    return [
        chart_of([{"top": 0, "head": head}])
        .mark_text(align="right", baseline="top", lineBreak="\n", lineHeight=14, fontSize=11)
        .encode(x=x, y=place_y(rows, "top"), text="head:N", color=alt.value(DARK)),
        chart_of(figures)
        .mark_text(align="right", baseline="middle", fontSize=13, fontWeight="bold")
        .encode(x=x, y=place_y(rows), text="total:N", color=alt.value(DARK)),
    ]

"""The values of two waves, row by row: percentages on one line, means under one another."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    BEFORE,
    DARK,
    LIGHT,
    MUTED,
    Band,
    Layers,
    Rows,
    across,
    chart_of,
    draw_tracks,
    place_y,
)
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.wording import tell_after, tell_before

_SHIFT = 10  # pixels from the middle of a row to either of two points under one another
_STEPS = 9  # at most so many along an axis of means


def draw_percentages(table: ReleasedTable, rows: Rows, width: int | None) -> Layers:
    """A diamond and a circle on one line, with the smaller value at the left of both."""
    shown = [band for band in rows.bands if band.row["value_after"] is not None]
    points = [point for band in shown for point in _points(table, band, 0)]
    lines = [_line(band) for band in shown]
    title = f"aandeel regio's dat antwoordt: {_label(table)}"
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 1], range=across(34, 44, width)),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        title=title,
    )
    text: dict[str, Any] = {"baseline": "middle", "fontSize": 13}
    weight, other = (
        alt.condition("datum.rises", alt.value(a), alt.value(b))
        for a, b in ((DARK, MUTED), (MUTED, DARK))
    )
    return [
        *draw_tracks(rows),
        chart_of(lines)
        .mark_rule(strokeWidth=3, color=LIGHT)
        .encode(x=alt.X("low:Q", title=title), x2="high:Q", y=place_y(rows)),
        *_draw_points(table, points, rows, x, ["diamond", "circle"]),
        chart_of(lines)
        .mark_text(**text, align="left", dx=11)
        .encode(x="high:Q", y=place_y(rows), text="right:N", color=weight),
        chart_of(lines)
        .mark_text(**text, align="right", dx=-11)
        .encode(x="low:Q", y=place_y(rows), text="left:N", color=other),
    ]


def draw_means(table: ReleasedTable, rows: Rows, width: int | None) -> Layers:
    """A circle and under it a square, each with its mean; the axis shows the part in use."""
    points = [
        point
        for band in rows.bands
        if band.row["value_after"] is not None
        for point in _points(table, band, _SHIFT)
    ]
    low, high = mean_range([point["value"] for point in points])
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[low, high], range=across(10, 44, width), zero=False, nice=False),
        axis=alt.Axis(format=",d", tickCount=min(high - low, _STEPS), tickMinStep=1),
        title=f"{_label(table) or 'gemiddelde'} (de as loopt van {low} tot {high})",
    )
    return [
        *draw_tracks(rows),
        *_draw_points(table, points, rows, x, ["circle", "square"]),
        chart_of(points)
        .mark_text(baseline="middle", fontSize=13, align="left", dx=11, color=DARK)
        .encode(x="value:Q", y=place_y(rows), text="told:N"),
    ]


def mean_range(values: list[float]) -> tuple[int, int]:
    """Whole numbers around means, with room to spare; of a grade where there are none."""
    found = values or [1, 10]
    return floor(min(found) - 0.5), ceil(max(found) + 0.5)


def name_waves(row: ReleasedRow) -> tuple[str, str]:
    return row["wave_before"], row["wave_after"]


def _label(table: ReleasedTable) -> str:
    return str(table.rows[0]["label"]) if table.rows else ""


def _points(table: ReleasedTable, band: Band, shift: int) -> list[dict[str, Any]]:
    """The earlier and the later value of a row, `shift` pixels above and below its middle."""
    row = band.row
    return [
        band.as_data(middle=band.middle + move, wave=wave, value=value, told=told)
        for move, wave, value, told in zip(
            (-shift, shift),
            name_waves(table.rows[0]),
            (row["value_before"], row["value_after"]),
            (tell_before(row), tell_after(row)),
            strict=True,
        )
    ]


def _line(band: Band) -> dict[str, Any]:
    """From the smaller value to the larger, each with its text."""
    row = band.row
    values, told = (row["value_before"], row["value_after"]), [tell_before(row), tell_after(row)]
    rises = values[0] <= values[1]
    left, right = told if rises else reversed(told)
    return band.as_data(low=min(values), high=max(values), left=left, right=right, rises=rises)


def _draw_points(
    table: ReleasedTable,
    points: list[dict[str, Any]],
    rows: Rows,
    x: alt.X,
    shapes: list[str],
) -> Layers:
    waves = list(name_waves(table.rows[0])) if table.rows else ["", ""]
    return [
        chart_of(points)
        .mark_point(size=130, opacity=1, strokeWidth=1.5)
        .encode(
            x=x,
            y=place_y(rows),
            shape=alt.Shape(**make_legend("wave", waves, shapes)),
            fill=alt.Fill(**make_legend("wave", waves, [BEFORE, AFTER])),
            stroke=alt.Stroke(**make_legend("wave", waves, [MUTED, AFTER])),
        )
    ]


def make_legend(field: str, domain: list[str], values: list[str]) -> dict[str, Any]:
    """What a channel of two or more marks is made of, so that they share one legend."""
    return {"shorthand": f"{field}:N", "scale": alt.Scale(domain=domain, range=values)}

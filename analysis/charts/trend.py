"""Three waves or more: a small line chart per question, the waves at their years.

Each question has the same room, with its outcome in words above the lines. So the charts stand
under one another on a phone, and in two columns where there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    DARK,
    MUTED,
    Band,
    Chart,
    Layers,
    Rows,
    across,
    chart_of,
    draw_labels,
    finish,
    layer,
    place_y,
)
from analysis.charts.choice import draw_room
from analysis.charts.order import Order
from analysis.charts.trend_places import (
    LEFT,
    RIGHT,
    find_top,
    lay_out,
    make_axis,
    make_grid,
    make_points,
    place_columns,
)
from analysis.disclosure import ReleasedTable, require_released
from analysis.measures import PROPORTION
from analysis.method_wording import tell_adjusted
from analysis.series_wording import (
    has_value,
    tell_series,
    tell_series_outcome,
    tell_time_unit,
)

_PANEL = 430  # width of each of two columns beside one another
_TITLE_LETTERS = 95
_POINTS = ("aandachtspunt", "aandachtspunten")


def draw_trend(
    table: ReleasedTable, *, what: tuple[str, str] = _POINTS, order: Order = Order.HIGHEST
) -> Chart:
    """Two columns of line charts, one per question. `what` names the rows: one, several."""
    finding = tell_series(require_released(table), what)
    panels = [
        layer([*draw_labels(rows), *_draw_lines(table, rows, _PANEL)], rows, _PANEL)
        for rows in place_columns(table, order)
    ]
    chart = alt.hconcat(*panels, spacing=30)
    return finish(chart, table, finding=finding, title=finding, letters=_TITLE_LETTERS)


def draw_trend_panels(
    table: ReleasedTable, *, what: tuple[str, str] = _POINTS, order: Order = Order.HIGHEST
) -> tuple[Chart, ...]:
    """The columns as charts of their own: beside one another, or on a phone under one another."""
    finding = tell_series(require_released(table), what)
    columns = []
    for rows in place_columns(table, order):
        layers = [*draw_room(rows), *draw_labels(rows), *_draw_lines(table, rows, None)]
        columns.append(finish(layer(layers, rows), table, finding=finding, title=None))
    return tuple(columns)


def _draw_lines(table: ReleasedTable, rows: Rows, width: int | None) -> Layers:
    bands = [band for band in rows.bands if has_value(band.row)]
    if not bands:
        return []
    waves = lay_out(table)
    scale = alt.Scale(
        domain=[waves.times[0], waves.times[-1]],
        range=across(LEFT, RIGHT, width),
        nice=False,
        zero=False,
    )
    x = alt.X("time:Q", scale=scale, axis=None)
    points = [point for band in bands for point in make_points(table, band, waves)]
    return [
        *_draw_heading(table, rows, bands),
        *_draw_grid([line for band in bands for line in make_grid(table, band, waves)], rows, x),
        *_draw_bands(points, rows, x, _tooltip(table)),
        *_draw_names(points, rows, x),
        *_draw_outcomes(table, bands, rows),
    ]


def _draw_heading(table: ReleasedTable, rows: Rows, bands: Sequence[Band]) -> Layers:
    """What the height means, at the top of a column."""
    labels = list(dict.fromkeys(band.row["label"] for band in bands))
    shares = bands[0].row["measure"] == PROPORTION
    said = labels[0] if len(labels) == 1 else ""
    what = f"aandeel regio's dat antwoordt: {said}" if shares and said else said
    what = what or ("aandeel van de regio's" if shares else "gemiddelde")
    if not shares:
        axis = make_axis(table, bands[0].row)
        what = f"{what} (de as loopt van {axis.low:g} tot {axis.high:g})"
    lines = f"{what}\nvlak: 95%-interval, n: regio's met een antwoord"
    return [
        chart_of([{"top": 0, "heading": lines}])
        .mark_text(
            align="left", baseline="top", lineBreak="\n", lineHeight=15, fontSize=12, color=MUTED
        )
        .encode(x=alt.value(0), y=place_y(rows, "top"), text="heading:N")
    ]


def _draw_grid(grid: list[dict[str, Any]], rows: Rows, x: alt.X) -> Layers:
    return [
        chart_of(grid).mark_rule(color="#dfe3e8").encode(x=x, x2="until:Q", y=place_y(rows, "y")),
        chart_of(grid)
        .mark_text(align="right", baseline="middle", fontSize=11, color=MUTED)
        .encode(x=alt.value(LEFT - 20), y=place_y(rows, "y"), text="tick:N"),
    ]


def _tooltip(table: ReleasedTable) -> list[alt.Tooltip]:
    titles = {
        "question": "vraag",
        "wave": "meting",
        "whole": "waarde",
        "interval": "95%-interval",
        "outcome": "uitkomst",
        "p_adjusted": tell_adjusted(table.rows[0]),
        "trend": f"trend per {tell_time_unit(table)}",
    }
    if table.rows[0]["adjustment"] == "none":
        del titles["p_adjusted"]
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _draw_bands(
    points: list[dict[str, Any]], rows: Rows, x: alt.X, tooltip: list[alt.Tooltip]
) -> Layers:
    """The interval, the line through the values, the values."""
    between = [point for point in points if point["low"] is not None]
    stroke, pale = (alt.Color(f"{field}:N", scale=None) for field in ("stroke", "pale"))
    return [
        chart_of(between)
        .mark_area(opacity=0.75)
        .encode(x=x, y=place_y(rows, "y_low"), y2="y_high:Q", detail="figure:N", color=pale),
        chart_of(points)
        .mark_line(strokeWidth=2.5)
        .encode(x=x, y=place_y(rows, "y"), detail="figure:N", color=stroke),
        chart_of(points)
        .mark_point(size=90, opacity=1, strokeWidth=2)
        .encode(
            x=x,
            y=place_y(rows, "y"),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
            tooltip=tooltip,
        ),
    ]


def _draw_names(points: list[dict[str, Any]], rows: Rows, x: alt.X) -> Layers:
    """The figures at the points, and under the plot each wave with its number of regions."""
    return [
        chart_of(points)
        .mark_text(baseline="middle", fontSize=size, color=colour)
        .encode(x=x, y=place_y(rows, height), text=f"{field}:N")
        for field, height, size, colour in (
            ("told", "figure_y", 13, DARK),
            ("name", "name_y", 12, DARK),
            ("told_n", "n_y", 11, MUTED),
        )
    ]


def _draw_outcomes(table: ReleasedTable, bands: Sequence[Band], rows: Rows) -> Layers:
    """In words; what changed is bold."""
    text: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 12}
    layers = []
    styles: dict[bool, dict[str, Any]] = {
        True: {"fontWeight": "bold", "color": DARK},
        False: {"color": MUTED},
    }
    for star, style in styles.items():
        said = [
            band.as_data(outcome_y=find_top(band, table), outcome=tell_series_outcome(band.row))
            for band in bands
            if band.row.has_star is star
        ]
        layers.append(
            chart_of(said)
            .mark_text(**text, **style)
            .encode(x=alt.value(0), y=place_y(rows, "outcome_y"), text="outcome:N")
        )
    return layers

"""The small picture beside a sentence: one row of a released table, without title or axis."""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    BEFORE,
    DARK,
    LIGHT,
    MUTED,
    Chart,
    Layers,
    across,
    chart_of,
    sign,
)
from analysis.charts.palette import pick_colours
from analysis.charts.segments import cut
from analysis.charts.wave_values import mean_range, name_waves
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.measures import PROPORTION
from analysis.wording import tell_absence, tell_after, tell_amount, tell_before, tell_share
from surveys.dutch import format_percentage

_WIDTH, _HEIGHT = 260, 60
_VALUES, _MIDDLE, _NAMES = 10, 30, 50  # pixels from the top: values, marks, names of waves
_SIDE = 36  # free at either side of the marks: for a text beside them and the end of the scale
_BAR, _LETTER, _PADDING = 20, 9, 5
_WEIGHTS = ("normal", "bold")  # of the earlier and the later value
_NARROWEST = 0.13  # the smallest share whose percentage fits in its segment


def draw_spark(table: ReleasedTable, row: ReleasedRow, *, finding: str = "") -> Chart:
    """A row of a comparison as two points, and so of priorities; of levels as a bar with its
    interval, of distributions as a bar in segments; where it has no figure, why not.

    `finding` is the sentence that it stands beside: its description. ValueError for a row that
    is not of the table.
    """
    if not any(row is known for known in require_released(table).rows):
        raise ValueError("the row is not one of the table")
    if row["gap"] is not None:
        layers, told = _draw_gap(row), ", ".join(" ".join(point) for point in _tell_gap(row))
    elif absence := tell_absence(row):
        layers, told = _draw_absence(absence), absence
    elif "wave_after" in row.values:
        layers, told = _draw_change(row), _tell_change(row)
    elif row["shares"]:
        layers, told = _draw_segments(row), _tell_headline(row)
    else:
        layers, told = _draw_level(row), _tell_level(row)
    chart = alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT)
    return sign(chart, table, finding.rstrip(".") or f"{row['text']}: {told}")


def _text(data: list[dict[str, Any]], x: Any, y: int, field: str, **look: Any) -> alt.Chart:
    chart: alt.Chart = (
        chart_of(data)
        .mark_text(**{"baseline": "middle", "fontSize": 13, "color": DARK, **look})
        .encode(x=x, y=alt.value(y), text=f"{field}:N")
    )
    return chart


def _draw_absence(absence: str) -> Layers:
    look = {"align": "left", "fontStyle": "italic", "color": MUTED, "fontSize": 12}
    return [_text([{"absence": absence}], alt.value(0), _MIDDLE, "absence", **look)]


# Two waves


def _tell_change(row: ReleasedRow) -> str:
    before, after = name_waves(row)
    return f"{tell_before(row)} in {before}, {tell_after(row).rstrip('*')} in {after}"


def _draw_change(row: ReleasedRow) -> Layers:
    told = [(tell_before(row), tell_after(row)), name_waves(row)]
    return _draw_two(row, [row["value_before"], row["value_after"]], [*zip(*told, strict=True)])


# Urgency and yields of one wave


def _tell_gap(row: ReleasedRow) -> list[tuple[str, str]]:
    return [
        (format_percentage(row["yielding"]), "opbrengst"),
        (format_percentage(row["urgent"]), "urgent"),
    ]


def _draw_gap(row: ReleasedRow) -> Layers:
    return _draw_two(row, [row["yielding"], row["urgent"]], _tell_gap(row))


def _draw_two(row: ReleasedRow, values: list[float], texts: list[tuple[str, str]]) -> Layers:
    """Two points on one line, each with its figure and its name in `texts`; of points close
    together those run outward."""
    low, high = _range(row, values)
    points = [
        {"value": value, "told": told, "wave": name}
        for value, (told, name) in zip(values, texts, strict=True)
    ]
    x = _place_x("value", low, high)
    words: Layers = []
    for point, place, weight in zip(points, _align(points, low, high), _WEIGHTS, strict=True):
        words += [
            _text([point], x, _VALUES, "told", **place, fontWeight=weight),
            _text([point], x, _NAMES, "wave", **place, fontSize=11, color=MUTED),
        ]
    ends = [{"low": min(values), "high": max(values)}]
    return [
        *_draw_scale(row, low, high),
        chart_of(ends)
        .mark_rule(strokeWidth=3, color=LIGHT)
        .encode(x=_place_x("low", low, high), x2="high:Q", y=alt.value(_MIDDLE)),
        _draw_points(points, x, [name for _, name in texts]),
        *words,
    ]


def _align(points: list[dict[str, Any]], low: float, high: float) -> list[dict[str, Any]]:
    before, after = (point["value"] for point in points)
    room = _WIDTH - 2 * (_SIDE + _PADDING)
    longest = max(len(point[name]) for point in points for name in ("told", "wave"))
    if abs(after - before) / (high - low) * room >= longest * _LETTER:
        return [{"align": "center"}, {"align": "center"}]
    outward = [{"align": "right", "dx": -1}, {"align": "left", "dx": 1}]
    return outward if before <= after else outward[::-1]


def _draw_points(points: list[dict[str, Any]], x: alt.X, waves: list[str]) -> alt.Chart:
    shape, fill, stroke = (
        alt.Scale(domain=waves, range=values)
        for values in (["diamond", "circle"], [BEFORE, AFTER], [MUTED, AFTER])
    )
    chart: alt.Chart = (
        chart_of(points)
        .mark_point(size=120, opacity=1, strokeWidth=1.5)
        .encode(
            x=x,
            y=alt.value(_MIDDLE),
            shape=alt.Shape("wave:N", scale=shape, legend=None),
            fill=alt.Fill("wave:N", scale=fill, legend=None),
            stroke=alt.Stroke("wave:N", scale=stroke, legend=None),
        )
    )
    return chart


def _range(row: ReleasedRow, values: list[float]) -> tuple[float, float]:
    return (0, 1) if row["measure"] in (PROPORTION, None) else mean_range(values)


def _place_x(field: str, low: float, high: float) -> alt.X:
    scale = alt.Scale(domain=[low, high], range=across(_SIDE, _SIDE, None), zero=False, nice=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def _draw_scale(row: ReleasedRow, low: float, high: float) -> Layers:
    """A faint line from one end of the scale to the other, with what those ends are."""
    look = {"fontSize": 10, "color": MUTED}
    percentages = row["measure"] in (PROPORTION, None)
    left, right = ("0%", "100%") if percentages else (f"{low:g}", f"{high:g}")
    return [
        chart_of([{"low": low, "high": high}])
        .mark_rule(color="#e3e6ea")
        .encode(x=_place_x("low", low, high), x2="high:Q", y=alt.value(_MIDDLE)),
        _text([{"end": left}], alt.value(0), _MIDDLE, "end", align="left", **look),
        _text([{"end": right}], alt.value("width"), _MIDDLE, "end", align="right", **look),
    ]


# One wave


def _tell_level(row: ReleasedRow) -> str:
    return tell_share(tell_amount(row, row["value"]), row["count"], row["n"])


def _draw_level(row: ReleasedRow) -> Layers:
    shown = [row[name] for name in ("value", "ci_low", "ci_high") if row[name] is not None]
    low, high = _range(row, shown)
    start = 0 if row["measure"] == PROPORTION else low
    data = [{"start": start, "value": row["value"], "low": row["ci_low"], "high": row["ci_high"]}]
    base = chart_of(data).encode(y=alt.value(_MIDDLE))
    return [
        *_draw_scale(row, low, high),
        base.mark_bar(size=_BAR, color="#C4DDED").encode(
            x=_place_x("start", low, high), x2="value:Q"
        ),
        *(
            []
            if row["ci_low"] is None
            else [
                base.mark_rule(strokeWidth=2, color=AFTER).encode(
                    x=_place_x("low", low, high), x2="high:Q"
                )
            ]
        ),
        base.mark_point(size=60, filled=True, color=AFTER, opacity=1).encode(
            x=_place_x("value", low, high)
        ),
        *_draw_words(row, _tell_level(row)),
    ]


def _draw_segments(row: ReleasedRow) -> Layers:
    shares = row["shares"]
    colours = dict(
        zip((share["label"] for share in shares), pick_colours(len(shares)), strict=True)
    )
    segments = list(cut(row, {}, colours))
    wide = [entry for entry in segments if entry["high"] - entry["low"] >= _NARROWEST]
    fill = alt.Fill(
        "answer:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=None,
    )
    return [
        chart_of(segments)
        .mark_bar(size=_BAR, stroke="white", strokeWidth=1)
        .encode(x=_place_x("low", 0, 1), x2="high:Q", y=alt.value(_MIDDLE), fill=fill),
        chart_of(wide)
        .mark_text(fontSize=11, baseline="middle")
        .encode(
            x=_place_x("centre", 0, 1),
            y=alt.value(_MIDDLE),
            text="percentage:N",
            color=alt.Color("ink:N", scale=None),
        ),
        *_draw_words(row, _tell_headline(row)),
    ]


def _tell_headline(row: ReleasedRow) -> str:
    """'63% (heel) veel opbrengst': the share that the scale is reported by, or its highest
    answer."""
    share = (row["totals"] or row["shares"][-1:])[0]
    return f"{format_percentage(share['value'])} {share['label']}"


def _draw_words(row: ReleasedRow, told: str) -> Layers:
    """The figure above the bar, the wave below it."""
    left = alt.value(_SIDE)
    return [
        _text([{"told": told}], left, _VALUES, "told", align="left", fontWeight="bold"),
        _text([{"wave": row["wave"]}], left, _NAMES, "wave", align="left", fontSize=11,
              color=MUTED),
    ]  # fmt: skip

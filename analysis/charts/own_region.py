"""One region beside all regions: a sign above what it answered now, one below what it answered in
the wave before. Every sign has its words, so none is told by its colour or its shape alone.

`before` is the name of the wave before; `finding` describes the chart to who cannot see it. The
page says the base and the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    DARK,
    Band,
    Chart,
    Layers,
    Rows,
    across,
    chart_of,
    draw_labels,
    layer,
    place_rows,
    place_y,
    sign,
)
from analysis.charts.segments import BAR, Look, draw_bars
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.own_region import mean_grade
from surveys.dutch import format_number, format_percentage

_NOW, _BEFORE = "triangle-down", "triangle-up"
_PALE = "#C4DDED"
_SIGN = 16  # the height of a line with a sign
_COLUMN = 40  # the height of the highest column of a grade


def draw_own_answers(table: ReleasedTable, finding: str, before: str) -> Chart:
    """Per question a bar of 100% with the answers of all regions; all questions on one scale."""
    rows = _place(table, BAR + 2 * _SIGN + 8)
    away = (BAR + _SIGN) // 2 + 3
    signs = [
        {**band.as_data(), **mark, "at": _middle_of(band.row, mark["code"])}
        | {"y": band.middle + (away if mark["shape"] == _BEFORE else -away)}
        for band in rows.bands
        for mark in _signs(band.row, before)
    ]
    layers = [
        *draw_labels(rows),
        *draw_bars(Look(require_released(table), rows)),
        *_draw_signs(signs, rows, 0.5),
    ]
    return sign(layer(layers, rows), table, finding)


def draw_own_grades(table: ReleasedTable, finding: str, before: str) -> Chart:
    """Per question a column per grade, as high as the share of the regions that gave it."""
    rows = _place(table, _COLUMN + 3 * _SIGN + 4, _with_mean)
    columns = [entry for band in rows.bands for entry in _columns(band)]
    grades = [column["grade"] for column in columns] or [1, 10]
    low, high = min(grades) - 0.5, max(grades) + 0.5
    x = alt.X(
        "left:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False, range=across(0, 4, None)),
        axis=None,
    )
    given = [column for column in columns if column["head"] < column["foot"]]
    layers: Layers = [
        *draw_labels(rows),
        chart_of(given)
        .mark_bar(fill=_PALE, stroke=AFTER, strokeWidth=1)
        .encode(x=x, x2="right:Q", y=place_y(rows, "head"), y2="foot:Q", tooltip=_hover()),
        chart_of(columns)
        .mark_text(fontSize=11, baseline="top", color=DARK)
        .encode(x="grade:Q", y=place_y(rows, "under"), text="answer:N"),
    ]
    signs = [
        {**band.as_data(), **mark, "at": float(mark["code"] or low)}
        | {"y": _foot(band) + (26 if mark["shape"] == _BEFORE else -_COLUMN - _SIGN // 2 - 2)}
        for band in rows.bands
        for mark in _signs(band.row, before)
    ]
    middle = (low + high) / 2
    return sign(layer([*layers, *_draw_signs(signs, rows, middle)], rows), table, finding)


def draw_own_options(table: ReleasedTable, finding: str, before: str) -> Chart:
    """Per option of one question a bar, with above it whether the region chose it."""
    rows = _place(table, _SIGN + BAR, lambda row: str(row["label"]))
    bars = [
        band.as_data(
            zero=0,
            value=band.row["value"],
            y=band.middle + _SIGN // 2,
            answer=band.row["label"],
            told=_tell_count(band.row["value"], band.row["count"], band.row["n"]),
        )
        for band in rows.bands
        if band.row["value"] is not None
    ]
    x = alt.X(
        "zero:Q",
        scale=alt.Scale(domain=[0, 1], range=across(0, 104, None)),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        title="aandeel van de regio's met een antwoord",
    )
    base = chart_of(bars).encode(y=place_y(rows, "y"))
    layers: Layers = [
        *draw_labels(rows),
        base.mark_bar(size=BAR - 6, color=_PALE, stroke=AFTER, strokeWidth=1).encode(
            x=x, x2="value:Q", tooltip=_hover()
        ),
        base.mark_text(align="left", dx=6, fontSize=12, color=DARK).encode(
            x="value:Q", text="told:N"
        ),
    ]
    signs = [
        band.as_data(shape=shape, code=True, words=words, at=at, y=band.middle - BAR // 2)
        for band in rows.bands
        for code, shape, words, at in (
            (band.row["own"], _NOW, "uw regio", 0.02),
            (band.row["earlier"], _BEFORE, f"uw regio in {before}", 0.34),
        )
        if code == "1"
    ]
    return sign(layer([*layers, *_draw_signs(signs, rows, 1)], rows), table, finding)


def _text_of(row: ReleasedRow) -> str:
    return str(row["text"])


def _with_mean(row: ReleasedRow) -> str:
    if not row["shares"]:
        return _text_of(row)
    return f"{row['text']} (landelijk gemiddeld {format_number(mean_grade(row['shares']))})"


def _place(
    table: ReleasedTable, marks: int, label: Callable[[ReleasedRow], str] = _text_of
) -> Rows:
    return place_rows([("", [(label(row), row) for row in require_released(table).rows])], marks)


# What stands at a place


def _columns(band: Band) -> Iterator[dict[str, Any]]:
    shares, foot = band.row["shares"] or [], _foot(band)
    highest = max((share["value"] for share in shares), default=1)
    for share in shares:
        grade = int(share["code"])
        yield band.as_data(
            answer=share["label"],
            grade=grade,
            left=grade - 0.38,
            right=grade + 0.38,
            head=foot - _COLUMN * share["value"] / highest,
            foot=foot,
            under=foot + 5,
            told=_tell_count(share["value"], share["count"], band.row["n"]),
        )


def _foot(band: Band) -> int:
    """The line on which the columns stand: a sign above them, the grades and a sign below."""
    return band.middle + _COLUMN // 2 - _SIGN // 2


def _middle_of(row: ReleasedRow, code: str) -> float:
    """Of the part of the bar for this answer; 0 for none of them."""
    low = 0.0
    for share in row["shares"]:
        if share["code"] == code:
            return low + float(share["value"]) / 2
        low += share["value"]
    return 0.0


def _tell_count(share: float, count: int, n: int) -> str:
    return f"{format_percentage(share)} ({count} van {n})"


def _hover() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("answer:N", title="antwoord"),
        alt.Tooltip("told:N", title="alle regio's"),
    ]


# Signs


def _signs(row: ReleasedRow, before: str) -> Iterator[dict[str, Any]]:
    """What the region answered now and before; a reason for missing has words and no place."""
    labels = {share["code"]: share["label"] for share in row["shares"] or []}
    if row["told"]:
        yield {"shape": _NOW, "code": row["own"], "words": f"uw regio: {row['told']}"}
    if row["earlier"] in labels:
        words = f"in {before}: {labels[row['earlier']]}"
        yield {"shape": _BEFORE, "code": row["earlier"], "words": words}


def _draw_signs(signs: list[dict[str, Any]], rows: Rows, middle: float) -> Layers:
    """Signs at `at`, each with its words on the side where there is room: right of it up to the
    `middle`, left of it from there on."""
    placed = [mark for mark in signs if mark["code"]]
    shape = alt.Shape("shape:N", scale=alt.Scale(domain=[_NOW, _BEFORE], range=[_NOW, _BEFORE]))
    points = (
        chart_of(placed)
        .mark_point(size=70, filled=True, color=DARK, opacity=1)
        .encode(x="at:Q", y=place_y(rows, "y"), shape=shape.legend(None))
    )
    style: dict[str, Any] = {"fontSize": 12, "color": DARK, "limit": alt.ExprRef("width * 0.55")}
    low = chart_of([mark for mark in signs if mark["at"] <= middle])
    high = chart_of([mark for mark in signs if mark["at"] > middle])
    words = (
        low.mark_text(align="left", dx=9, **style),
        high.mark_text(align="right", dx=-9, **style),
    )
    return [points, *(w.encode(x="at:Q", y=place_y(rows, "y"), text="words:N") for w in words)]

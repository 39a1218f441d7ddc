"""Two waves compared: the value of each, and beside it the change with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
    Rows,
    across,
    chart_of,
    draw_labels,
    draw_tracks,
    finish,
    layer,
    place_rows,
    place_y,
)
from analysis.decision import CHANGED, EQUIVALENT, NOT_SHOWN, NOT_TESTABLE
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.wording import (
    tell_after,
    tell_before,
    tell_changes,
    tell_difference,
    tell_interval,
)

_PANEL = 430  # width of each of two panels beside one another
_TITLE_LETTERS = 95
_OUTCOMES = {  # shape, fill and line: never colour alone
    CHANGED: ("circle", AFTER, AFTER),
    NOT_SHOWN: ("square", "white", MUTED),
    EQUIVALENT: ("triangle-up", "white", MUTED),
    NOT_TESTABLE: ("cross", "white", MUTED),
}


@dataclass(frozen=True)
class _Kind:
    """What differs between percentages and grades. `factor` makes points of a difference."""

    what: tuple[str, str]
    marks: int
    unit: str
    factor: int
    draw_values: Callable[[ReleasedTable, Rows, int | None], Layers]


def draw_dumbbell(table: ReleasedTable) -> Chart:
    """Percentages in two waves, and beside them the changes."""
    return _draw_whole(table, _PERCENTAGES)


def draw_dumbbell_panels(table: ReleasedTable) -> tuple[Chart, Chart]:
    """The same as two charts, for a page where they stand beside or under one another."""
    return _draw_panels(table, _PERCENTAGES)


def draw_grades(table: ReleasedTable) -> Chart:
    """Mean grades in two waves, and beside them the changes."""
    return _draw_whole(table, _GRADES)


def draw_grade_panels(table: ReleasedTable) -> tuple[Chart, Chart]:
    return _draw_panels(table, _GRADES)


def _draw_whole(table: ReleasedTable, kind: _Kind) -> Chart:
    rows = _place(table, kind)
    bare = _place(table, kind, labelled=False)
    values = [*draw_labels(rows), *kind.draw_values(table, rows, _PANEL)]
    changes = _draw_changes(bare, kind, _PANEL)
    panels = [layer(layers, rows, _PANEL) for layers in (values, changes)]
    chart = alt.hconcat(*panels, spacing=30).resolve_scale(
        shape="independent", fill="independent", stroke="independent"
    )
    finding = tell_changes(table, kind.what)
    return finish(chart, table, finding=finding, title=finding, letters=_TITLE_LETTERS)


def _draw_panels(table: ReleasedTable, kind: _Kind) -> tuple[Chart, Chart]:
    rows = _place(table, kind)
    finding = tell_changes(table, kind.what)
    told = f"{finding}; per {kind.what[0]} het verschil in {kind.unit} met 95%-interval"
    values, changes = (
        finish(layer([*draw_labels(rows), *layers], rows), table, finding=said, title=None)
        for layers, said in (
            (kind.draw_values(table, rows, None), finding),
            (_draw_changes(rows, kind, None), told),
        )
    )
    return values, changes


def sort_changes(table: ReleasedTable) -> list[ReleasedRow]:
    """The later wave decides, highest first; rows without a figure come last."""

    def order(row: ReleasedRow) -> tuple[bool, float]:
        value = row["value_after"]
        return value is None, -(value or 0)

    return sorted(require_released(table).rows, key=order)


def _place(table: ReleasedTable, kind: _Kind, *, labelled: bool = True) -> Rows:
    shown = [(row["text"], row) for row in sort_changes(table)]
    return place_rows([("", shown)], kind.marks, labelled=labelled)


def _waves(table: ReleasedTable) -> list[str]:
    return [table.rows[0]["wave_before"], table.rows[0]["wave_after"]] if table.rows else ["", ""]


def _legend(field: str, domain: list[str], values: list[str]) -> dict[str, Any]:
    return {"shorthand": f"{field}:N", "scale": alt.Scale(domain=domain, range=values)}


# Values


def _draw_points(
    table: ReleasedTable, points: list[dict[str, Any]], rows: Rows, x: alt.X, shapes: list[str]
) -> Layers:
    waves = _waves(table)
    return [
        chart_of(points)
        .mark_point(size=130, opacity=1, strokeWidth=1.5)
        .encode(
            x=x,
            y=place_y(rows),
            shape=alt.Shape(**_legend("wave", waves, shapes)),
            fill=alt.Fill(**_legend("wave", waves, [BEFORE, AFTER])),
            stroke=alt.Stroke(**_legend("wave", waves, [MUTED, AFTER])),
            tooltip=_tooltip("wave", "told"),
        )
    ]


def _tooltip(*fields: str) -> list[alt.Tooltip]:
    titles = {"label": "vraag", "wave": "meting", "told": "waarde", "outcome": "uitkomst"}
    return [alt.Tooltip(f"{name}:N", title=titles[name]) for name in fields]


def _draw_percentages(table: ReleasedTable, rows: Rows, width: int | None) -> Layers:
    """A diamond and a circle on one line, with the smaller value at the left of both."""
    waves, label = _waves(table), table.rows[0]["label"] if table.rows else ""
    points, lines = [], []
    for band in rows.bands:
        before, after = band.row["value_before"], band.row["value_after"]
        if after is None:
            continue
        told = [tell_before(band.row), tell_after(band.row)]
        points += [
            band.as_data(wave=wave, value=value, told=text)
            for wave, value, text in zip(waves, (before, after), told, strict=True)
        ]
        left, right = told if before <= after else reversed(told)
        low, high = sorted((before, after))
        lines.append(
            band.as_data(low=low, high=high, left=left, right=right, rises=before <= after)
        )
    title = f"aandeel regio's dat antwoordt: {label}"
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


def _draw_means(table: ReleasedTable, rows: Rows, width: int | None) -> Layers:
    """A circle and under it a square, each with its mean; the axis shows the part in use."""
    points = []
    for band in rows.bands:
        if band.row["value_after"] is None:
            continue
        for wave, name, told, shift in (
            (_waves(table)[0], "value_before", tell_before(band.row), -10),
            (_waves(table)[1], "value_after", tell_after(band.row), 10),
        ):
            place = {**band.as_data(), "middle": band.middle + shift}
            points.append({**place, "wave": wave, "value": band.row[name], "told": told})
    values = [point["value"] for point in points] or [1, 10]
    low, high = int(min(values) - 0.5), int(max(values) + 1.5)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[low, high], range=across(10, 44, width), zero=False, nice=False),
        axis=alt.Axis(format="d", values=list(range(low, high + 1))),
        title=f"gemiddeld rapportcijfer (de as loopt van {low} tot {high})",
    )
    return [
        *draw_tracks(rows),
        *_draw_points(table, points, rows, x, ["circle", "square"]),
        chart_of(points)
        .mark_text(baseline="middle", fontSize=13, align="left", dx=11, color=DARK)
        .encode(x="value:Q", y=place_y(rows), text="told:N"),
    ]


# Changes


def _draw_changes(rows: Rows, kind: _Kind, width: int | None) -> Layers:
    """The change of each row with its 95% interval, and a line at no change."""
    data = [_change(band.as_data(), band.row, kind) for band in rows.bands if _has_change(band.row)]
    found = [name for name in _OUTCOMES if any(entry["outcome"] == name for entry in data)]
    found = found or [NOT_SHOWN]  # so that an empty panel keeps its legend and its height
    domain = alt.Undefined if data else [-kind.factor, kind.factor]
    shapes, fills, strokes = ([_OUTCOMES[name][i] for name in found] for i in range(3))
    reach = kind.marks // 2 + 4
    title = [f"verschil in {kind.unit}", "(95%-betrouwbaarheidsinterval)"]
    x = alt.X(
        "change:Q",
        scale=alt.Scale(domain=domain, range=across(8, 8, width), zero=True),
        axis=alt.Axis(tickCount=6),
        title=title,
    )
    stroke = alt.Stroke(**_legend("outcome", found, strokes))
    return [
        *draw_tracks(rows),
        chart_of(
            {**entry, "over": entry["middle"] - reach, "under": entry["middle"] + reach}
            for entry in data
        )
        .mark_rule(color=DARK, strokeDash=[3, 2])
        .encode(x=alt.X("zero:Q", title=title), y=place_y(rows, "over"), y2="under:Q"),
        chart_of([entry for entry in data if entry["low"] is not None])
        .mark_rule(strokeWidth=2.5)
        .encode(x=alt.X("low:Q", title=title), x2="high:Q", y=place_y(rows), stroke=stroke),
        chart_of(data)
        .mark_point(size=110, opacity=1, strokeWidth=2)
        .encode(
            x=x,
            y=place_y(rows),
            shape=alt.Shape(**_legend("outcome", found, shapes)),
            fill=alt.Fill(**_legend("outcome", found, fills)),
            stroke=stroke,
            tooltip=_tooltip("outcome", "told"),
        ),
    ]


def _has_change(row: ReleasedRow) -> bool:
    return row["change"] is not None


def _change(place: dict[str, Any], row: ReleasedRow, kind: _Kind) -> dict[str, Any]:
    low, high = (
        None if row[name] is None else row[name] * kind.factor for name in ("ci_low", "ci_high")
    )
    interval = f" ({tell_interval(row)})" if tell_interval(row) else ""
    return {
        **place,
        "zero": 0,
        "change": row["change"] * kind.factor,
        "low": low,
        "high": high,
        "outcome": row["outcome"],
        "told": tell_difference(row, row["change"], sign=True) + interval,
    }


_PERCENTAGES = _Kind(
    ("aandachtspunt", "aandachtspunten"), 22, "procentpunten", 100, _draw_percentages
)
_GRADES = _Kind(("uitspraak", "uitspraken"), 42, "cijferpunten", 1, _draw_means)

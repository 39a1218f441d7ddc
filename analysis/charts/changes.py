"""Two waves compared: the value of each, and beside it the change with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    DARK,
    MUTED,
    Band,
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
from analysis.charts.choice import draw_room
from analysis.charts.details import draw_details
from analysis.charts.order import Order
from analysis.charts.wave_values import draw_means, draw_percentages, make_legend
from analysis.decision import CHANGED, EQUIVALENT, NOT_SHOWN, NOT_TESTABLE
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.finding_wording import tell_changes

_PANEL = 430  # width of each of two panels beside one another
_TITLE_LETTERS = 95
_OUTCOMES = {  # shape, fill and line: never colour alone
    CHANGED: ("circle", AFTER, AFTER),
    NOT_SHOWN: ("square", "white", MUTED),
    EQUIVALENT: ("triangle-up", "white", MUTED),
    NOT_TESTABLE: ("cross", "white", MUTED),
}
_POINTS = ("aandachtspunt", "aandachtspunten")
_STATEMENTS = ("uitspraak", "uitspraken")


@dataclass(frozen=True)
class _Kind:
    """What differs between percentages and means. `factor` makes points of a difference."""

    marks: int
    unit: str
    factor: int
    draw_values: Callable[[ReleasedTable, Rows, int | None], Layers]


_PERCENTAGES = _Kind(22, "procentpunten", 100, draw_percentages)
_MEANS = _Kind(42, "punten", 1, draw_means)


def draw_dumbbell(
    table: ReleasedTable, *, what: tuple[str, str] = _POINTS, order: Order = Order.HIGHEST
) -> Chart:
    """Percentages in two waves, and beside them the changes. `what` names one row, and several."""
    return _draw_whole(table, _PERCENTAGES, what, order)


def draw_dumbbell_panels(
    table: ReleasedTable, *, what: tuple[str, str] = _POINTS, order: Order = Order.HIGHEST
) -> tuple[Chart, Chart]:
    """The same as two charts, for a page where they stand beside or under one another."""
    return _draw_panels(table, _PERCENTAGES, what, order)


def draw_grades(
    table: ReleasedTable, *, what: tuple[str, str] = _STATEMENTS, order: Order = Order.HIGHEST
) -> Chart:
    """Means in two waves, such as of grades, and beside them the changes."""
    return _draw_whole(table, _MEANS, what, order)


def draw_grade_panels(
    table: ReleasedTable, *, what: tuple[str, str] = _STATEMENTS, order: Order = Order.HIGHEST
) -> tuple[Chart, Chart]:
    return _draw_panels(table, _MEANS, what, order)


def _draw_whole(table: ReleasedTable, kind: _Kind, what: tuple[str, str], order: Order) -> Chart:
    rows = _place(table, kind, order)
    bare = _place(table, kind, order, labelled=False)
    values = [*draw_labels(rows), *kind.draw_values(table, rows, _PANEL)]
    changes = _draw_changes(bare, kind, _PANEL)
    panels = [layer(layers, rows, _PANEL) for layers in (values, changes)]
    chart = alt.hconcat(*panels, spacing=30).resolve_scale(
        shape="independent", fill="independent", stroke="independent"
    )
    finding = tell_changes(table, what)
    return finish(chart, table, finding=finding, title=finding, letters=_TITLE_LETTERS)


def _draw_panels(
    table: ReleasedTable, kind: _Kind, what: tuple[str, str], order: Order
) -> tuple[Chart, Chart]:
    rows = _place(table, kind, order)
    finding = tell_changes(table, what)
    told = f"{finding}; per {what[0]} het verschil in {kind.unit} met 95%-interval"
    under = [*draw_room(rows), *draw_labels(rows)]
    over = draw_details(table, rows, kind.marks, kind.unit)
    values, changes = (
        finish(layer([*under, *layers, *over], rows), table, finding=said, title=None)
        for layers, said in (
            (kind.draw_values(table, rows, None), finding),
            (_draw_changes(rows, kind, None), told),
        )
    )
    return values, changes


def sort_changes(table: ReleasedTable, order: Order = Order.HIGHEST) -> list[ReleasedRow]:
    """By the later wave or by the size of the change; rows without a figure come last then."""
    rows = list(require_released(table).rows)
    if order is Order.ASKED:
        return rows

    def place(row: ReleasedRow) -> tuple[bool, float]:
        size = row["change"] if order is Order.CHANGE else row["value_after"]
        return size is None, -abs(size or 0) if order is Order.CHANGE else -(size or 0)

    return sorted(rows, key=place)


def _place(table: ReleasedTable, kind: _Kind, order: Order, *, labelled: bool = True) -> Rows:
    shown = [(row["text"], row) for row in sort_changes(table, order)]
    return place_rows([("", shown)], kind.marks, labelled=labelled)


def _draw_changes(rows: Rows, kind: _Kind, width: int | None) -> Layers:
    """The change of each row with its 95% interval, and a line at no change."""
    data = [_change(band, kind) for band in rows.bands if band.row["change"] is not None]
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
    stroke = alt.Stroke(**make_legend("outcome", found, strokes))
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
            shape=alt.Shape(**make_legend("outcome", found, shapes)),
            fill=alt.Fill(**make_legend("outcome", found, fills)),
            stroke=stroke,
        ),
    ]


def _change(band: Band, kind: _Kind) -> dict[str, Any]:
    row = band.row
    low, high = (
        None if row[name] is None else row[name] * kind.factor for name in ("ci_low", "ci_high")
    )
    return band.as_data(
        zero=0,
        change=row["change"] * kind.factor,
        low=low,
        high=high,
        outcome=row["outcome"],
    )

"""Urgency against yields: a point per concept in four quadrants, and where it came from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    DARK,
    Chart,
    Layers,
    chart_of,
    finish,
)
from analysis.charts.label_places import Point
from analysis.charts.quadrants import Field, draw_arrows, draw_labels, draw_quadrants
from analysis.decision import NOT_SHOWN
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.finding_wording import tell_priorities
from analysis.priorities import URGENT, YIELDING
from analysis.wording import tell_amount, tell_difference, tell_interval, tell_p, tell_share

_STANDINGS = {  # shape, fill and line: never colour alone
    URGENT: ("diamond", "#CA5800", "#CA5800"),
    YIELDING: ("square", AFTER, AFTER),
    NOT_SHOWN: ("circle", "white", DARK),
}
_WIDTH, _TITLE_LETTERS = 800, 85
_AXIS_LETTERS = 36  # beside an axis, on a phone


@dataclass(frozen=True)
class NumberedRow:
    """A row of the wave that is shown, its number in chart and tables, and where there is one the
    row of the wave before."""

    number: int
    row: ReleasedRow
    before: ReleasedRow | None

    @property
    def name(self) -> str:
        return f"{self.number}. {self.row['text']}"

    @property
    def point(self) -> Point:
        return self.row["yielding"], self.row["urgent"]

    @property
    def start(self) -> Point | None:
        """Where its arrow begins, if it moved."""
        if self.before is None or self.before["gap"] is None:
            return None
        found = self.before["yielding"], self.before["urgent"]
        return None if found == self.point else found


def draw_priorities(table: ReleasedTable, *, titled: bool = True) -> Chart:
    """The share that finds it urgent against the share that sees yields. The first row of the
    table tells which wave is shown; rows of another wave are where the arrows begin."""
    rows = number_priorities(table)
    shown = [row for row in rows if row.row["gap"] is not None]
    points = [row.point for row in shown]
    arrows = [(row.start, row.point) for row in shown if row.start]
    field = _make_field(shown)
    chart = alt.LayerChart(
        layer=[
            *draw_quadrants(field),
            *draw_arrows(arrows, field),
            *draw_labels(points, [row.name for row in shown], arrows, field),
            *_draw_points(shown, field),
        ],
        width=_WIDTH,
        height=field.height,
    )
    finding = tell_priorities(table)
    title = finding if titled else None
    return finish(chart, table, finding=finding, title=title, letters=_TITLE_LETTERS)


def number_priorities(table: ReleasedTable) -> list[NumberedRow]:
    """The rows of the wave that is shown: first what is shown to be urgent without yields, then
    the rest, each the largest gap first; rows without a figure come last."""
    rows = require_released(table).rows
    shown = [row for row in rows if row["wave"] == rows[0]["wave"]]
    before = {row["item"]: row for row in rows if row["wave"] != rows[0]["wave"]}

    def order(row: ReleasedRow) -> tuple[bool, bool, float]:
        return row["gap"] is None, row["standing"] != URGENT, -(row["gap"] or 0)

    return [
        NumberedRow(number, row, before.get(row["item"]))
        for number, row in enumerate(sorted(shown, key=order), start=1)
    ]


def _make_field(rows: Sequence[NumberedRow]) -> Field:
    yields, needs = (
        " / ".join(dict.fromkeys(str(row.row[name]) for row in rows))
        for name in ("label_yielding", "label_urgent")
    )
    told = [f"aandeel regio's dat antwoordt: {yields}", "Streepjeslijnen: de helft van de regio's."]
    begun = [row.before["wave"] for row in rows if row.before and row.start]
    if begun:
        told.append(f"Pijlen: vanaf de stand in meting {begun[0]}.")
    up = _wrap(f"aandeel regio's dat antwoordt: {needs}")
    return Field([line for text in told for line in _wrap(text)], up)


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, _AXIS_LETTERS)


# Points


def _draw_points(rows: Sequence[NumberedRow], field: Field) -> Layers:
    data = [_tell_point(row) for row in rows]
    found = {tell_standing(row.row): _STANDINGS[row.row["standing"]] for row in rows}
    found = found or {NOT_SHOWN: _STANDINGS[NOT_SHOWN]}  # so that an empty field keeps its height
    shapes, fills, strokes = zip(*found.values(), strict=True)
    legend = alt.Legend(columns=alt.ExprRef("width < 460 ? 1 : 3"))
    titles = {
        "name": "aandachtspunt",
        "urgent": "urgent",
        "yielding": "opbrengst",
        "gap": "verschil in procentpunten (95%-interval)",
        "standing": "uitkomst",
        "p": "p",
        "p_adjusted": "p, gecorrigeerd",
        "came_from": "meting ervoor",
    }
    return [
        chart_of(data)
        .mark_point(size=150, opacity=1, strokeWidth=1.8)
        .encode(
            x=field.x(),
            y=field.y(),
            shape=_by_standing(alt.Shape, found, shapes, legend),
            fill=_by_standing(alt.Fill, found, fills, legend),
            stroke=_by_standing(alt.Stroke, found, strokes, legend),
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()],
        )
    ]


def _by_standing(
    channel: Any, found: Iterable[str], values: Iterable[str], legend: alt.Legend
) -> Any:
    scale = alt.Scale(domain=list(found), range=list(values))
    return channel("standing:N", scale=scale, legend=legend)


def _tell_point(row: NumberedRow) -> dict[str, Any]:
    told, before = row.row, row.before
    came_from = "–"
    if before is not None and before["gap"] is not None:
        shares = " en ".join(tell_sides(before))
        came_from = f"{before['wave']}: {shares}"
    urgent, yielding = tell_sides(told)
    return {
        "x": told["yielding"],
        "y": told["urgent"],
        "item": told["item"],
        "name": row.name,
        "standing": tell_standing(told),
        "urgent": urgent,
        "yielding": yielding,
        "gap": tell_gap(told),
        "p": tell_p(told["p"]),
        "p_adjusted": tell_p(told["p_adjusted"]),
        "came_from": came_from,
    }


def tell_sides(row: ReleasedRow) -> tuple[str, str]:
    """How many find it urgent and how many see yields: '88% (45 van 51)'."""
    return (
        tell_share(tell_amount(row, row["urgent"]), row["count_urgent"], row["n"]),
        tell_share(tell_amount(row, row["yielding"]), row["count_yielding"], row["n"]),
    )


def tell_standing(row: ReleasedRow) -> str:
    return "verschil niet aangetoond" if row["standing"] == NOT_SHOWN else str(row["standing"])


def tell_gap(row: ReleasedRow) -> str:
    """'+45 (30 tot 58)', in points of percentage."""
    return f"{tell_difference(row, row['gap'], sign=True)} ({tell_interval(row)})"

"""A field of two shares with a line at half of each: its quadrants, arrows and labels."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import altair as alt

from analysis.charts.canvas import DARK, MUTED, Layers, across, chart_of
from analysis.charts.label_places import (
    MARK,
    Arrow,
    Place,
    Point,
    Room,
    measure_text,
    place_labels,
)

# Pixels. Over and under the field is a strip for the names of the quadrants.
_FIELD, _STRIP, _MARGIN = 400, 42, 14
_SIDE = 38  # what the axis at the left takes
# For each of these ranges of width the labels have places of their own: on the narrowest, that of
# a phone, there is room for numbers only.
_WIDTHS = (220, 540, 660, 800, 1060)
_FONT, _LINE, _AXIS_LINE = 12, 14, 15
_LETTERS, _MOST_LINES = (28, 20), 4  # of a label
_TEXT: dict[str, Any] = {"baseline": "top", "lineBreak": "\n"}
_LINES, _TINT, _ARROW = "#8a8f98", "#FCF1E8", "#6d737c"
_TICKS = [0, 0.25, 0.5, 0.75, 1]
_BEHIND = 14  # pixels from the middle of a point to the head of its arrow, which stays in sight

Lines = Sequence[str]


@dataclass(frozen=True)
class Field:
    """The axes, which all layers share. A title is lines of text; that of the axis upwards lies
    over the field, for on its side it would be hard to read."""

    across: Lines
    up: Lines

    @property
    def top(self) -> int:
        """Pixels from the top of the picture to 100%."""
        return _STRIP + _AXIS_LINE * len(self.up) + 6

    @property
    def bottom(self) -> int:
        return self.top + _FIELD

    @property
    def height(self) -> int:
        return self.bottom + _STRIP

    def x(self, name: str = "x") -> alt.X:
        scale = alt.Scale(domain=[0, 1], range=across(_MARGIN, _MARGIN, None), nice=False)
        axis = alt.Axis(format=".0%", values=_TICKS)
        return alt.X(f"{name}:Q", scale=scale, axis=axis, title=list(self.across))

    def y(self, name: str = "y") -> alt.Y:
        scale = alt.Scale(domain=[0, 1], range=[self.bottom, self.top], nice=False)
        axis = alt.Axis(format=".0%", values=_TICKS)
        return alt.Y(f"{name}:Q", scale=scale, axis=axis, title=None)


def draw_quadrants(field: Field) -> Layers:
    """The lines at half of the regions, and what lies beside them, named in the strips."""
    lines = chart_of([{"x": 0.5, "y": 0.5, "low": 0, "high": 1}])
    dashed: dict[str, Any] = {"color": _LINES, "strokeDash": [4, 3]}
    right = alt.value(alt.ExprRef(f"width - {_MARGIN}"))
    return [
        lines.mark_rect(color=_TINT).encode(x=field.x(), x2="low:Q", y=field.y(), y2="high:Q"),
        lines.mark_rule(**dashed).encode(
            x=field.x(), y=alt.value(field.top), y2=alt.value(field.bottom)
        ),
        lines.mark_rule(**dashed).encode(y=field.y(), x=alt.value(_MARGIN), x2=right),
        chart_of([{"title": "\n".join(field.up)}])
        .mark_text(align="left", fontSize=12, lineHeight=_AXIS_LINE, **_TEXT)
        .encode(x=alt.value(-_SIDE), y=alt.value(0), text="title:N", color=alt.value(DARK)),
        _name_quadrants(field, "minder opbrengst", "left", alt.value(_MARGIN)),
        _name_quadrants(field, "veel opbrengst", "right", right),
    ]


def _name_quadrants(field: Field, yielding: str, align: Any, x: Any) -> alt.Chart:
    over = field.top - _STRIP + 6
    names = [
        {"name": f"{urgent},\n{yielding}", "top": top}
        for urgent, top in (("urgent", over), ("minder urgent", field.bottom + 12))
    ]
    chart: alt.Chart = (
        chart_of(names)
        .mark_text(align=align, fontSize=11, lineHeight=13, fontStyle="italic", **_TEXT)
        .encode(x=x, y=alt.Y("top:Q", scale=None), text="name:N", color=alt.value(MUTED))
    )
    return chart


# Arrows


def draw_arrows(arrows: Sequence[Arrow], field: Field) -> Layers:
    """From where a point was to where it is now. The head turns with the width."""
    if not arrows:
        return []
    data = [{"x": x, "y": y, "x2": x2, "y2": y2} for (x, y), (x2, y2) in arrows]
    right = f"((datum.x2 - datum.x) * (width - {2 * _MARGIN}))"
    up = f"((datum.y2 - datum.y) * {_FIELD})"
    length = f"max(1, sqrt({right} * {right} + {up} * {up}))"
    base = chart_of(data)
    head: dict[str, Any] = {
        "angle": alt.ExprRef(f"atan2({right}, {up}) * 180 / PI"),
        "opacity": alt.ExprRef(f"{length} > {_BEHIND + 6} ? 1 : 0"),
        "xOffset": alt.ExprRef(f"-{_BEHIND} * {right} / {length}"),
        "yOffset": alt.ExprRef(f"{_BEHIND} * {up} / {length}"),
    }
    return [
        base.mark_rule(color=_ARROW, strokeWidth=1.5).encode(
            x=field.x(), y=field.y(), x2="x2:Q", y2="y2:Q"
        ),
        base.mark_point(size=22, filled=True, color=_ARROW, opacity=1).encode(
            x=field.x(), y=field.y()
        ),
        base.mark_point(shape="triangle", filled=True, size=70, color=_ARROW, **head).encode(
            x=field.x("x2"), y=field.y("y2")
        ),
    ]


# Labels


def draw_labels(
    points: Sequence[Point], texts: Sequence[str], arrows: Sequence[Arrow], field: Field
) -> Layers:
    """Beside the points their texts where the field is wide enough, else their numbers: 1 for the
    first point. A text for which there is no room becomes its number as well."""
    layers: Layers = []
    for narrowest, widest in pairwise(_WIDTHS):
        numbers: list[list[Lines]] = [[[str(number)]] for number in range(1, len(points) + 1)]
        groups = [[number] for number in numbers]
        if narrowest != _WIDTHS[0]:
            groups = [[_wrap(text), n] for text, n in zip(texts, numbers, strict=True)]
        room = Room(narrowest, widest, _MARGIN, field.top, field.bottom)
        layers += _draw_texts(points, groups, room, arrows, field)
    return layers


def _wrap(text: str) -> list[Lines]:
    """In wide lines and in narrow ones."""
    wrapped = (
        textwrap.wrap(text, letters, max_lines=_MOST_LINES, placeholder=" …")
        for letters in _LETTERS
    )
    return list(wrapped)


def _draw_texts(
    points: Sequence[Point],
    groups: Sequence[Sequence[Sequence[Lines]]],
    room: Room,
    arrows: Sequence[Arrow],
    field: Field,
) -> Layers:
    """Labels with the lines that lead to them, to be seen at the widths of a room."""
    sizes = tuple(
        tuple(tuple(measure_text(lines, _FONT, _LINE) for lines in group) for group in label)
        for label in groups
    )
    places = place_labels(tuple(points), sizes, room, tuple(arrows))
    data = [
        _tell_label(point, list(chain.from_iterable(label)), place)
        for point, label, place in zip(points, groups, places, strict=True)
        if place is not None
    ]
    seen = _tell_widths(room)
    # what is not seen takes no room either, or the picture would be made to hold it
    text: dict[str, Any] = {**_TEXT, "lineHeight": _LINE, "fontSize": _FONT}
    text |= {name: alt.ExprRef(f"datum.{name}") for name in ("dx", "dy", "align")}
    shown = alt.value(alt.ExprRef(f"{seen} ? datum.label : ''"))
    lead: dict[str, Any] = {
        side: alt.ExprRef(f"{seen} ? datum.{name} : 0")
        for side, name in (("x2Offset", "lead_x"), ("y2Offset", "lead_y"))
    }
    base = chart_of(data)
    led = chart_of([entry for entry in data if entry["lead_x"] is not None])
    return [
        led.mark_rule(color=MUTED, strokeWidth=0.8, **lead).encode(
            x=field.x(), y=field.y(), x2="x:Q", y2="y:Q"
        ),
        *(
            base.mark_text(**text, **ink).encode(x=field.x(), y=field.y(), text=shown)
            for ink in ({"stroke": "white", "strokeWidth": 3, "color": "white"}, {"color": DARK})
        ),
    ]


def _tell_widths(room: Room) -> str:
    """Whether the picture has a width of the room. The first and the last have no end."""
    told = f"width >= {room.narrowest}" if room.narrowest != _WIDTHS[0] else "true"
    return told if room.widest == _WIDTHS[-1] else f"({told} && width < {room.widest})"


def _tell_label(point: Point, choice: Sequence[Lines], place: Place) -> dict[str, Any]:
    """A label left of its point ends there; others begin at their left side."""
    lines = choice[place.choice]
    ends = place.dx < -MARK and place.dx + place.size[0] < 0
    return {
        "x": point[0],
        "y": point[1],
        "label": "\n".join(lines),
        "align": "right" if ends else "left",
        "dx": place.dx + (place.size[0] if ends else 0),
        "dy": place.dy,
        "lead_x": place.lead[0] if place.lead else None,
        "lead_y": place.lead[1] if place.lead else None,
    }

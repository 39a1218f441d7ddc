"""The logic model as one drawing: columns of boxes with arrows, and the context under them.

For a file or a report; a page writes it as HTML, which follows the width of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt

from analysis.box_results import BoxResult, Sign, read_boxes, tell_boxes
from analysis.charts.canvas import DARK, MUTED, Chart, Layers, chart_of, finish
from analysis.charts.sketch import LINE, Sketch, place_model
from analysis.disclosure import ReleasedTable, require_released
from analysis.logic_model import LogicModel

_TITLE_LETTERS = 150

_DASHED: dict[str, Any] = {"fill": "white", "stroke": "#767b84", "strokeDash": [4, 3]}


class _Look(NamedTuple):
    """Of a sign its shape and how that is filled, its colour, and the ground of a box."""

    shape: str
    fill: str
    colour: str
    ground: str


_BLUE, _BROWN, _PURPLE, _PALE = "#0b5394", "#8a3b00", "#5b2a86", "#f0f1f3"
# The unmeasured have none: a dashed edge and no shape.
_LOOKS = {
    Sign.ROSE: _Look("triangle-up", _BLUE, _BLUE, "#dbe9f6"),
    Sign.FELL: _Look("triangle-down", _BROWN, _BROWN, "#fbe6d4"),
    Sign.MIXED: _Look("diamond", _PURPLE, _PURPLE, "#ece2f5"),
    Sign.UNSHOWN: _Look("circle", MUTED, MUTED, _PALE),
    Sign.EQUIVALENT: _Look("square", MUTED, MUTED, _PALE),
    Sign.LEVEL: _Look("circle", "white", MUTED, "white"),
    Sign.ABSENT: _Look("stroke", MUTED, MUTED, "white"),
}


def draw_logic_model(table: ReleasedTable, model: LogicModel, *, titled: bool = True) -> Chart:
    """Every box with its sign, in words too, and what was measured of it."""
    boxes = read_boxes(model, require_released(table))
    sketch = place_model(model, boxes)
    layers = [
        *_draw_arrows(sketch),
        *_draw_heads(sketch),
        *_draw_boxes(sketch),
        *_draw_signs(sketch),
        *_draw_legend(sketch, boxes),
    ]
    chart = alt.LayerChart(layer=layers, width=sketch.width, height=sketch.height)
    finding = tell_boxes(model, boxes)
    return finish(
        chart, table, finding=finding, title=finding if titled else None, letters=_TITLE_LETTERS
    )


# Marks


def _write(sketch: Sketch, texts: alt.Chart, **more: Any) -> alt.Chart:
    style: dict[str, Any] = {"baseline": "top", "lineBreak": "\n", "lineHeight": LINE, **more}
    drawn: alt.Chart = texts.mark_text(align="left", color=DARK, **style).encode(
        x=sketch.x("x"), y=sketch.y("y"), text="text:N"
    )
    return drawn


def _draw_arrows(sketch: Sketch) -> Layers:
    """From head to head."""
    data = [
        {"start": one.left + one.width + 3, "end": two.left - 7, "y": one.top + one.height / 2}
        for one, two in zip(sketch.heads, sketch.heads[1:], strict=False)
    ]
    return [
        chart_of(data)
        .mark_rule(color=MUTED, strokeWidth=2)
        .encode(x=sketch.x("start"), x2="end:Q", y=sketch.y("y")),
        chart_of(data)
        .mark_point(shape="triangle-right", filled=True, size=70, color=MUTED, opacity=1)
        .encode(x=sketch.x("end"), y=sketch.y("y")),
    ]


def _draw_heads(sketch: Sketch) -> Layers:
    heads = [*sketch.heads, *([sketch.context] if sketch.context else [])]
    base = chart_of(head.as_data() for head in heads)
    return [
        base.mark_rect(color="#d5dae1", cornerRadius=3).encode(**_corners(sketch)),
        _write(sketch, base, fontSize=13, fontWeight="bold"),
    ]


def _corners(sketch: Sketch) -> dict[str, Any]:
    return {"x": sketch.x("left"), "x2": "right:Q", "y": sketch.y("top"), "y2": "bottom:Q"}


def _draw_boxes(sketch: Sketch) -> Layers:
    layers = []
    for sign in dict.fromkeys(box.found.sign for box in sketch.boxes):
        look = _LOOKS.get(sign)
        mark = {"fill": look.ground, "stroke": look.colour} if look else _DASHED
        layers.append(
            chart_of(box.as_data() for box in sketch.boxes if box.found.sign is sign)
            .mark_rect(**mark, cornerRadius=3)
            .encode(**_corners(sketch))
        )
    texts = chart_of(box.as_data(text="\n".join(box.text)) for box in sketch.boxes)
    return [*layers, _write(sketch, texts, fontSize=12)]


def _draw_signs(sketch: Sketch) -> Layers:
    """Under the text of a measured box: its sign with the word, and a sentence per measure."""
    measured = [box for box in sketch.boxes if box.told]
    words = [box.as_data(len(box.text), box.told[0]) for box in measured]
    told = [box.as_data(len(box.text) + 1, "\n".join(box.told[1:])) for box in measured]
    return [
        *_draw_shapes(
            sketch, [(box.found.sign, word) for box, word in zip(measured, words, strict=True)]
        ),
        _write(sketch, chart_of(words), fontSize=12, fontWeight="bold", dx=16),
        _write(sketch, chart_of(told), fontSize=12),
    ]


def _draw_shapes(sketch: Sketch, places: Sequence[tuple[Sign, dict[str, Any]]]) -> Layers:
    """The sign before each word."""
    layers = []
    for sign in dict.fromkeys(sign for sign, _ in places if sign in _LOOKS):
        look = _LOOKS[sign]
        data = [{"x": at["x"] + 5, "y": at["y"] + 6} for other, at in places if other is sign]
        layers.append(
            chart_of(data)
            .mark_point(
                shape=look.shape,
                fill=look.fill,
                stroke=look.colour,
                size=80,
                strokeWidth=2,
                opacity=1,
            )
            .encode(x=sketch.x("x"), y=sketch.y("y"))
        )
    return layers


def _draw_legend(sketch: Sketch, boxes: Sequence[BoxResult]) -> Layers:
    """Each sign that occurs, with how many boxes have it."""
    found = [box.sign for box in boxes]
    places: list[tuple[Sign, dict[str, Any]]] = []
    x = 0
    for sign in Sign:
        if times := found.count(sign):
            text = f"{sign.word} ({times})"
            places.append((sign, {"x": x, "y": 6, "text": text}))
            x += 40 + 6 * len(text)
    dashed = [
        {"left": p["x"], "right": p["x"] + 11, "top": 7, "bottom": 18}
        for s, p in places
        if s not in _LOOKS
    ]
    return [
        *_draw_shapes(sketch, places),
        chart_of(dashed).mark_rect(**_DASHED).encode(**_corners(sketch)),
        _write(sketch, chart_of(place for _, place in places), fontSize=12, dx=16),
    ]

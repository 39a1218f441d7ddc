"""Where the parts of a drawn logic model stand: columns of boxes, and the context under them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analysis.box_results import BoxResult
from analysis.logic_model import Column, LogicModel

_COLUMN, _BETWEEN, _GAP, _PADDING = 220, 26, 8, 9
LINE, _LETTERS = 15, 34  # pixels per line; letters that fit the inside of a column
_APART = 5  # between the text of a box and what is shown of it
_LEGEND = 40


@dataclass(frozen=True)
class PlacedBox:
    """A box with the lines that stand in it, and its place: pixels from the left and the top."""

    found: BoxResult
    text: tuple[str, ...]
    told: tuple[str, ...]
    left: int
    top: int
    width: int

    @property
    def height(self) -> int:
        apart = _APART if self.told else 0
        return (len(self.text) + len(self.told)) * LINE + apart + 2 * _PADDING

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def as_data(self, line: int = 0, text: str = "") -> dict[str, Any]:
        return {
            "left": self.left,
            "right": self.left + self.width,
            "top": self.top,
            "bottom": self.bottom,
            "x": self.left + _PADDING,
            "y": self.top + _PADDING + line * LINE + (_APART if line else 0),
            "text": text,
        }


@dataclass(frozen=True)
class Heading:
    """The title of a column, or of the context."""

    lines: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int

    def as_data(self) -> dict[str, Any]:
        return {
            "left": self.left,
            "right": self.left + self.width,
            "top": self.top,
            "bottom": self.top + self.height,
            "x": self.left + _PADDING,
            "y": self.top + (self.height - len(self.lines) * LINE) / 2,
            "text": "\n".join(self.lines),
        }


@dataclass(frozen=True)
class Sketch:
    """Everything in its place, in pixels."""

    heads: tuple[Heading, ...]
    context: Heading | None
    boxes: tuple[PlacedBox, ...]
    width: int
    height: int

    def x(self, field: str) -> alt.X:
        return alt.X(
            f"{field}:Q", scale=alt.Scale(domain=[0, self.width], nice=False, zero=False), axis=None
        )

    def y(self, field: str) -> alt.Y:
        scale = alt.Scale(domain=[self.height, 0], nice=False, zero=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)


def place_model(model: LogicModel, boxes: Sequence[BoxResult]) -> Sketch:
    width = len(model.columns) * (_COLUMN + _BETWEEN) - _BETWEEN
    titles = [_wrap(f"{n}. {c.title}", _LETTERS - 3) for n, c in enumerate(model.columns, start=1)]
    head = max(map(len, titles)) * LINE + 2 * _PADDING
    heads, placed = [], []
    for number, (column, title) in enumerate(zip(model.columns, titles, strict=True)):
        left = number * (_COLUMN + _BETWEEN)
        heads.append(Heading(title, left, _LEGEND, _COLUMN, head))
        placed += _stack(_of(column, boxes), left, _LEGEND + head + _GAP)
    bottom = max(box.bottom for box in placed)
    if model.context is None:
        return Sketch(tuple(heads), None, tuple(placed), width, bottom + 2)
    strip = Heading((model.context.title,), 0, bottom + _BETWEEN, width, LINE + 2 * _PADDING)
    placed += _spread(_of(model.context, boxes), strip.top + strip.height + _GAP, width)
    bottom = max(box.bottom for box in placed)
    return Sketch(tuple(heads), strip, tuple(placed), width, bottom + 2)


def _of(column: Column, boxes: Iterable[BoxResult]) -> list[BoxResult]:
    return [found for found in boxes if found.column is column]


def _stack(boxes: Iterable[BoxResult], left: int, top: int) -> list[PlacedBox]:
    placed = []
    for found in boxes:
        box = _fill(found, left, top, _COLUMN)
        placed.append(box)
        top = box.bottom + _GAP
    return placed


def _spread(boxes: Sequence[BoxResult], top: int, width: int) -> list[PlacedBox]:
    each = (width - _GAP * (len(boxes) - 1)) // len(boxes)
    return [_fill(box, n * (each + _GAP), top, each) for n, box in enumerate(boxes)]


def _fill(found: BoxResult, left: int, top: int, width: int) -> PlacedBox:
    letters = (width - 2 * _PADDING) * _LETTERS // (_COLUMN - 2 * _PADDING)
    told: tuple[str, ...] = ()
    if found.measures:
        sentences = [_wrap(found.sentence(measure), letters) for measure in found.measures]
        told = (found.sign.word, *(line for lines in sentences for line in lines))
    return PlacedBox(found, _wrap(found.box.text, letters), told, left, top, width)


def _wrap(text: str, letters: int) -> tuple[str, ...]:
    """Lines that may also end after a slash: 'docenten/instructeurs' is long for a column."""
    marked = text.replace("/", "/\f")
    lines = textwrap.wrap(marked, letters, replace_whitespace=False, break_on_hyphens=False)
    return tuple(line.replace("\f", "") for line in lines)

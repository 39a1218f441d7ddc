"""Where the labels of points go, so that none is in the way of another.

A picture follows the width of its page, so a label has to be free at every width. Every place
moves evenly with the width: two boxes that are apart in the same way at the narrowest and at the
widest are apart at all widths between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product
from math import hypot
from typing import NamedTuple

# Across and up, each a fraction of the way.
Point = tuple[float, float]
Arrow = tuple[Point, Point]
Size = tuple[float, float]  # pixels
Sizes = tuple[tuple[Size, ...], ...]

MARK = 8  # pixels from the middle of a point to its edge
_APART = 2  # pixels between a label and anything else
_DISTANCES = (2, 10, 20, 34, 52, 76, 110, 160, 230, 320)  # from the edge of the point
_STEPS = (0.5, 0.25, 0.75, 0.0, 1.0)  # along a side of the point, its middle first
_FAR = 12  # from here on a line leads to the label
# How much farther a label may go rather than stand there.
_SIDES = {"right": 0, "left": 3, "over": 4, "under": 4}
_MIDDLES: tuple[Arrow, ...] = (((0.5, 0.0), (0.5, 1.0)), ((0.0, 0.5), (1.0, 0.5)))
_ROUNDS = 3
_OFF_MIDDLE, _ON_ARROW, _ON_LINE, _CROSSED = 6, 40, 8, 120


@dataclass(frozen=True)
class Room:
    """The part of a picture where labels may stand, for each width that it may get.

    Points keep `margin` pixels from both sides. `top` and `bottom` are pixels from the top of
    the picture, of what is highest and lowest.
    """

    narrowest: int
    widest: int
    margin: int
    top: int
    bottom: int

    def across(self, share: float, width: int) -> float:
        return self.margin + share * (width - 2 * self.margin)

    def down(self, share: float) -> float:
        return self.bottom - share * (self.bottom - self.top)


@dataclass(frozen=True)
class Place:
    """The top left corner of a label, in pixels right of and under its point. `choice` counts
    which of the sizes it has; `lead` where a line from the point ends, for a label that is far."""

    dx: float
    dy: float
    choice: int
    size: Size
    lead: tuple[float, float] | None


class _Box(NamedTuple):
    """What takes room: its left side at the narrowest and at the widest, and the rest."""

    narrow: float
    wide: float
    top: float
    width: float
    height: float

    def is_clear_of(self, other: _Box) -> bool:
        if self.top + self.height + _APART <= other.top:
            return True
        if other.top + other.height + _APART <= self.top:
            return True
        return self._is_left_of(other) or other._is_left_of(self)

    def _is_left_of(self, other: _Box) -> bool:
        reach = self.width + _APART
        return self.narrow + reach <= other.narrow and self.wide + reach <= other.wide


_Segment = tuple[float, float, float, float]


class _Option(NamedTuple):
    """A place that a label may have; `lead` is the line to it."""

    cost: float
    place: Place
    box: _Box
    lead: _Segment | None


@lru_cache(maxsize=64)  # a page is drawn anew at every click
def place_labels(
    points: tuple[Point, ...],
    sizes: tuple[Sizes, ...],
    room: Room,
    arrows: tuple[Arrow, ...] = (),
) -> tuple[Place | None, ...]:
    """A place for the label of each point, None where there is no room left.

    `sizes` holds per point the sizes the label may have; those of a next group only where there is
    no room for any of the group before. No label is over another, over a point or over the edge, at
    any width of the room; over an arrow or a line only where it would be far away otherwise.
    """
    marks = [_box_at(room, point, (-MARK, -MARK), (2 * MARK, 2 * MARK)) for point in points]
    lines = [(_segment(room, *arrow), _ON_ARROW) for arrow in arrows]
    lines += [(_segment(room, *line), _ON_LINE) for line in _MIDDLES]
    found: dict[int, _Option] = {}
    for group in range(max(map(len, sizes), default=0)):
        left = [i for i in range(len(points)) if i not in found and group < len(sizes[i])]
        options = {i: _list_options(points[i], sizes[i], group, room, marks, lines) for i in left}
        tried = [_settle(order, options, found) for order in _orders(left, points, room)]
        found = min(tried, key=_weigh, default=found)
    return tuple(found[i].place if i in found else None for i in range(len(points)))


def _orders(left: Sequence[int], points: Sequence[Point], room: Room) -> Iterator[list[int]]:
    """Who may choose first: the most crowded, the rightmost, the highest, and the other way."""
    spots = [_spot(room, point) for point in points]

    def crowding(i: int) -> float:
        x, y = spots[i]
        return sum(-1 / (20 + hypot(x - a, y - b)) for a, b in spots)

    for key in (crowding, lambda i: -spots[i][0], lambda i: spots[i][1]):
        order = sorted(left, key=key)
        yield order
        yield order[::-1]


def _settle(
    order: Sequence[int], options: Mapping[int, Sequence[_Option]], before: Mapping[int, _Option]
) -> dict[int, _Option]:
    """All choose in turn, and again when they see where the others went."""
    found = dict(before)
    for i in [*order] * _ROUNDS:
        found.pop(i, None)
        best = _choose(options[i], list(found.values()))
        if best is not None:
            found[i] = best
    return found


def _weigh(found: Mapping[int, _Option]) -> tuple[int, float]:
    """Most labels first, then the lowest cost."""
    return -len(found), sum(option.cost for option in found.values())


def _spot(room: Room, point: Point) -> tuple[float, float]:
    """In pixels, at the narrowest."""
    return room.across(point[0], room.narrowest), room.down(point[1])


def _box_at(room: Room, point: Point, corner: tuple[float, float], size: Size) -> _Box:
    narrow, wide = (room.across(point[0], width) for width in (room.narrowest, room.widest))
    return _Box(narrow + corner[0], wide + corner[0], room.down(point[1]) + corner[1], *size)


def _list_options(
    point: Point,
    sizes: Sizes,
    group: int,
    room: Room,
    marks: Sequence[_Box],
    lines: Sequence[tuple[_Segment, int]],
) -> list[_Option]:
    """The places free of points and edges, cheapest first. What it costs to cross a line is
    reckoned in the narrowest picture, where things are closest."""
    options = []
    own = _box_at(room, point, (-MARK, -MARK), (2 * MARK, 2 * MARK))
    first = sum(map(len, sizes[:group]))
    choices = enumerate(sizes[group], start=first)
    for cost, place in chain.from_iterable(_surround(size, choice) for choice, size in choices):
        box = _box_at(room, point, (place.dx, place.dy), place.size)
        if not (_is_inside(box, room) and all(map(box.is_clear_of, marks))):
            continue
        cost += sum(price for line, price in lines if _crosses(line, box))
        lead = None
        if place.lead:
            x, y = _spot(room, point)
            lead = x, y, x + place.lead[0], y + place.lead[1]
            cost += _CROSSED * sum(_crosses(lead, mark) for mark in marks if mark != own)
        options.append(_Option(cost, place, box, lead))
    return sorted(options, key=lambda option: option.cost)


def _choose(options: Iterable[_Option], others: Sequence[_Option]) -> _Option | None:
    """The cheapest that is free of the other labels, with what it costs to cross their lines."""
    best = None
    for option in options:
        if best is not None and option.cost >= best.cost:
            break
        if not all(option.box.is_clear_of(other.box) for other in others):
            continue
        crossed = sum(
            bool(other.lead and _crosses(other.lead, option.box))
            + bool(option.lead and _crosses(option.lead, other.box))
            for other in others
        )
        cost = option.cost + _CROSSED * crossed
        if best is None or cost < best.cost:
            best = option._replace(cost=cost)
    return best


def _surround(size: Size, choice: int) -> Iterator[tuple[float, Place]]:
    """Places around a point, each with what it costs to be so far from it."""
    for distance, step in product(_DISTANCES, _STEPS):
        out = MARK + distance
        x, y = (step * (length + 2 * out) - length - out for length in size)
        extra = distance + _OFF_MIDDLE * abs(step - 0.5) * 2
        for side, corner in {
            "right": (out, y),
            "left": (-out - size[0], y),
            "over": (x, -out - size[1]),
            "under": (x, out),
        }.items():
            nearest = [
                min(max(0.0, start), start + length)
                for start, length in zip(corner, size, strict=True)
            ]
            lead = (nearest[0], nearest[1]) if hypot(*nearest) - MARK >= _FAR else None
            yield extra + _SIDES[side], Place(*corner, choice, size, lead)


def _is_inside(box: _Box, room: Room) -> bool:
    return (
        min(box.narrow, box.wide) >= 0
        and box.narrow + box.width <= room.narrowest
        and box.wide + box.width <= room.widest
        and box.top >= room.top - MARK
        and box.top + box.height <= room.bottom + MARK
    )


def _segment(room: Room, start: Point, end: Point) -> _Segment:
    return (*_spot(room, start), *_spot(room, end))


def _crosses(line: _Segment, box: _Box) -> bool:
    """Whether a line touches a box: what is left of it between each two sides (Liang-Barsky)."""
    x, y, x2, y2 = line
    right, bottom = box.narrow + box.width, box.top + box.height
    if max(x, x2) < box.narrow or min(x, x2) > right or max(y, y2) < box.top or min(y, y2) > bottom:
        return False
    first, last = 0.0, 1.0
    for start, length, low, high in (
        (x, x2 - x, box.narrow, right),
        (y, y2 - y, box.top, bottom),
    ):
        if length == 0:
            if not low <= start <= high:
                return False
            continue
        enters, leaves = sorted(((low - start) / length, (high - start) / length))
        first, last = max(first, enters), min(last, leaves)
    return first <= last


# Sizes

_NARROW, _BROAD = frozenset(" iljtfrI.,:;'|!()[]/-"), frozenset("mwMW%@—…")


def measure_text(lines: Sequence[str], font_size: int, line_height: int) -> Size:
    """The room that lines of text take, in pixels: on the wide side for Source Sans and Arial."""
    width = max(sum(map(_measure_letter, line)) for line in lines)
    return font_size * width, float(line_height * len(lines))


def _measure_letter(letter: str) -> float:
    """In font sizes."""
    if letter in _NARROW:
        return 0.36
    if letter in _BROAD or ord(letter) > 0x24F:
        return 1.0
    return 0.74 if letter.isupper() else 0.58

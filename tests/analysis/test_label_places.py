"""Labels of points: never over one another, over a point or over the edge, at any width."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.charts.label_places import (
    MARK,
    Place,
    Point,
    Room,
    Size,
    Sizes,
    measure_text,
    place_labels,
)

ROOMS = [Room(low, high, 14, 63, 463) for low, high in ((220, 540), (540, 660), (800, 1060))]
NUMBER = measure_text(["12"], 12, 14)

# A cloud may be spread out, or on a few places so that points lie close or on one another.
shares = st.one_of(
    st.floats(0, 1), st.sampled_from([0.0, 0.48, 0.5, 0.51, 1.0]), st.floats(0.7, 0.8)
)
texts = st.text("abcdefg WMiét-(/", min_size=1, max_size=60)


@st.composite
def clouds(draw: st.DrawFn) -> tuple[tuple[Point, ...], tuple[Sizes, ...], tuple[Point, ...]]:
    points = draw(st.lists(st.tuples(shares, shares), max_size=12))
    starts = draw(st.lists(st.tuples(shares, shares), max_size=len(points)))
    sizes = []
    for _ in points:
        text = draw(texts)
        lines = [text[start : start + 26] for start in range(0, len(text), 26)]
        sizes.append(((measure_text(lines, 12, 14),), (NUMBER,)))
    return tuple(points), tuple(sizes), tuple(starts)


Rectangle = tuple[float, float, float, float]


def label_at(room: Room, width: float, point: Point, place: Place) -> Rectangle:
    """Left, top, right and bottom in a picture of this width, worked out anew."""
    x = room.margin + point[0] * (width - 2 * room.margin) + place.dx
    y = room.bottom - point[1] * (room.bottom - room.top) + place.dy
    return x, y, x + place.size[0], y + place.size[1]


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def widths_of(room: Room) -> list[float]:
    return [room.narrowest + (room.widest - room.narrowest) * step / 6 for step in range(7)]


@settings(deadline=None, max_examples=30)
@given(clouds(), st.sampled_from(ROOMS))
def test_no_label_is_in_the_way_at_any_width(
    cloud: tuple[tuple[Point, ...], tuple[Sizes, ...], tuple[Point, ...]], room: Room
) -> None:
    points, sizes, starts = cloud
    places = place_labels(points, sizes, room, tuple(zip(starts, points, strict=False)))
    assert None not in places  # a point that is told apart by nothing would be lost
    own_mark = Place(-MARK, -MARK, 0, (2 * MARK, 2 * MARK), None)
    for width in widths_of(room):
        labels = [
            label_at(room, width, point, place)
            for point, place in zip(points, places, strict=True)
            if place
        ]
        marks = [label_at(room, width, point, own_mark) for point in points]
        assert not any(overlap(*pair) for pair in combinations(labels, 2))
        assert not any(overlap(label, mark) for label in labels for mark in marks)
        for left, top, right, bottom in labels:
            assert left >= 0
            assert right <= width + 1e-9
            assert top >= room.top - MARK
            assert bottom <= room.bottom + MARK


def only(width: float, height: float) -> Sizes:
    """The one size that a label has."""
    return (((width, height),),)


def place_alone(point: Point, *groups: tuple[Size, ...]) -> Place | None:
    return place_labels((point,), (groups,), ROOMS[1])[0]


def test_a_label_alone_stands_beside_its_point() -> None:
    place = place_alone((0.2, 0.3), ((100.0, 28.0),))
    assert place is not None
    assert 0 < place.dx - MARK < 5
    assert -28 < place.dy < 0
    assert place.lead is None


def test_a_label_that_fits_nowhere_takes_its_next_size() -> None:
    place = place_alone((0.5, 0.5), ((900.0, 28.0),), ((16.0, 14.0),))
    assert place is not None
    assert (place.choice, place.size) == (1, (16.0, 14.0))
    assert place_alone((0.5, 0.5), ((900.0, 28.0),)) is None


def test_a_label_far_from_its_point_has_a_line_to_it() -> None:
    cluster = ((0.5, 0.5),) * 6
    places = place_labels(cluster, (only(150, 42),) * 6, ROOMS[2])
    leads = [place.lead for place in places if place and place.lead]
    assert leads
    for place in places:
        assert place is not None
        if place.lead:
            x, y = place.lead
            assert place.dx <= x <= place.dx + place.size[0]
            assert place.dy <= y <= place.dy + place.size[1]


def test_a_label_keeps_off_an_arrow() -> None:
    point = (0.5, 0.2)
    arrow = ((0.9, 0.2), point)
    (free,) = place_labels((point,), (only(100, 14),), ROOMS[2])
    (kept,) = place_labels((point,), (only(100, 14),), ROOMS[2], (arrow,))
    assert free is not None
    assert kept is not None
    assert free.dx > 0  # at the right, where the arrow comes from
    assert kept.dx < 0 or abs(kept.dy) > 7


def test_measured_text_is_no_narrower_than_common_letters() -> None:
    # Arial at 12 pixels, as its makers give the widths of its letters (in thousandths)
    arial = {
        "W": 944,
        "M": 833,
        "m": 833,
        "i": 222,
        "n": 556,
        "T": 611,
        "8": 556,
        "%": 889,
        " ": 278,
    }
    for letter, width in arial.items():
        assert measure_text([letter], 12, 14)[0] >= 12 * width / 1000
    assert measure_text(["a", "abc"], 12, 14) == (measure_text(["abc"], 12, 14)[0], 28.0)

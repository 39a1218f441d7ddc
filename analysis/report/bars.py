"""The numbers of a native chart: a released table as series of bars that Office can edit.

The rows stand in the order of the printed tables; what is suppressed has no bar and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.charts.canvas import AFTER, BEFORE
from analysis.charts.palette import pick_colours
from analysis.disclosure import ReleasedRow, require_released
from analysis.measures import PROPORTION
from analysis.report.content import as_line
from analysis.results.exhibit import Exhibit
from analysis.wording import tell_absence

_NUMBER = re.compile(r"^\d+\. ")  # of a point in a drawing
PERCENTAGE, GRADE = "0%", "0.0"
_SCALE = {PERCENTAGE: (0.0, 1.0), GRADE: (1.0, 10.0)}


@dataclass(frozen=True)
class Series:
    """A value per category, None where there is no bar. `starred`: the places of what changed.
    `colour` is '#0072B2'."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    starred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bars:
    """`is_stacked`: the series add up to 100%. `number_format` is that of Office."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str = PERCENTAGE
    is_stacked: bool = False

    @property
    def axis(self) -> tuple[float, float]:
        """From where to where the values go."""
        return _SCALE[self.number_format]

    @property
    def is_empty(self) -> bool:
        return all(value is None for series in self.series for value in series.values)

    def split(self, most: int) -> list[Bars]:
        """Parts of about the same size, of at most so many categories."""
        parts = -(-len(self.categories) // most) or 1
        size = -(-len(self.categories) // parts)
        return [self._part(start, start + size) for start in range(0, parts * size, size)]

    def _part(self, start: int, end: int) -> Bars:
        series = (
            replace(
                each,
                values=each.values[start:end],
                starred=frozenset(p - start for p in each.starred if start <= p < end),
            )
            for each in self.series
        )
        return replace(self, categories=self.categories[start:end], series=tuple(series))


def make_bars(exhibit: Exhibit) -> Bars:
    """The released values of an exhibit: two waves, a distribution, levels, or the urgency and the
    yields of the last wave."""
    rows = _order(exhibit)
    if not rows:
        return Bars((), ())
    categories = tuple(_name(label, row) for label, row in rows)
    found = [row for _, row in rows]
    if any(row["shares"] for row in found):
        return Bars(categories, _shares(found), is_stacked=True)
    if found[0]["label_urgent"]:
        last = [place for place, row in enumerate(found) if row["wave"] == found[0]["wave"]]
        shown = [found[place] for place in last]
        return Bars(tuple(categories[place] for place in last), _sides(shown))
    number_format = PERCENTAGE if found[0]["measure"] == PROPORTION else GRADE
    series = _waves(found) if "wave_after" in found[0].values else _levels(found)
    return Bars(categories, series, number_format)


def _name(label: str, row: ReleasedRow) -> str:
    absence = tell_absence(row)
    return as_line(f"{label}: {absence}" if absence else label)


# The order of the printed tables


def _order(exhibit: Exhibit) -> list[tuple[str, ReleasedRow]]:
    """Every released row once, with its name in print."""
    left = list(require_released(exhibit.table).rows)
    found = []
    for table in exhibit.tables:
        for name, *_ in table.rows:
            row = _find(left, name, table.caption)
            if row is not None:
                left.remove(row)
                # 'Ja' alone says nothing; it answers the question above it
                alone = len(table.rows) == 1 and name != row["text"]
                found.append((f"{table.caption}: {name}" if alone else name, row))
    return [*found, *((row["text"], row) for row in left)]


def _find(rows: Sequence[ReleasedRow], name: str, caption: str) -> ReleasedRow | None:
    plain = _NUMBER.sub("", name)
    matching = [row for row in rows if {name, plain} & {*_names(row)}]
    return next((row for row in matching if row["text"] == caption), next(iter(matching), None))


def _names(row: ReleasedRow) -> tuple[str, ...]:
    text, label = str(row["text"]), str(row["label"] or "")
    return text, f"{text}, {row['wave']}", label[:1].upper() + label[1:]


# Series


def _waves(rows: Sequence[ReleasedRow]) -> tuple[Series, ...]:
    changed = frozenset(place for place, row in enumerate(rows) if row.has_star)
    return (
        Series(as_line(rows[0]["wave_before"]), _values(rows, "value_before"), BEFORE),
        Series(as_line(rows[0]["wave_after"]), _values(rows, "value_after"), AFTER, changed),
    )


def _sides(rows: Sequence[ReleasedRow]) -> tuple[Series, ...]:
    first = rows[0]
    return (
        Series(as_line(first["label_yielding"]), _values(rows, "yielding"), BEFORE),
        Series(as_line(first["label_urgent"]), _values(rows, "urgent"), AFTER),
    )


def _levels(rows: Sequence[ReleasedRow]) -> tuple[Series, ...]:
    return (Series(as_line(rows[0]["wave"]), _values(rows, "value"), AFTER),)


def _shares(rows: Iterable[ReleasedRow]) -> tuple[Series, ...]:
    """One per answer of the scale, lowest first."""
    found = list(rows)
    labels = [share["label"] for share in next(row["shares"] for row in found if row["shares"])]
    return tuple(
        Series(
            as_line(label),
            tuple(row["shares"][place]["value"] if row["shares"] else None for row in found),
            colour,
        )
        for place, (label, colour) in enumerate(zip(labels, pick_colours(len(labels)), strict=True))
    )


def _values(rows: Iterable[ReleasedRow], name: str) -> tuple[float | None, ...]:
    return tuple(row[name] for row in rows)

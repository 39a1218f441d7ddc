"""The published results, and whether the monitor's own analysis gives the same.

`published_results.csv` holds each figure as it was printed. The columns `question` and
`part` say which question, and which share or option of it, the figure is about.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.comparison import Comparison
from analysis.levels import Level
from surveys.dutch import round_half_up

PUBLISHED = Path(__file__).parent / "published_results.csv"


@dataclass(frozen=True)
class PublishedRow:
    """A published figure. `value` as printed: percentages whole, means with one decimal;
    for measure 'mostly' the side ('veel' or 'minder') that more regions chose."""

    block: str
    item: str
    measure: str
    wave: str
    value: str
    significant: str
    note: str
    question: str
    part: str

    @property
    def is_doubtful(self) -> bool:
        return "read with doubt" in self.note


@dataclass(frozen=True)
class Check:
    """A published figure beside the computed one; `star` is '' where none was published."""

    published: PublishedRow
    computed: str
    star: str

    @property
    def is_equal(self) -> bool:
        published = self.published
        if "within 2 points" in published.note:
            return abs(int(self.computed) - int(published.value)) <= 2
        return self.computed == published.value and self.star == published.significant

    @property
    def agrees(self) -> bool:
        """Equal, or not owed because the source itself was read with doubt."""
        return self.is_equal or self.published.is_doubtful


def read_published(path: Path = PUBLISHED) -> list[PublishedRow]:
    with path.open(encoding="utf-8", newline="") as file:
        return [PublishedRow(**row) for row in csv.DictReader(file)]


def check_published(
    rows: Sequence[PublishedRow], comparisons: Sequence[Comparison], levels: Sequence[Level]
) -> list[Check]:
    """Put each published figure beside the one that the analysis gives.

    A question with figures of two waves was published over the panel; the others over
    everyone who answered in their wave. `levels` are those of the later wave.
    """
    changes = {(c.item, c.part): c for c in comparisons}
    figures = {(level.item, level.part): level for level in levels}
    in_panel = {row.question for row in rows if row.wave == comparisons[0].wave_before}
    return [
        _check_change(row, changes[row.question, row.part])
        if row.question in in_panel
        else _check_level(row, figures)
        for row in rows
    ]


def _check_change(row: PublishedRow, comparison: Comparison) -> Check:
    is_before = row.wave == comparison.wave_before
    value = comparison.value_before if is_before else comparison.value_after
    star = "" if not row.significant else "yes" if comparison.has_star else "no"
    return Check(row, _as_printed(row, value), star)


def _check_level(row: PublishedRow, figures: dict[tuple[str, str], Level]) -> Check:
    if row.measure == "mostly":
        counts = {part: figures[row.question, part].count or 0 for part in ("veel", "minder")}
        return Check(row, max(counts, key=lambda part: counts[part]), "")
    return Check(row, _as_printed(row, figures[row.question, row.part].value), "")


def _as_printed(row: PublishedRow, value: float | None) -> str:
    if value is None:
        return "-"
    if row.measure == "mean":
        return str(round_half_up(value, 1))
    return str(round_half_up(value * 100))

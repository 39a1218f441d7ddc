"""What the monitor shows of a box of the logic model: a sign, a word, and a sentence per measure.

Read from released rows only. A sign tells which way a figure went, never whether that is good:
more urgency is not 'better'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from analysis.decision import CHANGED, EQUIVALENT, NOT_SHOWN
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.logic_model import Box, Column, LogicModel, MeasuredBy
from analysis.settings import INDEPENDENT
from analysis.wording import (
    tell_absence,
    tell_after,
    tell_amount,
    tell_before,
    tell_regions,
    tell_share,
)


class Sign(Enum):
    """How a box stands, as a sign and in words."""

    ROSE = "▲", "aantoonbaar gestegen"
    FELL = "▼", "aantoonbaar gedaald"
    MIXED = "◆", "wisselend"
    UNSHOWN = "●", "verandering niet aangetoond"
    EQUIVALENT = "■", "gelijkwaardig"
    LEVEL = "○", "alleen stand, geen vergelijking"
    ABSENT = "–", "geen uitkomst"
    UNMEASURED = "", "niet gemeten"

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word

    @property
    def label(self) -> str:
        """'▲ aantoonbaar gestegen'."""
        return f"{self.sign} {self.word}".strip()


_NO_BREAK = "\N{NO-BREAK SPACE}"
_COMPARED = frozenset({Sign.ROSE, Sign.FELL, Sign.MIXED, Sign.UNSHOWN, Sign.EQUIVALENT})


@dataclass(frozen=True)
class MeasureResult:
    """What one measure shows. `row` is None where none of the waves asked it."""

    measure: MeasuredBy
    row: ReleasedRow | None
    sign: Sign

    @property
    def name(self) -> str:
        """The question, or the option of it that is meant."""
        if self.row is None:
            return self.measure.concept
        return str(self.row["label" if self.measure.part else "text"])

    @property
    def what(self) -> str:
        """Which figure: '(heel) urgent', 'gemiddeld cijfer'; of an option that it was chosen."""
        if self.row is None or self.measure.part:
            return ""
        return str(self.row["label"])

    @property
    def value(self) -> str:
        """'57% → 88%*', '43%' of one wave, or why there is nothing."""
        if self.row is None:
            return "niet gevraagd in deze metingen"
        if absence := tell_absence(self.row):
            return absence
        if "wave" in self.row.values:
            return f"{tell_amount(self.row, self.row['value'])}{_NO_BREAK}in {self.row['wave']}"
        return f"{tell_before(self.row)}{_NO_BREAK}→{_NO_BREAK}{tell_after(self.row)}"

    @property
    def counted(self) -> str:
        """The same with how many regions and why there is no more:
        '57% (24 van 42) → 88%* (37 van 42)'."""
        row = self.row
        if row is None:
            return self.value
        told = self.value if tell_absence(row) else _count(row)
        return f"{told}. {row['reason']}" if row["reason"] else told


@dataclass(frozen=True)
class BoxResult:
    """A box of a column, and what is shown of it."""

    column: Column
    box: Box
    measures: tuple[MeasureResult, ...]
    sign: Sign

    def sentence(self, found: MeasureResult) -> str:
        """'(heel) urgent: 57% → 88%*'; with its name where the box has two of a kind."""
        alike = [other for other in self.measures if other.what == found.what]
        name = found.name if len(alike) > 1 or not found.what else ""
        about = ", ".join(filter(None, (name, found.what)))
        return f"{about}: {found.value}"


def _count(row: ReleasedRow) -> str:
    if "wave" in row.values:
        share = tell_share(tell_amount(row, row["value"]), row["count"], row["n"])
        return f"{share} in {row['wave']}"
    sizes = ("n_before", "n_after") if row["design"] == INDEPENDENT else ("n_pairs", "n_pairs")
    before = tell_share(tell_before(row), row["count_before"], row[sizes[0]])
    after = tell_share(tell_after(row), row["count_after"], row[sizes[1]])
    if row["count_before"] is not None:
        return f"{before} → {after}"
    regions = " en ".join(dict.fromkeys(tell_regions(row[size]) for size in sizes))
    return f"{before} → {after} ({regions})"


def read_boxes(model: LogicModel, table: ReleasedTable) -> list[BoxResult]:
    """Every box of the model, in its order."""
    return [_read_box(column, box, table.rows) for column in model.parts for box in column.boxes]


def find_row(measure: MeasuredBy, rows: Iterable[ReleasedRow]) -> ReleasedRow | None:
    """The first row of a measure, which without a part is the headline of its question."""
    found = (row for row in rows if is_of(measure, row["section"], row["concept"], row["part"]))
    return next(found, None)


def is_of(measure: MeasuredBy, section: str, concept: str, part: str) -> bool:
    asked = (measure.section, measure.concept)
    return asked == (section, concept) and measure.part in (None, part)


def _read_box(column: Column, box: Box, rows: Sequence[ReleasedRow]) -> BoxResult:
    measures = []
    for measure in box.measured_by:
        row = find_row(measure, rows)
        measures.append(MeasureResult(measure, row, judge(row)))
    return BoxResult(column, box, tuple(measures), combine([found.sign for found in measures]))


def judge(row: ReleasedRow | None) -> Sign:
    """What one released row shows; None where nothing was asked."""
    if row is None or tell_absence(row):
        return Sign.ABSENT
    if "wave" in row.values:
        return Sign.LEVEL
    outcome, change = row["outcome"], row["change"] or 0
    if outcome == CHANGED:
        # as a whole a scale can change without a higher or a lower mean
        return Sign.ROSE if change > 0 else Sign.FELL if change < 0 else Sign.MIXED
    # what cannot be tested is no more than two levels
    return {NOT_SHOWN: Sign.UNSHOWN, EQUIVALENT: Sign.EQUIVALENT}.get(outcome, Sign.LEVEL)


def combine(signs: Sequence[Sign]) -> Sign:
    """The sign of a box: what was compared goes before what only has a level, and that before
    nothing; where comparisons differ it is mixed."""
    if not signs:
        return Sign.UNMEASURED
    compared = {sign for sign in signs if sign in _COMPARED}
    if compared:
        return compared.pop() if len(compared) == 1 else Sign.MIXED
    return Sign.LEVEL if Sign.LEVEL in signs else Sign.ABSENT


def tell_boxes(model: LogicModel, boxes: Sequence[BoxResult]) -> str:
    """'Van aanleiding tot resultaat: 19 van de 50 onderdelen worden gemeten, bij 4 daarvan is een
    verandering aangetoond'."""
    measured = [found for found in boxes if found.sign is not Sign.UNMEASURED]
    changed = sum(
        any(measure.sign in (Sign.ROSE, Sign.FELL) for measure in found.measures)
        for found in measured
    )
    verb = "wordt" if len(measured) == 1 else "worden"
    return (
        f"{model.title}: {len(measured)} van de {len(boxes)} onderdelen {verb} gemeten, bij "
        f"{changed or 'geen'} daarvan is een verandering aangetoond"
    )

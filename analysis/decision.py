"""From p values to an outcome: adjusted for the number of tests, and one of five words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from analysis.settings import Adjustment
from analysis.significance import benjamini_hochberg, holm

ALPHA = 0.05

CHANGED = "veranderd"
NOT_SHOWN = "niet aangetoond"
EQUIVALENT = "gelijkwaardig"
NOT_TESTABLE = "niet te toetsen"
NOT_COMPARABLE = "niet vergelijkbaar"


def adjust(
    p_values: Sequence[float | None], families: Sequence[Hashable], method: Adjustment
) -> list[float | None]:
    """Adjust within each family; 'none' keeps the p values, as R's p.adjust does.

    None (not tested) stays None and does not count as a hypothesis.
    """
    if method == "none":
        return list(p_values)
    members: dict[Hashable, list[int]] = defaultdict(list)
    for position, family in enumerate(families):
        members[family].append(position)
    adjusted = list(p_values)
    adjustment = holm if method == "holm" else benjamini_hochberg
    for positions in members.values():
        values = adjustment([p_values[position] for position in positions])
        for position, value in zip(positions, values, strict=True):
            adjusted[position] = value
    return adjusted


def decide(p: float | None, p_equivalence: float | None = None) -> str:
    """The outcome of a comparison that was allowed. A change that is shown goes first.

    `p_equivalence` is that of the two one-sided tests, None where no margin was given.
    """
    if p is None:
        return NOT_TESTABLE
    if p < ALPHA:
        return CHANGED
    return EQUIVALENT if p_equivalence is not None and p_equivalence < ALPHA else NOT_SHOWN

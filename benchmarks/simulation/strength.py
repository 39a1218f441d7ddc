"""How often a change is found, and how many regions that takes."""

from __future__ import annotations

from analysis.power import (
    mcnemar_power,
    needed_answers_mean,
    needed_answers_proportion,
    needed_pairs_mean,
    needed_pairs_proportion,
    paired_t_power,
)
from benchmarks.simulation.chances import SIZES

CHANGES = (0.05, 0.10, 0.15, 0.20, 0.25)
DISCORDANCES = (0.2, 0.3, 0.4)
GRADE_CHANGES = (0.25, 0.5, 0.75)
DEVIATION = 1.2  # of the differences within regions, and of the answers within a wave
SHARE_BEFORE = 0.4


def proportion_power() -> list[tuple[int, float, list[float | None]]]:
    """Per size and discordance the power at each change; None where there is no such change."""
    return [
        (n, discordance, [_power(n, discordance, change) for change in CHANGES])
        for n in SIZES
        for discordance in DISCORDANCES
    ]


def _power(n: int, discordance: float, change: float) -> float | None:
    return mcnemar_power(n, discordance, change) if change <= discordance else None


def grade_power() -> list[tuple[int, list[float]]]:
    return [(n, [paired_t_power(n, change, DEVIATION) for change in GRADE_CHANGES]) for n in SIZES]


def needed_for_proportions() -> list[tuple[float, list[int | None], int]]:
    """Per change the pairs at each discordance, and the answers per wave of other regions."""
    return [
        (
            change,
            [
                needed_pairs_proportion(change, discordance) if change <= discordance else None
                for discordance in DISCORDANCES
            ],
            needed_answers_proportion(SHARE_BEFORE, change),
        )
        for change in CHANGES
    ]


def needed_for_grades() -> list[tuple[float, int, int]]:
    """Per change the pairs, and the answers per wave of other regions."""
    return [
        (change, needed_pairs_mean(change, DEVIATION), needed_answers_mean(change, DEVIATION))
        for change in GRADE_CHANGES
    ]

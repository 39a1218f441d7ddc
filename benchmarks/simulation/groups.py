"""How often three groups of regions are said to differ where they do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.moments import moments, welch_error
from analysis.significance import SeveralWavesResult, kruskal_wallis, welch_anova
from analysis.significance.heterogeneity import Heterogeneity, heterogeneity
from benchmarks.simulation.chances import (
    FEWER,
    GRADES,
    SCALE,
    SIZES,
    Chance,
    Row,
    count_hits,
    count_rows,
    difference_chances,
    draw,
    is_star,
    pair_shares,
    panel,
    table_chances,
)

GROUPS = 3
GROUP_SIZES = tuple(n // GROUPS for n in SIZES)
Shares = Sequence[float] | NDArray[np.float64]


def group_rows() -> list[Row]:
    return [*_share_rows(), *_score_rows(), *_independent_rows()]


@cache
def _share_star(n: int) -> NDArray[np.bool_]:
    """Which numbers of yes in the groups have a star, whatever the order of the groups."""
    star = np.zeros((n + 1,) * GROUPS, dtype=bool)
    for yes in product(range(n + 1), repeat=GROUPS):
        order = tuple(sorted(yes))
        if yes == order:
            star[yes] = is_star(kruskal_wallis([[n - count, count] for count in yes]))
        star[yes] = star[order]
    return star


def share_size(n: int, share: float) -> float:
    """The chance of a star when groups of n regions each have the same share."""
    group = table_chances(n, (share, 1 - share))  # in order of the number of yes
    return float(np.einsum("i,j,k,ijk->", group, group, group, _share_star(n), optimize=True))


def _share_rows() -> list[Row]:
    name = "Kruskal-Wallis, aandeel"
    rows = [
        (name, f"alle groepen {step}% ja", [share_size(n, step / 100) for n in GROUP_SIZES])
        for step in (50, 70, 90)
    ]
    most = [max(share_size(n, step / 100) for step in range(1, 51)) for n in GROUP_SIZES]
    rows.append((name, "hoogste waarde bij willekeurig welk aandeel", most))
    return [(name, truth, [Chance(size) for size in sizes]) for name, truth, sizes in rows]


def _score_rows() -> list[Row]:
    """Levels, and changes within pairs."""
    _, up, down, _ = pair_shares(0.6, 0.3, 0.0)
    changes = down, 1 - up - down, up
    scale, grades = "alle groepen vooral hoge antwoorden", "alle groepen vooral 6 tot en met 8"
    rows = (
        ("Kruskal-Wallis, vijf antwoorden", scale, kruskal_wallis, SCALE),
        ("F van Welch, cijfer", grades, welch_anova, GRADES),
        ("Kruskal-Wallis, verandering van aandeel", "30% wisselt", kruskal_wallis, changes),
        (
            "F van Welch, verandering van cijfer",
            "50% wisselt",
            welch_anova,
            difference_chances(panel(GRADES, 0.5)),
        ),
    )
    return [(name, truth, _drawn(test, shares)) for name, truth, test, shares in rows]


def _draw_groups(shares: Shares, n: int, stream: int) -> NDArray[np.int64]:
    """Per drawn table a row of answers per group."""
    groups = [draw(shares, n, stream + number, FEWER) for number in range(GROUPS)]
    return np.stack(groups, axis=1)


def _drawn(test: Callable[[ArrayLike], SeveralWavesResult], shares: Shares) -> list[Chance]:
    tables = (_draw_groups(shares, n, 41) for n in GROUP_SIZES)
    return [count_rows(rows, lambda row: is_star(test(row))) for rows in tables]


def _independent_rows() -> list[Row]:
    """Changes between waves that have no region in common."""
    rows: list[Row] = []
    for name, words, shares in (
        ("aandeel", "60% ja in elke groep en meting", (0.4, 0.6)),
        ("aandeel", "90% ja in elke groep en meting", (0.1, 0.9)),
        ("cijfer", "vooral 6 tot en met 8", GRADES),
    ):
        chances = []
        for n in GROUP_SIZES:
            waves = _draw_groups(shares, n, 41), _draw_groups(shares, n, 45)
            found = (_compare_changes(*groups) for groups in zip(*waves, strict=True))
            chances.append(count_hits(map(is_star, found)))
        rows.append((f"heterogeniteit, {name}, andere regio's", words, chances))
    return rows


def _compare_changes(before: NDArray[np.int64], after: NDArray[np.int64]) -> Heterogeneity:
    waves = [(moments(first), moments(last)) for first, last in zip(before, after, strict=True)]
    errors = [welch_error(first, last) for first, last in waves]
    return heterogeneity(
        [last.mean - first.mean for first, last in waves],
        [error**2 for error, _ in errors],
        [df for _, df in errors],
    )

"""How often a test of two waves finds a change where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analysis.significance import (
    TestResult,
    brunner_munzel,
    fisher_exact,
    holm,
    mann_whitney,
    mcnemar_exact,
    mcnemar_midp,
    paired_t,
    welch_t,
    wilcoxon_pratt,
)
from benchmarks.simulation.chances import (
    ALPHA,
    FEWER,
    GRADES,
    REPEATS,
    SCALE,
    SEED,
    SIZES,
    Chance,
    Row,
    count_hits,
    count_rows,
    difference_chances,
    draw,
    every_table,
    is_star,
    pair_shares,
    panel,
    table_chances,
    table_of_differences,
)

ITEMS = 8
EVEN = (1,) * 5
CENTRED = (1, 4, 10, 4, 1)  # with less spread around the same middle
midp = cache(mcnemar_midp)


def size_rows() -> list[Row]:
    return [*_mcnemar_rows(), *_fisher_rows(), *_scale_rows(), *_grade_rows()]


# McNemar and Fisher: every table


@cache
def mcnemar_p(n: int, test: Callable[[int, int], float] = midp) -> NDArray[np.float64]:
    return np.array([test(int(up), int(down)) for up, down, _ in every_table(n, 3)])


def mcnemar_size(
    n: int, discordance: float, alpha: float = ALPHA, test: Callable[[int, int], float] = midp
) -> float:
    """The chance of a star when as many regions rise as fall."""
    shares = (discordance / 2, discordance / 2, 1 - discordance)
    return float(table_chances(n, shares) @ (mcnemar_p(n, test) < alpha))


def largest_mcnemar_size(
    n: int, discordance: float, test: Callable[[int, int], float] = midp
) -> float:
    """The largest over the shares of changed regions up to `discordance`, in steps of 1%."""
    steps = range(1, round(100 * discordance) + 1)
    return max(mcnemar_size(n, step / 100, test=test) for step in steps)


def _mcnemar_rows() -> list[Row]:
    rows = [
        (f"{step}% van de regio's wisselt", [mcnemar_size(n, step / 100) for n in SIZES])
        for step in (10, 20, 30, 40, 50)
    ]
    rows += [
        (f"hoogste waarde als {words} wisselt", [largest_mcnemar_size(n, most) for n in SIZES])
        for words, most in (("hooguit 50%", 0.5), ("willekeurig welk deel", 1.0))
    ]
    named = [("McNemar mid-p", truth, [Chance(size) for size in sizes]) for truth, sizes in rows]
    exact = [Chance(largest_mcnemar_size(n, 1.0, mcnemar_exact)) for n in SIZES]
    return [*named, ("McNemar exact", rows[-1][0], exact)]


@cache
def fisher_star(n: int) -> NDArray[np.bool_]:
    """Which tables (yes before, yes after) have a star; one in four is computed."""
    star = np.zeros((n + 1, n + 1), dtype=bool)
    for before in range(n + 1):
        for after in range(before, n + 1 - before):
            if fisher_exact(before, n, after, n) < ALPHA:
                star[before, after] = star[after, before] = True
                star[n - before, n - after] = star[n - after, n - before] = True
    return star


def fisher_size(n: int, share: float) -> float:
    """The chance of a star when both waves, of n other regions each, have the same share."""
    wave = table_chances(n, (share, 1 - share))  # in order of the number of yes
    return float(wave @ fisher_star(n) @ wave)


def fisher_on_pairs(n: int, before: float, discordance: float, change: float) -> float:
    """The chance of a star when Fisher's test takes n pairs for twice n regions."""
    both, up, down, _ = every_table(n, 4).T
    star = fisher_star(n)[both + down, both + up]
    return float(table_chances(n, pair_shares(before, discordance, change)) @ star)


def _fisher_rows() -> list[Row]:
    rows = [
        (f"beide jaren {step}% ja", [fisher_size(n, step / 100) for n in SIZES])
        for step in (10, 30, 50)
    ]
    rows.append(
        (
            "hoogste waarde bij willekeurig welk aandeel",
            [max(fisher_size(n, step / 100) for step in range(1, 51)) for n in SIZES],
        )
    )
    return [("Fisher", truth, [Chance(size) for size in sizes]) for truth, sizes in rows]


def wrong_rows() -> list[tuple[str, list[float], list[float]]]:
    """Fisher on pairs beside McNemar's mid-p: the chance of a star without and with a change."""
    rows = []
    for words, before, discordance, change in (
        ("70% ja in beide jaren, 20% wisselt", 0.7, 0.2, 0.0),
        ("70% ja in beide jaren, 30% wisselt", 0.7, 0.3, 0.0),
        ("van 70% naar 80% ja, 20% wisselt", 0.7, 0.2, 0.1),
        ("van 70% naar 90% ja, 30% wisselt", 0.7, 0.3, 0.2),
    ):
        _, up, down, _ = pair_shares(before, discordance, change)
        right = [
            float(table_chances(n, (up, down, 1 - up - down)) @ (mcnemar_p(n) < ALPHA))
            for n in SIZES
        ]
        wrong = [fisher_on_pairs(n, before, discordance, change) for n in SIZES]
        rows.append((words, right, wrong))
    return rows


# Scales and grades: drawn tables


def _paired(test: Callable[..., TestResult], table: NDArray[np.float64], n: int) -> Chance:
    rows = draw(difference_chances(table), n, stream=1)
    return count_rows(rows, lambda row: is_star(test(table_of_differences(row))))


def _independent(
    test: Callable[..., TestResult],
    shares: Sequence[Sequence[int]],
    n: int,
    repeats: int = REPEATS,
) -> Chance:
    before, after = (draw(wave, n, stream, repeats) for stream, wave in enumerate(shares, start=1))
    return count_hits(is_star(test(*waves)) for waves in zip(before, after, strict=True))


def _scale_rows() -> list[Row]:
    rows: list[Row] = [
        (
            "Wilcoxon-Pratt, vijf antwoorden",
            f"{moved}% van de regio's wisselt",
            [_paired(wilcoxon_pratt, panel(SCALE, moved / 100), n) for n in SIZES],
        )
        for moved in (20, 50, 80)
    ]
    for words, shares in (("vooral hoge antwoorden", SCALE), ("alle even vaak", EVEN)):
        chances = [_independent(mann_whitney, (shares, shares), n) for n in SIZES]
        rows.append(("Mann-Whitney, vijf antwoorden", words, chances))
    for words, waves in (
        ("vooral hoge antwoorden", (SCALE, SCALE)),
        ("even vaak, daarna dichter bij het midden", (EVEN, CENTRED)),
    ):
        chances = [_independent(brunner_munzel, waves, n, FEWER) for n in SIZES]
        rows.append(("Brunner-Munzel, vijf antwoorden", words, chances))
    return rows


def _grade_rows() -> list[Row]:
    rows: list[Row] = [
        (
            "gepaarde t, cijfers 1 tot en met 10",
            f"{moved}% van de regio's wisselt",
            [_paired(paired_t, panel(GRADES, moved / 100), n) for n in SIZES],
        )
        for moved in (20, 50, 80)
    ]
    for words, shares in (("vooral 6 tot en met 8", GRADES), ("alle even vaak", (1,) * 10)):
        chances = [_independent(welch_t, (shares, shares), n) for n in SIZES]
        rows.append(("Welch, cijfers 1 tot en met 10", words, chances))
    return rows


# Several items in one table


def family_rows(discordance: float = 0.3) -> list[Row]:
    """The chance of at least one star among eight items without any change."""
    apart: dict[str, list[Chance]] = {"zonder": [], "Holm": []}
    for n in SIZES:
        for name, alpha in (("zonder", ALPHA), ("Holm", ALPHA / ITEMS)):
            none = (1 - mcnemar_size(n, discordance, alpha)) ** ITEMS
            apart[name].append(Chance(1 - none))
    together = [_draw_families(n, discordance) for n in SIZES]
    return [
        ("zonder", "de vragen hangen niet samen", apart["zonder"]),
        ("Holm", "de vragen hangen niet samen", apart["Holm"]),
        ("zonder", "de vragen hangen samen", [raw for raw, _ in together]),
        ("Holm", "de vragen hangen samen", [adjusted for _, adjusted in together]),
    ]


def _draw_families(n: int, discordance: float) -> tuple[Chance, Chance]:
    """Without and with Holm, when half of the answers follow a change common to all items."""
    chance = np.random.default_rng([SEED, n])
    shares = [discordance / 2, 1 - discordance, discordance / 2]
    common = chance.choice([-1, 0, 1], size=(REPEATS, n), p=shares)
    families = []
    for _ in range(ITEMS):
        own = chance.choice([-1, 0, 1], size=(REPEATS, n), p=shares)
        change = np.where(chance.random((REPEATS, n)) < 0.5, common, own)
        ups, downs = (change > 0).sum(axis=1), (change < 0).sum(axis=1)
        families.append([midp(int(up), int(down)) for up, down in zip(ups, downs, strict=True)])
    raw = list(zip(*families, strict=True))
    adjusted = [min(p for p in holm(family) if p is not None) for family in raw]
    return (
        count_hits(min(family) < ALPHA for family in raw),
        count_hits(p < ALPHA for p in adjusted),
    )

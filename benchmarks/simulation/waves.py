"""How often a test of three waves finds a difference where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.significance import (
    SeveralWavesResult,
    cochran_armitage,
    cochran_q,
    friedman,
    gee,
    kruskal_wallis,
    welch_anova,
)
from analysis.significance.repeated_means import repeated_means
from analysis.significance.trend import Family
from benchmarks.simulation.chances import (
    FEWER,
    FEWEST,
    GRADES,
    SCALE,
    SIZES,
    Chance,
    Row,
    count_hits,
    draw,
    is_star,
    pair_shares,
    panel,
    table_chances,
    transitions,
)

WAVES = 3
MISSING = 0.2
SPREADS = (  # of the grades 1 to 10, around one mean
    (0, 0, 0, 1, 3, 3, 1, 0, 0, 0),
    (0, 0, 1, 2, 3, 3, 2, 1, 0, 0),
    (1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
)
Patterns = NDArray[np.float64]
Shares = NDArray[np.float64]


def wave_rows() -> tuple[list[Row], list[Row]]:
    """Waves of the same regions, and waves of other regions."""
    return [*_panel_rows(), *_model_rows()], [*_armitage_rows(), *_independent_rows()]


# The same regions


def _follow(table: Shares) -> tuple[Patterns, Shares]:
    """Every pattern of codes over the waves, each step as in `table`, and its chance."""
    marginal = table.sum(axis=1)
    step = table / marginal[:, np.newaxis]
    chances = np.einsum("i,ij,jk->ijk", marginal, step, step)
    return np.indices(chances.shape).reshape(WAVES, -1).T.astype(float), chances.ravel()


def _rank(patterns: Patterns, chances: Shares) -> tuple[Patterns, Shares]:
    """The order of the waves in a pattern: Friedman's test looks no further."""
    orders, which = np.unique(stats.rankdata(patterns, axis=1), axis=0, return_inverse=True)
    return orders, np.bincount(which.ravel(), chances).astype(float)


def _leave_out(patterns: Patterns, chances: Shares) -> tuple[Patterns, Shares]:
    """The same when each answer is missing with the same chance."""
    seen = np.array(list(product((True, False), repeat=WAVES)))
    weights = (1 - MISSING) ** seen.sum(axis=1) * MISSING ** (~seen).sum(axis=1)
    left = np.where(seen[:, np.newaxis], patterns, np.nan).reshape(-1, WAVES)
    return left, np.outer(weights, chances).ravel()


def _tables(
    population: tuple[Patterns, Shares], n: int, repeats: int
) -> Iterator[tuple[Patterns, NDArray[np.int64]]]:
    """Drawn panels: the patterns that occur, and their counts."""
    patterns, chances = population
    for row in draw(chances, n, 11, repeats):
        yield patterns[row > 0], row[row > 0]


def _panel_chances(
    test: Callable[[ArrayLike, ArrayLike], SeveralWavesResult],
    population: tuple[Patterns, Shares],
    repeats: int = FEWER,
) -> list[Chance]:
    return [
        count_hits(is_star(test(*table)) for table in _tables(population, n, repeats))
        for n in SIZES
    ]


def _yes_no(yes: float, moved: float) -> tuple[Patterns, Shares]:
    return _follow(transitions(pair_shares(yes, moved, 0.0)))


def _panel_rows() -> list[Row]:
    rows: list[Row] = []
    for yes, moved in ((60, 30), (60, 10), (90, 10)):
        chances = _panel_chances(cochran_q, _yes_no(yes / 100, moved / 100))
        rows.append(("Q van Cochran", f"{yes}% ja, {moved}% wisselt per meting", chances))
    for moved in (20, 50):
        chances = _panel_chances(friedman, _rank(*_follow(panel(SCALE, moved / 100))))
        rows.append(("Friedman, vijf antwoorden", f"{moved}% wisselt per meting", chances))
    for moved in (20, 50):
        chances = _panel_chances(repeated_means, _follow(panel(GRADES, moved / 100)), FEWEST)
        rows.append(
            ("F van Hotelling, cijfers 1 tot en met 10", f"{moved}% wisselt per meting", chances)
        )
    return rows


def _model_rows() -> list[Row]:
    missing = f"{100 * MISSING:.0f}% van de antwoorden ontbreekt"
    families: tuple[tuple[str, Family, str, tuple[Patterns, Shares]], ...] = (
        ("aandelen", "binomial", "90% ja, 10% wisselt per meting", _yes_no(0.9, 0.1)),
        (
            "aandelen",
            "binomial",
            f"60% ja, 30% wisselt per meting, {missing}",
            _leave_out(*_yes_no(0.6, 0.3)),
        ),
        (
            "cijfers",
            "gaussian",
            f"50% wisselt per meting, {missing}",
            _leave_out(*_follow(panel(GRADES, 0.5))),
        ),
    )
    rows: list[Row] = []
    for measure, family, words, population in families:
        models = [[gee(*table, family) for table in _tables(population, n, FEWEST)] for n in SIZES]
        trends = [count_hits(is_star(model.trend) for model in drawn) for drawn in models]
        waves = [count_hits(is_star(model.waves) for model in drawn) for drawn in models]
        rows.append((f"GEE, trend van {measure}", words, trends))
        rows.append((f"GEE, verschil van {measure}", words, waves))
    return rows


# Other regions in every wave


@cache
def _armitage_star(n: int) -> NDArray[np.bool_]:
    """Which tables (yes per wave) have a star."""
    star = np.zeros((n + 1,) * WAVES, dtype=bool)
    found: dict[tuple[int, int], bool] = {}
    for first, middle, last in product(range(n + 1), repeat=WAVES):
        # In waves of one size no more matters than the rise and the total, either way around.
        total = first + middle + last
        key = abs(last - first), min(total, WAVES * n - total)
        if key not in found:
            found[key] = is_star(cochran_armitage([first, middle, last], [n] * WAVES))
        star[first, middle, last] = found[key]
    return star


def armitage_size(n: int, share: float) -> float:
    """The chance of a star when all waves, of n other regions each, have the same share."""
    wave = table_chances(n, (share, 1 - share))  # in order of the number of yes
    return float(np.einsum("i,j,k,ijk->", wave, wave, wave, _armitage_star(n), optimize=True))


def _armitage_rows() -> list[Row]:
    rows = [
        (f"alle jaren {step}% ja", [armitage_size(n, step / 100) for n in SIZES])
        for step in (10, 30, 50)
    ]
    rows.append(
        (
            "hoogste waarde bij willekeurig welk aandeel",
            [max(armitage_size(n, step / 100) for step in range(1, 51)) for n in SIZES],
        )
    )
    return [("Cochran-Armitage", truth, [Chance(size) for size in sizes]) for truth, sizes in rows]


def _independent_rows() -> list[Row]:
    scale, grades = "Kruskal-Wallis, vijf antwoorden", "F van Welch, cijfers 1 tot en met 10"
    return [
        (scale, "vooral hoge antwoorden", _drawn(kruskal_wallis, (SCALE,) * WAVES)),
        (scale, "alle even vaak", _drawn(kruskal_wallis, ((1,) * len(SCALE),) * WAVES)),
        (grades, "vooral 6 tot en met 8", _drawn(welch_anova, (GRADES,) * WAVES)),
        (grades, "elk jaar meer spreiding", _drawn(welch_anova, SPREADS)),
    ]


def _drawn(
    test: Callable[[ArrayLike], SeveralWavesResult], shares: Sequence[Sequence[int]]
) -> list[Chance]:
    chances = []
    for n in SIZES:
        waves = (draw(wave, n, stream, FEWER) for stream, wave in enumerate(shares, start=12))
        chances.append(count_hits(is_star(test(rows)) for rows in np.stack(list(waves), axis=1)))
    return chances

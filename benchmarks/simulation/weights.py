"""The weighted tests and intervals, with three cells of regions that do not respond equally."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Interval
from analysis.weighted_means import (
    WeightedChange,
    WeightedMean,
    weighted_change,
    weighted_difference,
    weighted_mean,
)
from analysis.weighting import post_stratify
from benchmarks.simulation.chances import (
    FEWER,
    GRADES,
    SEED,
    SIZES,
    Chance,
    Row,
    count_hits,
    difference_chances,
    draw,
    holds,
    is_star,
    pair_shares,
    panel,
)

REGISTER = (31, 31, 16)  # how the regions divide over the cells
RESPONSE = (0.55, 0.3, 0.15)  # and how those that answer do
CHANGES = (-1.0, 0.0, 1.0)
GRADE_CHANGES = np.arange(-9.0, 10.0)
Cells = Sequence[Sequence[float] | NDArray[np.float64]]  # the shares in each

# What the cells do, and what that comes to in the whole register.
STILL = (0.0, 0.0, 0.0)
OPPOSITE = (0.12, -0.08, -0.0775)
UPWARDS = (0.2, 0.05, 0.0)
LEVELS = (0.8, 0.6, 0.4)
HIGH_LEVELS = (0.97, 0.9, 0.85)


def _in_register(cells: Sequence[float]) -> float:
    return float(np.array(REGISTER) @ cells) / sum(REGISTER)


def respondents(n: int) -> NDArray[np.int64]:
    """Per cell, the same in every drawn table: whole regions, n together."""
    edges = np.round(n * np.cumsum([0.0, *RESPONSE]))
    return np.diff(edges).astype(np.int64)


def _means(
    tables: NDArray[np.int64], scores: Sequence[float] | NDArray[np.float64], population: int | None
) -> list[WeightedMean]:
    """Per drawn table (cells, codes)."""
    weights, margins = post_stratify(tables[0].sum(axis=1), REGISTER), [np.arange(len(REGISTER))]
    return [
        weighted_mean(table, scores, weights, margins, population=population) for table in tables
    ]


def _draw_means(
    cells: Cells, scores: Sequence[float] | NDArray[np.float64], n: int, stream: int = 51
) -> list[WeightedMean]:
    drawn = [
        draw(shares, int(size), stream + number, FEWER)
        for number, (shares, size) in enumerate(zip(cells, respondents(n), strict=True))
    ]
    return _means(np.stack(drawn, axis=1), scores, None)


# Changes


def _share_cells(changes: Sequence[float]) -> Cells:
    """The shares of falls, no change and rises in each cell; 30% of the regions change."""
    pairs = [pair_shares(0.6, 0.3, change) for change in changes]
    return [(down, 1 - up - down, up) for _, up, down, _ in pairs]


def _grade_cells(changes: Sequence[float]) -> Cells:
    return [difference_chances(panel(GRADES, 0.5, change)) for change in changes]


def _draw_changes(
    cells: Cells, scores: Sequence[float] | NDArray[np.float64]
) -> list[list[WeightedChange]]:
    return [[weighted_change(mean) for mean in _draw_means(cells, scores, n)] for n in SIZES]


def _draw_differences() -> list[list[WeightedChange]]:
    """Between waves without a common region."""
    cells = [(1 - share, share) for share in LEVELS]
    waves = ([_draw_means(cells, (0.0, 1.0), n, stream) for n in SIZES] for stream in (51, 55))
    return [
        [weighted_difference(*means) for means in zip(*drawn, strict=True)]
        for drawn in zip(*waves, strict=True)
    ]


def weighted_rows() -> tuple[list[Row], list[Row]]:
    """The chance of a star without a change, and of an interval that holds the truth."""
    share, grade = "gewogen t over paren, aandeel", "gewogen t over paren, cijfer"
    apart = "cellen gaan uiteen, samen niets"
    assert abs(_in_register(OPPOSITE)) < 1e-9
    still = (
        (share, "30% wisselt in elke cel", _draw_changes(_share_cells(STILL), CHANGES)),
        (share, apart, _draw_changes(_share_cells(OPPOSITE), CHANGES)),
        (grade, apart, _draw_changes(_grade_cells(OPPOSITE), GRADE_CHANGES)),
        ("gewogen t, aandeel, andere regio's", "cellen verschillen", _draw_differences()),
    )
    sizes = [(name, words, _stars(found)) for name, words, found in still]
    return sizes, [*_level_rows(), *_change_rows()]


def _stars(found: list[list[WeightedChange]]) -> list[Chance]:
    return [count_hits(map(is_star, drawn)) for drawn in found]


def _held(found: Sequence[Sequence[WeightedMean | WeightedChange]], truth: float) -> list[Chance]:
    return [count_hits(_holds(result.interval, truth) for result in drawn) for drawn in found]


def _holds(interval: Interval | None, truth: float) -> bool:
    """Where no interval is given, nothing is said that is not true."""
    return interval is None or holds(interval, truth)


def _change_rows() -> list[Row]:
    truth = _in_register(UPWARDS)
    rows: list[Row] = []
    for name, cells, scores, unit in (
        ("aandeel", _share_cells(UPWARDS), CHANGES, f"{100 * truth:.0f} punten"),
        ("cijfer", _grade_cells(UPWARDS), GRADE_CHANGES, f"{truth:.1f} punt".replace(".", ",")),
    ):
        chances = _held(_draw_changes(cells, scores), truth)
        rows.append((f"gewogen t, verandering van {name}", f"{unit} omhoog", chances))
    return rows


# Levels


def _level_rows() -> list[Row]:
    rows: list[Row] = []
    for levels in (LEVELS, HIGH_LEVELS):
        cells, truth = [(1 - share, share) for share in levels], _in_register(levels)
        means = [_draw_means(cells, (0.0, 1.0), n) for n in SIZES]
        rows.append(("gewogen t, aandeel", f"{100 * truth:.0f}% ja", _held(means, truth)))
    rows.append(_population_row())
    return rows


def _population_row() -> Row:
    """Samples from the cells of the register itself; all of its regions leave nothing to cover."""
    yes = np.round(np.array(LEVELS) * REGISTER).astype(np.int64)
    truth = float(yes.sum()) / sum(REGISTER)
    means = []
    for n in SIZES:
        if n == sum(REGISTER):
            continue
        chance = np.random.default_rng([SEED, n, 59])
        found = chance.hypergeometric(yes, REGISTER - yes, respondents(n), size=(FEWER, 3))
        tables = np.stack([respondents(n) - found, found], axis=2)
        means.append(_means(tables, (0.0, 1.0), sum(REGISTER)))
    words = f"{yes.sum()} van {sum(REGISTER)} regio's"
    return "gewogen t, aandeel, eindige populatie", words, _held(means, truth)

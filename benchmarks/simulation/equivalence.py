"""How often two waves are called equivalent where the change is just as large as the margin."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from analysis.significance import (
    tost_paired_proportions,
    tost_paired_t,
    tost_proportions,
    tost_welch,
)
from benchmarks.simulation.chances import (
    FEWER,
    GRADES,
    SIZES,
    Chance,
    Row,
    count_hits,
    count_rows,
    difference_chances,
    draw,
    every_table,
    is_star,
    panel,
    table_chances,
    table_of_differences,
)

MARGINS = (10, 20)  # points
GRADE_MARGIN = 0.5


def equivalence_rows() -> list[Row]:
    return [*_tango_rows(), *_newcombe_rows(), *_mean_rows()]


@cache
def _tango_equivalent(n: int, margin: float) -> NDArray[np.bool_]:
    return np.array(
        [
            is_star(tost_paired_proportions(0, up, down, rest, margin))
            for up, down, rest in every_table(n, 3).tolist()
        ]
    )


def tango_size(n: int, margin: float, discordance: float) -> float:
    """The chance of 'equivalent' when the pairs change as much as the margin."""
    up, down = (discordance + margin) / 2, max(0.0, discordance - margin) / 2
    return float(table_chances(n, (up, down, 1 - up - down)) @ _tango_equivalent(n, margin))


def _tango_rows() -> list[Row]:
    rows: list[Row] = []
    for margin in MARGINS:
        for moved in (20, 30, 40):
            sizes = [tango_size(n, margin / 100, moved / 100) for n in SIZES]
            rows.append(_exact("Tango", margin, f"{moved}% wisselt", sizes))
        most = [
            max(tango_size(n, margin / 100, step / 100) for step in range(margin, 101))
            for n in SIZES
        ]
        rows.append(_exact("Tango", margin, "hoogste waarde", most))
    return rows


def _exact(name: str, margin: int, words: str, sizes: list[float]) -> Row:
    truth = f"marge {margin} punten, {words}"
    return f"twee eenzijdige toetsen, {name}", truth, [Chance(size) for size in sizes]


@cache
def _newcombe_equivalent(n: int, margin: float) -> NDArray[np.bool_]:
    """By yes before and yes after; one in two is computed."""
    equivalent = np.zeros((n + 1, n + 1), dtype=bool)
    for before in range(n + 1):
        for after in range(before, n + 1):
            found = is_star(tost_proportions(before, n, after, n, margin))
            equivalent[before, after] = equivalent[after, before] = found
    return equivalent


def _newcombe_size(n: int, margin: float, share: float) -> float:
    before, after = (table_chances(n, (yes, 1 - yes)) for yes in (share, share + margin))
    return float(before @ _newcombe_equivalent(n, margin) @ after)


def _newcombe_rows() -> list[Row]:
    rows: list[Row] = []
    for margin in MARGINS:
        most = [
            max(_newcombe_size(n, margin / 100, step / 100) for step in range(101 - margin))
            for n in SIZES
        ]
        rows.append(_exact("Newcombe", margin, "hoogste waarde", most))
    return rows


def _mean_rows() -> list[Row]:
    rows: list[Row] = []
    for name, draw_chance, moved in (
        ("gepaarde t", _paired, ", 50% wisselt"),
        ("Welch", _independent, ""),
    ):
        words = f"marge {GRADE_MARGIN:g} cijferpunt{moved}".replace(".", ",")
        table = panel(GRADES, 0.5, GRADE_MARGIN)
        chances = [draw_chance(n, GRADE_MARGIN, table) for n in SIZES]
        rows.append((f"twee eenzijdige toetsen, {name}", words, chances))
    return rows


def _paired(n: int, margin: float, table: NDArray[np.float64]) -> Chance:
    rows = draw(difference_chances(table), n, 31, FEWER)
    return count_rows(rows, lambda row: is_star(tost_paired_t(table_of_differences(row), margin)))


def _independent(n: int, margin: float, table: NDArray[np.float64]) -> Chance:
    waves = draw(table.sum(axis=1), n, 31, FEWER), draw(table.sum(axis=0), n, 32, FEWER)
    return count_hits(is_star(tost_welch(*rows, margin)) for rows in zip(*waves, strict=True))

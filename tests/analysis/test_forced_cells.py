"""What the margins of a table and its numbers above and below the diagonal give away together."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.suppression import SMALLEST_GROUP, forces_small_cell, is_small

TABLES = st.lists(st.integers(0, 3), min_size=9, max_size=9).map(
    lambda cells: np.array(cells).reshape(3, 3)
)


def told_of(table: NDArray[np.int64]) -> tuple[list[int], list[int], int, int]:
    up, down = np.triu(table, 1).sum(), np.tril(table, -1).sum()
    return table.sum(axis=1).tolist(), table.sum(axis=0).tolist(), int(up), int(down)


def tables_like(table: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Every table of three answers of which the same is told."""
    before, after, up, down = told_of(table)
    found = []
    for corner in product(
        *(range(min(before[i], after[j]) + 1) for i in range(2) for j in range(2))
    ):
        cells = np.zeros((3, 3), dtype=int)
        cells[:2, :2] = np.array(corner).reshape(2, 2)
        cells[:2, 2] = np.array(before[:2]) - cells[:2, :2].sum(axis=1)
        cells[2] = np.array(after) - cells[:2].sum(axis=0)
        if cells.min() >= 0 and told_of(cells) == (before, after, up, down):
            found.append(cells)
    return found


@settings(max_examples=30)
@given(TABLES)
def test_a_cell_is_forced_where_every_table_has_the_same_small_number(
    table: NDArray[np.int64],
) -> None:
    possible = np.array(tables_like(table))
    fixed = (possible == possible[0]).all(axis=0)
    expected = any(is_small(int(n), SMALLEST_GROUP) for n in possible[0][fixed])
    assert forces_small_cell(*told_of(table)) == expected


def test_if_nobody_rose_and_each_fell_one_step_all_is_told() -> None:
    assert forces_small_cell([1, 1, 10, 12, 20], [2, 9, 5, 13, 15], 0, 15)


def test_movement_that_is_withheld_leaves_only_the_margins() -> None:
    before, after = [10, 12, 20], [12, 14, 16]
    assert not forces_small_cell(before, after, None, None)
    assert not forces_small_cell(before, after, 9, 15)


def test_numbers_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        forces_small_cell([5, 5], [5, 5], 3, 1)

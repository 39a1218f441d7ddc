"""Which numbers of regions are too small to be told: rules on plain counts.

A count of 1 up to `smallest` - 1 is small. Hiding only the small counts (primary suppression) is
not enough where their total is published: they can be read off by subtraction. So more is hidden
(complementary suppression) until what is hidden is together not small.

The rules hold against adding and subtracting the counts of one release. Not covered: groups of
different attributes that lie within each other (when all small regions are in one province),
counts that are published elsewhere, and a reader who reasons back from the rules themselves which
of the hidden counts is the small one.

Sources: Cox (1980), JASA 75: 377-385; Hundepool et al. (2012), Statistical Disclosure Control.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from analysis.moments import whole_counts
from surveys.smallest_group import SMALLEST_GROUP as SMALLEST_GROUP

# How many regions, per column: a wave, or a base of a comparison.
Counts = Mapping[Hashable, int]


def is_small(count: int, smallest: int = SMALLEST_GROUP) -> bool:
    """Whether a count tells of too few regions. 0 tells of none: it is not small."""
    return 0 < count < smallest


def has_small_part(parts: Sequence[Counts], total: Counts, smallest: int = SMALLEST_GROUP) -> bool:
    """Whether in any column one of the parts is small, or what they leave of the total."""
    return any(is_small(count, smallest) for part in parts for count in part.values()) or any(
        is_small(count - sum(part.get(column, 0) for part in parts), smallest)
        for column, count in total.items()
    )


def suppress_groups(
    groups: Sequence[Counts], total: Counts, smallest: int = SMALLEST_GROUP
) -> tuple[bool, ...]:
    """Which groups are hidden, in the given order; each in every column or in none.

    No region may be in two groups. A column that a group lacks holds none of it; a column that
    the total lacks is not published for all regions. Regions of the total that are in no group
    count as hidden.

    A group is hidden where it is small in any column. As long as the hidden part of the total is
    small in any column, the smallest group that adds to it (over all columns together, the first
    of equals) is hidden as well. A total that is small itself is taken to be withheld. ValueError
    on an invalid count and on groups that together exceed their total.
    """
    columns = list(dict.fromkeys(column for group in groups for column in group))
    table = _whole_table(groups, columns)
    sums = _whole_table([total], columns)[0]
    is_known = np.array([column in total for column in columns], dtype=bool)
    if np.any(is_known & (table.sum(axis=0) > sums)):
        raise ValueError("the groups hold more regions than their total: do they overlap?")
    is_known &= ~_are_small(sums, smallest)
    hidden: NDArray[np.bool_] = np.any(_are_small(table, smallest), axis=1)
    while True:
        rest = sums - table[~hidden].sum(axis=0)
        is_short = is_known & _are_small(rest, smallest)
        adding = np.flatnonzero(~hidden & table[:, is_short].any(axis=1))
        if adding.size == 0:
            return tuple(hidden.tolist())
        hidden[adding[np.argmin(table[adding].sum(axis=1))]] = True


def suppress_cells(counts: Sequence[int], smallest: int = SMALLEST_GROUP) -> tuple[bool, ...]:
    """Which cells of a short list are hidden, such as the regions that went up, stayed and fell.

    Their sum is published. Small cells are hidden, and as long as they together are small, so
    always where there is only one, the smallest other cell above 0 is hidden too. At least two
    cells are then hidden, of which only the sum can be told. A 0 stays: it adds nothing to what
    is hidden. Only where the sum itself is small all cells are hidden, the zeros too: they would
    tell which cell the few regions are in. ValueError on an invalid count.
    """
    cells = whole_counts(counts, 1).tolist()
    total = sum(cells)
    if total < smallest:
        return (total > 0,) * len(cells)
    return suppress_groups([{"": cell} for cell in cells], {"": total}, smallest)


def forces_small_cell(
    before: Sequence[int],
    after: Sequence[int],
    up: int | None,
    down: int | None,
    smallest: int = SMALLEST_GROUP,
) -> bool:
    """Whether what is told of a square table (answer before by answer after) leaves some cell but
    one number, and that a small one: then it can be read off what those few regions answered.

    Told are the margins, and how many regions are above and below the diagonal (None: withheld).
    Every cell is made as small and as large as the rest allows (integer programs, by HiGHS).
    """
    size = len(before)
    place = np.arange(size * size).reshape(size, size)
    rows = [*(place[i] for i in range(size)), *(place[:, j] for j in range(size))]
    sums = [*before, *after]
    for number, part in ((up, np.triu_indices(size, 1)), (down, np.tril_indices(size, -1))):
        if number is not None:
            rows.append(place[part])
            sums.append(number)
    matrix = np.zeros((len(rows), size * size))
    for line, members in enumerate(rows):
        matrix[line, members] = 1
    told, whole = optimize.LinearConstraint(matrix, sums, sums), np.ones(size * size, dtype=int)

    def reach(cell: int, sign: int) -> int:
        target = np.zeros(size * size)
        target[cell] = sign
        found = optimize.milp(target, constraints=told, integrality=whole)
        if found.fun is None:
            raise ValueError("no table has these margins and numbers above and below its diagonal")
        return round(sign * found.fun)

    possible = [
        int(place[i, j]) for i in range(size) for j in range(size) if before[i] and after[j]
    ]
    return any(
        is_small(low, smallest) and low == reach(cell, -1)
        for cell in possible
        for low in [reach(cell, 1)]
    )


def _whole_table(rows: Sequence[Counts], columns: Sequence[Hashable]) -> NDArray[np.int64]:
    counts = [[row.get(column, 0) for column in columns] for row in rows]
    return whole_counts(np.array(counts).reshape(len(rows), len(columns)), 2)


def _are_small(counts: NDArray[np.int64], smallest: int) -> NDArray[np.bool_]:
    return np.greater(counts, 0) & np.less(counts, smallest)

"""Whether tests and intervals keep what they promise: false alarms, coverage and power.

This measures correctness, not speed. Proportions by counting every possible table, scales
and grades by drawing tables, with a fixed seed: the page comes out the same each time. It
is written to docs/simulatie.md, in Dutch, since it is part of the method.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.findings import Finding
from benchmarks.simulation.chances import Chance
from benchmarks.simulation.coverage import coverage_rows
from benchmarks.simulation.page import (
    count_marked,
    is_below_level,
    is_too_often,
    is_too_seldom,
    write_page,
)
from benchmarks.simulation.sizes import Row, family_rows, size_rows, wrong_rows

PAGE = Path(__file__).parents[2] / "docs" / "simulatie.md"
PROMISED = ("hypergeometrisch", "Clopper-Pearson")  # at least 95%, whatever the truth


def measure() -> list[Finding]:
    sizes, family, coverage = size_rows(), family_rows(), coverage_rows()
    PAGE.write_text(write_page(sizes, wrong_rows(), family, coverage), encoding="utf-8")
    holm = [row for row in family if row[0] == "Holm"]
    sure = [row for row in coverage if row[0] in PROMISED]
    return [
        _finding("chances of a false alarm above 5%", sizes, is_too_often),
        _finding("the same for eight items with Holm", holm, is_too_often, has_aim=True),
        _finding("coverages below 94%", coverage, is_too_seldom),
        _finding("below 95% where that is promised", sure, is_below_level, has_aim=True),
    ]


def _finding(
    what: str, rows: list[Row], is_marked: Callable[[Chance], bool], *, has_aim: bool = False
) -> Finding:
    marked, total = count_marked(rows, is_marked)
    aim = ("0", marked == 0) if has_aim else ("", None)
    return Finding(f"simulation: {what}", f"{marked} of {total}", *aim)

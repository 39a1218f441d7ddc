"""Whether tests and intervals keep what they promise: false alarms, coverage and power.

This measures correctness, not speed. Proportions by counting every possible table where
that can be done, the rest by drawing tables, with a fixed seed: the page comes out the
same each time. It is written to docs/simulatie.md, in Dutch, since it is part of the method.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.findings import Finding
from benchmarks.simulation.agreement import agreement_rows
from benchmarks.simulation.chances import Chance, Row
from benchmarks.simulation.coverage import coverage_rows
from benchmarks.simulation.equivalence import equivalence_rows
from benchmarks.simulation.groups import group_rows
from benchmarks.simulation.mean_coverage import mean_rows
from benchmarks.simulation.overlaps import overlap_rows
from benchmarks.simulation.page import (
    Outcomes,
    count_marked,
    is_below_level,
    is_too_often,
    is_too_seldom,
    write_page,
)
from benchmarks.simulation.sizes import family_rows, size_rows, wrong_rows
from benchmarks.simulation.waves import wave_rows
from benchmarks.simulation.weights import weighted_rows

PAGE = Path(__file__).parents[2] / "docs" / "simulatie.md"
SURE_TESTS = ("Fisher", "McNemar exact")  # at most 5%, whatever the truth
SURE_INTERVALS = ("hypergeometrisch", "Clopper-Pearson", "odds ratio, Clopper-Pearson")
PROCESSES = 2
PARTS: dict[str, Callable[[], Any]] = {  # the slowest first
    "waves": wave_rows,
    "weighted": weighted_rows,
    "sizes": size_rows,
    "overlap": overlap_rows,
    "means": mean_rows,
    "groups": group_rows,
    "equivalence": equivalence_rows,
    "agreement": agreement_rows,
    "coverage": coverage_rows,
    "family": family_rows,
    "wrong": wrong_rows,
}


def measure() -> list[Finding]:
    with ProcessPoolExecutor(PROCESSES) as pool:
        running = {name: pool.submit(make) for name, make in PARTS.items()}
        found = Outcomes(**{name: part.result() for name, part in running.items()})
    PAGE.write_text(write_page(found), encoding="utf-8")
    sizes = [
        *found.sizes,
        *found.waves[0],
        *found.waves[1],
        *found.groups,
        *found.overlap[0],
        *found.weighted[0],
    ]
    coverage = [*found.coverage, *found.means, *found.overlap[1], *found.weighted[1]]
    holm = [row for row in found.family if row[0] == "Holm"]
    alarms = [row for row in sizes if row[0] in SURE_TESTS]
    sure = [row for row in coverage if row[0] in SURE_INTERVALS]
    return [
        _finding("chances of a false alarm above 5%", sizes, is_too_often),
        _finding("the same where at most 5% is promised", alarms, is_too_often, has_aim=True),
        _finding("the same for eight items with Holm", holm, is_too_often, has_aim=True),
        _finding("chances of a false 'equivalent' above 5%", found.equivalence, is_too_often),
        _finding("coverages below 94%", coverage, is_too_seldom),
        _finding("below 95% where that is promised", sure, is_below_level, has_aim=True),
    ]


def _finding(
    what: str, rows: list[Row], is_marked: Callable[[Chance], bool], *, has_aim: bool = False
) -> Finding:
    marked, total = count_marked(rows, is_marked)
    aim = ("0", marked == 0) if has_aim else ("", None)
    return Finding(f"simulation: {what}", f"{marked} of {total}", *aim)

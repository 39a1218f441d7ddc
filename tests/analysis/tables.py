"""Released tables for the tests of charts and exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from analysis.comparison import Comparison, compare
from analysis.disclosure import Figure, ReleasedTable, release
from analysis.levels import Distribution, Level, Share, measure_distributions, measure_levels
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.conftest import example_waves


def release_figures(figures: Sequence[Figure], title: str = "Proef") -> ReleasedTable:
    return release(
        figures, title=title, base="42 regio's", method="Zo getoetst.", source=EXAMPLE_LABEL
    )


def comparisons(section: str) -> list[Comparison]:
    found = compare(*example_waves())
    return [row for row in found if row.section == section and not row.is_summary]


def changes(section: str) -> ReleasedTable:
    return release_figures(comparisons(section), section.capitalize())


def distributions(section: str) -> ReleasedTable:
    return release_figures(measure_distributions(example_waves()[1], section), section.capitalize())


def forms() -> ReleasedTable:
    levels = measure_levels(example_waves()[1], "borging")
    return release_figures([row for row in levels if row.item != "borging_index"], "Borging")


def index() -> ReleasedTable:
    found = measure_distributions(example_waves()[1], "borging")
    return release_figures([row for row in found if row.item == "borging_index"], "Index")


def comparison(n_pairs: int, **values: Any) -> Comparison:
    """A comparison over `n_pairs` regions; all its other figures are those of the example."""
    return replace(_first_comparison(), n_pairs=n_pairs, **values)


@cache
def _first_comparison() -> Comparison:
    return comparisons("urgentie")[0]


def level(n: int, count: int) -> Level:
    return replace(_first_level(), n=n, count=count, value=count / n if n else None)


@cache
def _first_level() -> Level:
    return measure_levels(example_waves()[1], "borging")[0]


def distribution(*counts: int, item: str = "vraag") -> Distribution:
    labels = ("minder aandacht", "gemiddelde aandacht", "veel aandacht")
    shares = tuple(
        Share(str(code), label, count)
        for code, (label, count) in enumerate(zip(labels, counts, strict=True), start=1)
    )
    return Distribution(item, item, "aandacht", f"Tekst van {item}", "2024", shares)

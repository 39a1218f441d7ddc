"""Two waves compared with weights: the respondents made to look like the register of regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.comparison import (
    Comparison,
    MeasureCounts,
    count_measure,
    decide_rows,
    describe,
    match_measures,
)
from analysis.counts import PairCounts, WaveCounts
from analysis.design import choose_design
from analysis.settings import INDEPENDENT, Settings
from analysis.weighted_means import (
    WeightedChange,
    WeightedMean,
    weighted_change,
    weighted_difference,
    weighted_mean,
)
from analysis.weighting import RakingFailed, effective_n, post_stratify, rake
from surveys.questionnaire import Questionnaire

Scheme = Literal["rake", "poststratify"]
Counted = tuple[WaveCounts, WaveCounts, PairCounts]
Cell = tuple[str, ...]


class WeightsRefused(Exception):
    """No weights can be made; `faults` says, in plain English, for each margin why."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Weighting:
    """What is weighted to: per cell (its value of each attribute) how many regions there are.

    With two attributes `scheme` says whether both margins are met (rake) or each crossing of
    them (poststratify); with one the two are the same.
    """

    attributes: tuple[str, ...]
    population: Mapping[Cell, int]
    scheme: Scheme = "rake"

    @property
    def label(self) -> str:
        is_raked = self.scheme == "rake" and len(self.attributes) == 2
        return f"{' x '.join(self.attributes)} ({'rake' if is_raked else 'poststratify'})"


@dataclass(frozen=True)
class _Weights:
    """Per cell, in the order of the population: the weight and the category on each margin."""

    values: NDArray[np.float64]
    margins: tuple[NDArray[np.int64], ...]
    respondents: NDArray[np.int64]


def compare_weighted(
    weighting: Weighting,
    cells: Mapping[Cell, Counted],
    total: Counted,
    settings: Settings,
    between: Sequence[Questionnaire] = (),
) -> list[Comparison]:
    """The comparison of two waves with weighted values, linearised errors and t tests.

    `cells` holds what was counted in each weighting cell, `total` over all regions. The weights
    are those of the regions that the design is over: the pairs, or each wave's respondents. There
    is no detectable change, effect size or secondary outcome. Raises WeightsRefused.
    """
    design = choose_design(*total, settings.design)
    counted = [cells[cell] for cell in weighting.population]
    before, after, _ = total
    if design.name == INDEPENDENT:
        weights = [
            _make_weights(weighting, [first.respondents for first, _, _ in counted], before.wave),
            _make_weights(weighting, [last.respondents for _, last, _ in counted], after.wave),
        ]
    else:
        both = [pairs.regions for _, _, pairs in counted]
        weights = [_make_weights(weighting, both, f"both {before.wave} and {after.wave}")]
    rows = []
    for match, measure in match_measures(before, after, settings, between):
        found = count_measure(match, measure, *total)
        row = replace(
            describe(found, before.wave, after.wave, design, settings), weights=weighting.label
        )
        if not found.refusal:
            parts = [count_measure(match, measure, *cell) for cell in counted]
            fill = _fill_independent if design.name == INDEPENDENT else _fill_pairs
            row = fill(row, parts, weights)
        rows.append(row)
    return decide_rows(rows, settings)


def _make_weights(weighting: Weighting, respondents: list[int], where: str) -> _Weights:
    population = list(weighting.population.items())
    by_cell = dict(zip(weighting.population, respondents, strict=True))
    raked = weighting.scheme == "rake" and len(weighting.attributes) == 2
    margins: list[Callable[[Cell], Cell]] = (
        [lambda cell: cell[:1], lambda cell: cell[1:]] if raked else [lambda cell: cell]
    )
    _refuse_empty(weighting, by_cell, margins, where)
    counts = np.array(respondents)
    sizes = np.array([size for _, size in population])
    if not raked:
        return _Weights(post_stratify(counts, sizes), (np.arange(counts.size),), counts)
    names = [sorted({margin(cell) for cell, _ in population}) for margin in margins]
    places = [
        np.array([known.index(margin(cell)) for cell, _ in population])
        for known, margin in zip(names, margins, strict=True)
    ]
    table = np.zeros([len(known) for known in names], dtype=np.int64)
    totals = np.zeros_like(table)
    table[places[0], places[1]], totals[places[0], places[1]] = counts, sizes
    try:
        weights = rake(table, totals.sum(axis=1), totals.sum(axis=0))
    except RakingFailed as failed:
        raise WeightsRefused([f"no weights meet both margins among those of {where}"]) from failed
    return _Weights(weights[places[0], places[1]], tuple(places), counts)


def _refuse_empty(
    weighting: Weighting,
    respondents: Mapping[Cell, int],
    margins: Sequence[Callable[[Cell], Cell]],
    where: str,
) -> None:
    """Every category that the register has and no respondent is in."""
    faults = []
    for number, margin in enumerate(margins):
        known, answered = Counter[Cell](), Counter[Cell]()
        for cell, size in weighting.population.items():
            known[margin(cell)] += size
            answered[margin(cell)] += respondents[cell]
        names = weighting.attributes[number : number + 1]
        if len(margins) == 1:
            names = weighting.attributes
        faults += [
            f"{' and '.join(f'{n} {v!r}' for n, v in zip(names, category, strict=True))} has "
            f"{size} regions in the register, but none that answered in {where}"
            for category, size in sorted(known.items())
            if size and not answered[category]
        ]
    if faults:
        raise WeightsRefused(faults)


def _estimate(
    weights: _Weights, counts: list[NDArray[np.int64]], scores: NDArray[np.float64]
) -> WeightedMean:
    """Of the valid answers per cell; who did not answer this item keeps a place in its cell."""
    answers = np.array([cell.ravel() for cell in counts])
    left_out = weights.respondents - answers.sum(axis=1)
    return weighted_mean(answers, scores, weights.values, weights.margins, left_out)


def _fill_pairs(
    row: Comparison, cells: list[MeasureCounts], weights: Sequence[_Weights]
) -> Comparison:
    scores = cells[0].measure.values
    size = len(scores)
    tables = [cell.table for cell in cells]
    first, second = np.repeat(scores, size), np.tile(scores, size)
    change = weighted_change(_estimate(weights[0], tables, second - first))
    values = [_estimate(weights[0], tables, wave).value for wave in (first, second)]
    pairs = np.array([table.sum() for table in tables])
    return replace(
        row,
        value_before=values[0],
        value_after=values[1],
        **_test_fields(change),
        effective_n=effective_n(pairs, weights[0].values),
    )


def _test_fields(change: WeightedChange) -> dict[str, Any]:
    interval = change.interval
    return {
        "change": change.difference,
        "ci_low": interval.low if interval else None,
        "ci_high": interval.high if interval else None,
        "ci_method": interval.method if interval else None,
        "test": change.test,
        "statistic": change.statistic,
        "p": change.p,
        "reason": change.reason,
    }


def _fill_independent(
    row: Comparison, cells: list[MeasureCounts], weights: Sequence[_Weights]
) -> Comparison:
    scores = cells[0].measure.values
    before = _estimate(weights[0], [cell.before for cell in cells], scores)
    after = _estimate(weights[1], [cell.after for cell in cells], scores)
    change = weighted_difference(before, after)
    return replace(
        row,
        value_before=before.value,
        value_after=after.value,
        **_test_fields(change),
        effective_n_before=before.effective_n,
        effective_n_after=after.effective_n,
    )

"""Two waves compared with weights: the respondents made to look like the register of regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.comparison import Comparison, decide_rows, describe
from analysis.counts import PairCounts, WaveCounts
from analysis.design import choose_design
from analysis.measure_counts import MeasureCounts, count_measure, match_measures
from analysis.register_weights import Cell, Weighting, Weights, WeightsRefused, make_weights
from analysis.settings import INDEPENDENT, Settings
from analysis.weighted_means import WeightedChange, weighted_change, weighted_difference
from analysis.weighting import effective_n
from surveys.questionnaire import Questionnaire

Counted = tuple[WaveCounts, WaveCounts, PairCounts]


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
        respondents = {
            before.wave: [first.respondents for first, _, _ in counted],
            after.wave: [last.respondents for _, last, _ in counted],
        }
    else:
        both = f"both {before.wave} and {after.wave}"
        respondents = {both: [pairs.regions for _, _, pairs in counted]}
    weights = _make_all(weighting, respondents)
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


def _make_all(weighting: Weighting, respondents: Mapping[str, list[int]]) -> list[Weights]:
    """The weights of each wave; what one refuses is told with what the other does."""
    made: list[Weights] = []
    faults: list[str] = []
    for where, numbers in respondents.items():
        try:
            made.append(make_weights(weighting, numbers, where))
        except WeightsRefused as refused:
            faults += refused.faults
    if faults:
        raise WeightsRefused(faults)
    return made


def _fill_pairs(
    row: Comparison, cells: list[MeasureCounts], weights: Sequence[Weights]
) -> Comparison:
    scores = cells[0].measure.values
    size = len(scores)
    tables = [cell.table for cell in cells]
    first, second = np.repeat(scores, size), np.tile(scores, size)
    change = weighted_change(weights[0].estimate(tables, second - first))
    values = [weights[0].estimate(tables, wave).value for wave in (first, second)]
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
    row: Comparison, cells: list[MeasureCounts], weights: Sequence[Weights]
) -> Comparison:
    scores = cells[0].measure.values
    before = weights[0].estimate([cell.before for cell in cells], scores)
    after = weights[1].estimate([cell.after for cell in cells], scores)
    change = weighted_difference(before, after)
    return replace(
        row,
        value_before=before.value,
        value_after=after.value,
        **_test_fields(change),
        effective_n_before=before.effective_n,
        effective_n_after=after.effective_n,
    )

"""One figure over three waves or more: counted per region, tested, with its trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.counts import (
    NO_ANSWER,
    Patterns,
    Variable,
    WaveCounts,
    count_valid,
    recode_tally,
)
from analysis.intervals import Interval, mean_interval, wilson_interval
from analysis.measures import MEAN, ORDINAL, PROPORTION, Measure, is_in_both
from analysis.moments import moments
from analysis.significance.repeated_means import repeated_means
from analysis.significance.several_waves import (
    SeveralWavesResult,
    cochran_q,
    friedman,
    kruskal_wallis,
    welch_anova,
)
from analysis.significance.trend import Family, cochran_armitage, gee
from surveys.comparability import Match


@dataclass(frozen=True)
class SeriesCounts:
    """A measure over the waves, in the codes of the last.

    `tallies` (waves, codes) are all valid answers. `values` (patterns, waves) are the answers of
    regions over the waves (NaN: none that is valid), `regions` (patterns,) how many gave them.
    `complete` counts the regions with a valid answer in every wave, `repeated` those in two waves
    or more, and `is_whole` says whether all regions responded in every wave.
    `refusal` says why the waves may not be compared, if so.
    """

    measure: Measure
    tallies: NDArray[np.int64]
    values: NDArray[np.float64]
    regions: NDArray[np.int64]
    complete: int
    repeated: int
    is_whole: bool
    footnote: str
    refusal: str


@dataclass(frozen=True)
class WaveValue:
    """One wave: the value over the `n` regions of the test with its 95% interval (Wilson's for a
    proportion, of which `count` is the number of regions; else a t interval), and over all its
    `n_all` answers."""

    wave: str
    value: float | None
    value_all: float | None
    n_all: int
    n: int
    count: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: str | None = None


def count_series(
    matches: Sequence[Match],
    measure: Measure,
    waves: Sequence[WaveCounts],
    patterns: Mapping[Variable, Patterns],
) -> SeriesCounts:
    """`matches` holds per wave, but for the last, how its question becomes that of the last."""
    recodes = [{**measure.recode, **(match.recode or {})} for match in matches]
    recodes.append(dict(measure.recode))
    tallies = [
        count_valid(recode_tally(wave.tallies.get(measure.variable, {}), recode), measure.codes)
        for wave, recode in zip(waves, recodes, strict=True)
    ]
    responses = patterns.get(measure.variable, {})
    worth = dict(zip(measure.codes, measure.values.tolist(), strict=True))
    found: Counter[tuple[float | None, ...]] = Counter()
    for codes, n in responses.items():
        last = (recode.get(code, code) for code, recode in zip(codes, recodes, strict=True))
        found[tuple(worth.get(code) for code in last)] += n
    refusal = next((match.refusal for match in matches if match.refusal), "")
    if not refusal and not all(is_in_both(match, measure) for match in matches):
        refusal = "Dit antwoord kon niet in elke meting worden gekozen."
    values = np.array(list(found), dtype=float).reshape(len(found), len(waves))
    regions = np.array(list(found.values()), dtype=np.int64)
    answered = (~np.isnan(values)).sum(axis=1)
    return SeriesCounts(
        measure,
        np.array(tallies),
        values,
        regions,
        int(regions[answered == len(waves)].sum()),
        int(regions[answered > 1].sum()),
        all(NO_ANSWER not in codes for codes in responses),
        matches[0].footnote,
        refusal,
    )


def compare_panel(
    counts: SeriesCounts, times: Sequence[float]
) -> tuple[SeveralWavesResult, SeveralWavesResult]:
    """The test over the regions with a valid answer in every wave, and the trend over all
    answers (GEE).

    The test is Cochran's Q for a proportion, Friedman's for a scale, and for a mean the Wald
    test of a GEE against F.
    """
    _, trend = compare_rotating(counts, times)
    tests = {PROPORTION: cochran_q, ORDINAL: friedman, MEAN: repeated_means}
    return tests[counts.measure.kind](counts.values, counts.regions), trend


def compare_rotating(
    counts: SeriesCounts, times: Sequence[float]
) -> tuple[SeveralWavesResult, SeveralWavesResult]:
    """The test and the trend of a GEE over all answers: for regions that answered in some of the
    waves, too few of them in every wave."""
    some = ~np.isnan(counts.values).all(axis=1)
    family: Family = "binomial" if counts.measure.kind == PROPORTION else "gaussian"
    model = gee(counts.values[some], counts.regions[some], family, times)
    return model.waves, model.trend


def compare_independent(
    counts: SeriesCounts, times: Sequence[float]
) -> tuple[SeveralWavesResult, SeveralWavesResult | None]:
    """The test over independent waves; of a proportion it is that of the trend."""
    measure, tallies = counts.measure, counts.tallies
    if measure.kind == PROPORTION:
        yes = (tallies @ measure.values).astype(np.int64)
        trend = cochran_armitage(yes, tallies.sum(axis=1), times)
        return trend, trend
    test = welch_anova if measure.kind == MEAN else kruskal_wallis
    return test(tallies, measure.values), None


def wave_times(names: Sequence[str]) -> list[float]:
    """The years, where all waves are named by one and they rise; else the positions."""
    if are_years(names):
        return [float(name) for name in names]
    return [float(position) for position in range(len(names))]


def are_years(names: Sequence[str]) -> bool:
    """Whether all waves are named by a year, each later than the one before it."""
    return all(name.isdecimal() for name in names) and all(
        int(early) < int(late) for early, late in pairwise(names)
    )


def panel_tallies(counts: SeriesCounts) -> NDArray[np.int64]:
    """The answers (waves, codes) of the regions with a valid answer in every wave. Of codes that
    are worth the same, all answers are counted with the first."""
    worth, first = np.unique(counts.measure.values, return_index=True)
    complete = ~np.isnan(counts.values).any(axis=1)
    tallies = np.zeros_like(counts.tallies)
    for answers, n in zip(counts.values[complete], counts.regions[complete], strict=True):
        for wave, answer in enumerate(answers):
            tallies[wave, first[np.searchsorted(worth, answer)]] += n
    return tallies


def count_wave(
    wave: str, measure: Measure, tally: NDArray[np.int64], everyone: NDArray[np.int64]
) -> WaveValue:
    """From the answers per code of the regions of the test, and of all regions."""
    found, over_all = (moments(counts, measure.values) for counts in (tally, everyone))
    row = WaveValue(wave, None, over_all.mean if over_all.n else None, over_all.n, found.n)
    if found.n == 0:
        return row
    count = None
    interval: Interval | None
    if measure.kind == PROPORTION:
        count = int(tally @ measure.values.astype(np.int64))
        interval = wilson_interval(count, found.n)
    else:
        interval = mean_interval(tally, measure.values)
    row = replace(row, value=found.mean, count=count)
    if interval is None:
        return row
    return replace(row, ci_low=interval.low, ci_high=interval.high, ci_method=interval.method)

"""One wave on its own: the level of every figure, with its interval, and the distributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import numpy as np

from analysis.counts import Tally, WaveCounts, count_valid, missing_of
from analysis.intervals import (
    Interval,
    clopper_pearson_interval,
    hypergeometric_interval,
    mean_interval,
    wilson_interval,
)
from analysis.measures import PROPORTION, Measure, count_share, measures_of, read_tally
from analysis.moments import moments
from analysis.register_weights import Cell, Weighting, make_weights
from analysis.weighted_means import NO_ANSWERS, ONE_ANSWER
from surveys.comparability import Asked
from surveys.items import LongTextItem, ScaleItem, ShortTextItem
from surveys.questionnaire import Index, Score

LevelInterval = Literal["wilson", "clopper_pearson", "hypergeometric"]


@dataclass(frozen=True)
class Share:
    """How often one answer was given."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Level:
    """One figure of one wave over the `n` valid answers.

    `value` is a fraction (proportion), a mean scale position or a mean. With a population
    the interval is about all regions that were asked, not about an endless number of them.
    Where there is no value or no interval, `reason` says why in Dutch. `weights` says what was
    weighted on; `count` is then None, and `effective_n` what the weighted answers are worth.
    """

    item: str
    part: str
    concept: str
    section: str
    text: str
    label: str
    measure: str
    wave: str
    n: int
    count: int | None = None
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: str | None = None
    missing: dict[str, int] = field(default_factory=dict)
    attribute: str = ""
    group: str = ""
    weights: str = ""
    effective_n: float | None = None
    reason: str = ""

    @property
    def base(self) -> int:
        return self.n

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Distribution:
    """How often each answer on a scale was given in one wave.

    `totals` are the shares that the scale is reported by, such as the top two, headline first.
    """

    item: str
    concept: str
    section: str
    text: str
    wave: str
    shares: tuple[Share, ...]
    totals: tuple[Share, ...] = ()
    missing: dict[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return sum(share.count for share in self.shares)

    @property
    def base(self) -> int:
        return self.n


def measure_levels(
    counts: WaveCounts,
    section: str | None = None,
    *,
    interval: LevelInterval = "wilson",
    population: int | None = None,
) -> list[Level]:
    """The figures of a wave, of one section or of all.

    With a `population` the intervals are about that number of regions, of which those with a valid
    answer are known. ValueError where it is smaller than a base, for a hypergeometric interval
    without one and for a Clopper-Pearson interval with one.
    """
    return [
        _measure(counts, measure, interval, population)
        for measure in level_measures(counts, section)
    ]


def weigh_levels(
    weighting: Weighting,
    cells: Mapping[Cell, WaveCounts],
    counts: WaveCounts,
    population: int | None = None,
) -> list[Level]:
    """The figures of a wave weighted to the register, with linearised errors and t intervals.

    `cells` holds what was counted in each weighting cell, `counts` over all regions. With a
    `population` the intervals are about that number of regions. Raises WeightsRefused.
    """
    parts = [cells[cell] for cell in weighting.population]
    weights = make_weights(weighting, [part.respondents for part in parts], counts.wave)
    rows = []
    for measure in level_measures(counts):
        tallies = [count_valid(_read(part, measure), measure.codes) for part in parts]
        found = weights.estimate(tallies, measure.values, population)
        row = _describe(counts, measure)
        rows.append(
            replace(
                row,
                value=found.value,
                ci_low=found.interval.low if found.interval else None,
                ci_high=found.interval.high if found.interval else None,
                ci_method=found.interval.method if found.interval else None,
                weights=weighting.label,
                effective_n=found.effective_n,
                reason=found.reason,
            )
        )
    return rows


def level_measures(counts: WaveCounts, section: str | None = None) -> Iterator[Measure]:
    """The figures that the questionnaire of a wave reports, of one section or of all."""
    for owner, asked in _asked(counts):
        if section in (None, owner):
            tallies = [counts.tallies.get((owner, asked.concept, ""), {})]
            yield from measures_of(counts.questionnaire, owner, asked, tallies=tallies)


def _read(counts: WaveCounts, measure: Measure) -> Tally:
    return read_tally(measure, counts.tallies.get(measure.variable, {}))


def _asked(counts: WaveCounts) -> list[tuple[str, Asked]]:
    questionnaire = counts.questionnaire
    closed = [
        (section.id, question)
        for section in questionnaire.sections
        for question in section.questions
        if not isinstance(question, ShortTextItem | LongTextItem)
    ]
    summaries: list[Index | Score] = [*questionnaire.indexes, *questionnaire.scores]
    return [*closed, *((questionnaire.section_of(made.id).id, made) for made in summaries)]


def _proportion_interval(
    count: int, n: int, interval: LevelInterval, population: int | None
) -> Interval:
    if interval == "clopper_pearson":
        if population is not None:
            raise ValueError("a Clopper-Pearson interval is not about a finite population")
        return clopper_pearson_interval(count, n)
    if interval == "hypergeometric":
        if population is None:
            raise ValueError("a hypergeometric interval needs a population")
        return hypergeometric_interval(count, n, population)
    return wilson_interval(count, n, population=population)


def _describe(counts: WaveCounts, measure: Measure) -> Level:
    tally = _read(counts, measure)
    return Level(
        **measure.names(),
        wave=counts.wave,
        n=int(count_valid(tally, measure.codes).sum()),
        missing=missing_of(tally),
    )


def _measure(
    counts: WaveCounts, measure: Measure, kind: LevelInterval, population: int | None
) -> Level:
    row = _describe(counts, measure)
    if row.n == 0:
        return replace(row, reason=NO_ANSWERS)
    valid = count_valid(_read(counts, measure), measure.codes)
    interval: Interval | None
    if measure.kind == PROPORTION:
        count = int(valid @ measure.values.astype(np.int64))
        row = replace(row, count=count, value=count / row.n)
        interval = _proportion_interval(count, row.n, kind, population)
    else:
        row = replace(row, value=moments(valid, measure.values).mean)
        interval = mean_interval(valid, measure.values, population=population)
    if interval is None:
        return replace(row, reason=ONE_ANSWER)
    return replace(row, ci_low=interval.low, ci_high=interval.high, ci_method=interval.method)


def measure_distributions(counts: WaveCounts, section: str) -> list[Distribution]:
    """The distribution of every scale, and of every index, of a section."""
    rows = []
    for owner, asked in _asked(counts):
        if owner != section or isinstance(asked, Score):
            continue
        measures = list(measures_of(counts.questionnaire, owner, asked))
        if (
            not measures
            or measures[0].kind != PROPORTION
            or measures[0].variable[2] not in ("", "#")
        ):
            continue
        if isinstance(asked, Index):
            labels = {level.code: level.label for level in asked.levels}
        else:
            labels = {c.code: c.label for c in counts.questionnaire.choices(asked)}
        tally = read_tally(measures[0], counts.tallies.get(measures[0].variable, {}))
        shares = tuple(Share(code, label, tally.get(code, 0)) for code, label in labels.items())
        rows.append(
            Distribution(
                item=asked.id,
                concept=asked.concept,
                section=owner,
                text=asked.text,
                wave=counts.wave,
                shares=shares,
                totals=_totals(measures, tally) if isinstance(asked, ScaleItem) else (),
                missing=missing_of(tally),
            )
        )
    return rows


def _totals(measures: list[Measure], tally: Tally) -> tuple[Share, ...]:
    return tuple(Share(m.part, m.label, count_share(m, tally)[0]) for m in measures)

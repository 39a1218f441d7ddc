"""Tests for a difference between three or more waves, from counts alone.

A panel is given as `patterns` (m, k), the distinct answers of a region over k waves, NaN where a
wave has no valid answer, with `counts` (m,), the regions that gave them. Independent waves are
given as `counts` (k, c), the valid answers per wave and code. Every test also takes two waves; for
one wave, and for waves without answers, p is None with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.moments import moments, score_values, whole_counts
from analysis.significance.result import EMPTY_WAVE, SMALL_WAVE

ONE_WAVE = "Er is maar één jaar, dus valt er niets te vergelijken."
NO_PANEL = "Geen enkele regio gaf in alle jaren een geldig antwoord."
WAVE_WITHOUT_SPREAD = (
    "In minstens één van de jaren gaven alle regio's hetzelfde antwoord. "
    "Dan is de kans op toeval met deze toets niet te berekenen."
)


@dataclass(frozen=True)
class SeveralWavesResult:
    """Outcome of one test over several waves.

    `p` is None only with a `reason`: one or two plain Dutch sentences. `n` is the number of
    regions used: for a panel the regions, for independent waves the answers of all waves together.
    `statistic_name` is 'q', 'chi2', 'h' or 'f'; `df_error` belongs to 'f'. A test of a trend has
    df 1 and `z`, the root of its chi2 with the sign of the slope; its effect is the slope per unit
    of time, positive for a rise, and `error` the standard error where the slope has one.

    `test` (`effect_name`): 'cochran_q' ('eta_squared_q'), 'friedman' ('kendall_w'),
    'kruskal_wallis' ('epsilon_squared'), 'welch_anova' ('omega_squared'), 'cochran_armitage'
    ('proportion_slope'), 'gee_waves' (''), 'gee_trend' ('log_odds_slope' or 'mean_slope').
    """

    test: str
    statistic_name: str
    effect_name: str
    n: int
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    effect: float | None = None
    df_error: float | None = None
    z: float | None = None
    error: float | None = None
    reason: str = ""


def panel_patterns(
    patterns: ArrayLike, counts: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the patterns that occur and hold any answer, with their counts; ValueError if invalid.

    Scores are rounded to 10 decimals, as in `merge_equal`.
    """
    values, totals = np.asarray(patterns, dtype=float), whole_counts(counts, 1)
    if values.ndim != 2 or values.shape[0] != totals.size or values.shape[1] == 0:
        raise ValueError(f"patterns must be (m, k) and counts (m,), got {values.shape}")
    if np.any(np.isinf(values)):
        raise ValueError("scores must be finite, or NaN where an answer is missing")
    used = (totals > 0) & ~np.isnan(values).all(axis=1)
    return np.round(values[used], 10), totals[used]


def check_yes_no(values: NDArray[np.float64]) -> None:
    if not np.all(np.isnan(values) | (values == 0) | (values == 1)):
        raise ValueError("answers must be 0, 1 or NaN")


def _complete(
    patterns: ArrayLike, counts: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.int64], str]:
    """Return the patterns without a missing wave, their counts, and why no test is possible."""
    values, totals = panel_patterns(patterns, counts)
    complete = ~np.isnan(values).any(axis=1)
    reason = ONE_WAVE if values.shape[1] == 1 else "" if complete.any() else NO_PANEL
    return values[complete], totals[complete], reason


def cochran_q(patterns: ArrayLike, counts: ArrayLike) -> SeveralWavesResult:
    """Cochran's Q test that the proportion yes is the same in all waves of a panel.

    `patterns` holds 0 (no), 1 (yes) and NaN; only regions with a valid answer in every wave count.
    With two waves Q is McNemar's chi-square without continuity correction. The p value is from
    chi-square with k - 1 degrees of freedom, an approximation that needs changed answers: Cochran
    advises 24 or more answers of regions that changed (regions that changed times k). The effect
    is eta squared Q, Q/(n(k - 1)), from 0 to 1. When no region changed, p = 1 and both are 0;
    without regions that answered all waves p is None. ValueError on invalid patterns or counts.

    Sources: Cochran (1950), Biometrika 37: 256-266; Serlin, Carr & Marascuilo (1982),
    Psychological Bulletin 92: 786-794 (effect).
    """
    check_yes_no(np.asarray(patterns, dtype=float))
    values, totals, reason = _complete(patterns, counts)
    n = int(totals.sum())
    empty = SeveralWavesResult("cochran_q", "q", "eta_squared_q", n, reason=reason)
    if reason:
        return empty
    return _ranked(empty, values, totals)


def friedman(patterns: ArrayLike, counts: ArrayLike) -> SeveralWavesResult:
    """Friedman's test, corrected for ties, that no wave of a panel is higher than another.

    Only regions with a valid answer in every wave count. The p value is from chi-square with k - 1
    degrees of freedom, an approximation for some ten regions or more. The effect is Kendall's W
    with the correction for ties, chi2/(n(k - 1)): 1 when all regions rank the waves alike, and
    lower with each region that did not change. When no region changed, p = 1 and both are 0;
    without regions that answered all waves p is None. ValueError on invalid patterns or counts.

    Sources: Friedman (1937), JASA 32: 675-701; Conover (1999), Practical Nonparametric
    Statistics, section 5.8 (ties); Kendall & Babington Smith (1939), Annals of Mathematical
    Statistics 10: 275-287 (W).
    """
    values, totals, reason = _complete(patterns, counts)
    empty = SeveralWavesResult("friedman", "chi2", "kendall_w", int(totals.sum()), reason=reason)
    if reason:
        return empty
    return _ranked(empty, stats.rankdata(values, axis=1), totals)


def _ranked(
    empty: SeveralWavesResult, scores: NDArray[np.float64], totals: NDArray[np.int64]
) -> SeveralWavesResult:
    """Fill in the statistic of Friedman's form; on answers of 0 and 1 that is Cochran's Q."""
    k = scores.shape[1]
    distance = scores - scores.mean(axis=1, keepdims=True)
    within = float(totals @ (distance**2).sum(axis=1))
    statistic = (k - 1) * float(((totals @ distance) ** 2).sum()) / within if within else 0.0
    effect = statistic / (empty.n * (k - 1))
    p = float(stats.chi2.sf(statistic, k - 1))
    return replace(empty, statistic=statistic, df=k - 1, p=p, effect=effect)


def kruskal_wallis(counts: ArrayLike, scores: ArrayLike | None = None) -> SeveralWavesResult:
    """Kruskal-Wallis test, corrected for ties, over waves without a common respondent.

    `counts` (k, c) holds the valid answers per wave and code, in the order of the scale; `scores`
    (default: positions) only order the codes, and equal scores merge them. The p value is from
    chi-square with k - 1 degrees of freedom, for waves of some five answers or more. The effect
    is epsilon squared, H/(n - 1). When everyone gave the same answer, p = 1 and H = 0; an empty
    wave gives p None. ValueError on invalid counts or scores.

    Sources: Kruskal & Wallis (1952), JASA 47: 583-621; Kelley (1935), PNAS 21: 554-559, as in
    Tomczak & Tomczak (2014), Trends in Sport Sciences 1: 19-25 (effect).
    """
    totals = whole_counts(counts, 2)
    values = np.round(score_values(scores, totals.shape[1]), 10)
    sizes, n = totals.sum(axis=1), int(totals.sum())
    reason = _no_waves(sizes, 1, EMPTY_WAVE)
    empty = SeveralWavesResult("kruskal_wallis", "chi2", "epsilon_squared", n, reason=reason)
    if reason:
        return empty
    # A code's midrank, less the mean rank: half the answers below it minus half those above it.
    answers = totals.sum(axis=0)
    rank = np.sign(values[:, np.newaxis] - values) @ answers / 2
    total = float(answers @ rank**2)
    between = float(((totals @ rank) ** 2 / sizes).sum())
    h = (n - 1) * between / total if total else 0.0
    df = sizes.size - 1
    p = float(stats.chi2.sf(h, df))
    return replace(empty, statistic=h, df=df, p=p, effect=h / (n - 1))


def welch_anova(counts: ArrayLike, scores: ArrayLike | None = None) -> SeveralWavesResult:
    """Welch's F test for the means of waves without a common respondent.

    `counts` (k, c) holds the valid answers per wave and code of one scale. The spread may differ
    between the waves; with two waves F is the square of Welch's t. The effect is omega squared from
    F and n, (k - 1)(F - 1)/((k - 1)(F - 1) + n), at least 0. (Not from the error degrees of
    freedom, as some programs do: Welch's are about two thirds of n - k, also at equal spread.)

    When everyone gave the same answer, p = 1 and F = 0. Otherwise the test is not defined, and p
    None, when a wave has fewer than two answers or no spread. ValueError on invalid counts or
    scores. Sources: Welch (1951), Biometrika 38: 330-336; Hays (1963), Statistics for
    Psychologists (effect).
    """
    totals = whole_counts(counts, 2)
    waves = [moments(wave, scores) for wave in totals]
    sizes, n = totals.sum(axis=1), int(totals.sum())
    reason = _no_waves(sizes, 2, SMALL_WAVE)
    empty = SeveralWavesResult("welch_anova", "f", "omega_squared", n, reason=reason)
    if reason:
        return empty
    if moments(totals.sum(axis=0), scores).variance == 0:
        return replace(empty, statistic=0.0, df=len(waves) - 1, p=1.0, effect=0.0)
    if min(wave.variance for wave in waves) == 0:
        return replace(empty, reason=WAVE_WITHOUT_SPREAD)
    k = len(waves)
    means = np.array([wave.mean for wave in waves])
    weight = sizes / np.array([wave.variance for wave in waves])
    share = weight / weight.sum()
    between = float(weight @ (means - share @ means) ** 2) / (k - 1)
    loss = float(((1 - share) ** 2 / (sizes - 1)).sum()) / (k**2 - 1)
    f = between / (1 + 2 * (k - 2) * loss)
    df_error = 1 / (3 * loss)
    p = float(stats.f.sf(f, k - 1, df_error))
    gain = (k - 1) * (f - 1)
    effect = gain / (gain + n) if gain > 0 else 0.0
    return replace(empty, statistic=f, df=k - 1, df_error=df_error, p=p, effect=effect)


def _no_waves(sizes: NDArray[np.int64], fewest: int, too_small: str) -> str:
    """Return why the waves cannot be compared; ValueError without any wave."""
    if sizes.size == 0:
        raise ValueError("need at least one wave")
    if sizes.size == 1:
        return ONE_WAVE
    return too_small if sizes.min() < fewest else ""

"""Tests for a trend over waves, and for a panel in which regions may miss a wave, from counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from analysis.moments import whole_counts
from analysis.significance.result import EMPTY_WAVE, NO_SPREAD
from analysis.significance.several_waves import (
    ONE_WAVE,
    WAVE_WITHOUT_SPREAD,
    SeveralWavesResult,
    check_yes_no,
    panel_patterns,
)

Family = Literal["binomial", "gaussian"]

ONE_REGION = "Maar één regio gaf een geldig antwoord. Voor deze toets zijn er meer nodig."
NO_REPEAT = "Geen enkele regio gaf in meer dan één jaar een geldig antwoord."
SEPARATED = (
    "De antwoorden slaan tussen twee jaren volledig om. Dan is de sterkte van de trend niet te "
    "schatten."
)
PARALLEL = (
    "De antwoorden van de regio's lopen zo gelijk op dat de kans op toeval niet te berekenen is."
)
ONE_REGION_DECIDES = (
    "In minstens één van de jaren hangt de uitkomst van het antwoord van één regio af. "
    "Dan is de kans op toeval niet te berekenen."
)
NO_FIT = "Het model is met deze antwoorden niet te schatten. Dan is er geen kans op toeval."

STEPS = 200
# Steps with correlation 0, to start from plain (logistic) regression.
FIRST_STEPS = 10


def cochran_armitage(
    yes: ArrayLike, n: ArrayLike, times: ArrayLike | None = None
) -> SeveralWavesResult:
    """Cochran-Armitage test for a linear trend in a proportion over independent waves.

    `yes` and `n` (k,) are the answers yes and all valid answers per wave; `times` (default:
    positions) are the moments of the waves. As R's prop.trend.test; the correlation form of the
    test, statsmodels' test_ordinal_association among them, is (N - 1)/N times this chi2. The
    effect is the slope: the change in proportion per unit of time, by least squares over all
    answers. When everyone gave the same answer, p = 1 and the slope is 0; an empty wave gives p
    None. ValueError on invalid counts, more yes than n, or times that are not finite and distinct.

    Sources: Cochran (1954), Biometrics 10: 417-451; Armitage (1955), Biometrics 11: 375-386.
    """
    successes, sizes = whole_counts(yes, 1), whole_counts(n, 1)
    moment = _wave_times(times, sizes.size)
    if successes.size != sizes.size or np.any(successes > sizes):
        raise ValueError("each wave needs its yes and its n, and no more yes than answers")
    total = int(sizes.sum())
    empty = SeveralWavesResult("cochran_armitage", "chi2", "proportion_slope", total)
    if sizes.size == 1 or sizes.min() == 0:
        return replace(empty, reason=ONE_WAVE if sizes.size == 1 else EMPTY_WAVE)
    share = int(successes.sum()) / total
    distance = moment - sizes @ moment / total
    spread = float(sizes @ distance**2)
    slope = float(distance @ (successes - share * sizes)) / spread
    error = sqrt(share * (1 - share) / spread)
    return _trend(empty, slope, slope / error if error else 0.0)


def _trend(empty: SeveralWavesResult, slope: float, z: float) -> SeveralWavesResult:
    p = 2 * float(stats.norm.sf(abs(z)))
    return replace(empty, statistic=z**2, df=1, p=p, effect=slope, z=z)


def _wave_times(times: ArrayLike | None, size: int) -> NDArray[np.float64]:
    values = np.arange(size, dtype=float) if times is None else np.asarray(times, dtype=float)
    if size == 0 or values.shape != (size,) or not np.all(np.isfinite(values)):
        raise ValueError(f"expected a finite time for each of {size} waves, got {times!r}")
    if np.unique(values).size < size:
        raise ValueError(f"each wave needs its own time, got {times!r}")
    return values


@dataclass(frozen=True)
class GeeResult:
    """The two questions to one panel: do the waves differ, and is there a linear trend?"""

    waves: SeveralWavesResult
    trend: SeveralWavesResult


def gee(
    patterns: ArrayLike, counts: ArrayLike, family: Family, times: ArrayLike | None = None
) -> GeeResult:
    """Generalised estimating equations for a panel in which regions may miss waves.

    Exchangeable working correlation; `family` 'binomial' (answers 0 and 1, logit link) or
    'gaussian' (any scores, identity link). A region counts with every wave it answered; missing
    answers must be missing completely at random. `waves` is the Wald test that all waves are
    equal (wave as category; chi2 with k - 1 degrees of freedom, one fewer for each wave in which
    every region repeated its answer of another wave). `trend` is the slope over `times` (default:
    positions), in log odds or score per unit of time, with its standard error. Both tests are large
    sample; below some 40 regions also look at Cochran's Q or Friedman.

    Works on patterns, so more regions with the same answers cost nothing. statsmodels' GEE gives
    the same on rows with `ddof_scale=0` and a small `ctol`, but takes 8 s for 10,000 regions; and
    its weights cannot replace rows: `bias_reduced` squares them, and Exchangeable fails on unequal
    numbers of waves. Scale and correlation divide by the number of answers and of pairs, as geepack
    does and SAS does not (N - p): so the correlation in a complete panel never exceeds 1.

    All answers equal, or a complete panel in which no region changed: p = 1. p is None, for each
    question apart, with one region or wave, an empty wave, a wave without spread ('binomial'
    waves), one region that decides a wave, a complete turn between two waves, and a correlation
    beyond its bounds. ValueError on invalid patterns, counts, family or times.

    Sources: Liang & Zeger (1986), Biometrika 73: 13-22; covariance with reduced bias: Mancl &
    DeRouen (2001), Biometrics 57: 126-134.
    """
    values, totals = panel_patterns(patterns, counts)
    moment = _wave_times(times, values.shape[1])
    if family not in ("binomial", "gaussian"):
        raise ValueError(f"family must be 'binomial' or 'gaussian', got {family!r}")
    if family == "binomial":
        check_yes_no(values)
    n, k = int(totals.sum()), values.shape[1]
    slope = "log_odds_slope" if family == "binomial" else "mean_slope"
    waves = SeveralWavesResult("gee_waves", "chi2", "", n)
    trend = SeveralWavesResult("gee_trend", "chi2", slope, n)
    reason = _no_panel(values, n)
    if not reason and _nothing_changed(values):
        still = replace(_trend(trend, 0.0, 0.0), error=0.0)
        return GeeResult(replace(waves, statistic=0.0, df=k - 1, p=1.0), still)
    if not reason and _constant(values).all():
        reason = NO_SPREAD
    if reason:
        return GeeResult(replace(waves, reason=reason), replace(trend, reason=reason))
    return GeeResult(
        _wave_test(waves, values, totals, family),
        _trend_test(trend, values, totals, family, moment),
    )


def _no_panel(values: NDArray[np.float64], n: int) -> str:
    answered = ~np.isnan(values)
    if values.shape[1] == 1:
        return ONE_WAVE
    if not answered.any(axis=0).all():
        return EMPTY_WAVE
    if n == 1:
        return ONE_REGION
    return "" if answered.sum(axis=1).max() > 1 else NO_REPEAT


def _nothing_changed(values: NDArray[np.float64]) -> bool:
    if np.unique(values[~np.isnan(values)]).size == 1:
        return True
    # NaN equals nothing: with a missing wave the waves have other regions, and may differ.
    return bool(np.all(values == values[:, :1]))


def _constant(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.nanmin(values, axis=0) == np.nanmax(values, axis=0))


def _wave_test(
    empty: SeveralWavesResult,
    values: NDArray[np.float64],
    totals: NDArray[np.int64],
    family: Family,
) -> SeveralWavesResult:
    if family == "binomial" and _constant(values).any():
        return replace(empty, reason=WAVE_WITHOUT_SPREAD)
    k = values.shape[1]
    fitted = _fit(values, totals, np.eye(k), family)
    if isinstance(fitted, str):
        return replace(empty, reason=fitted)
    contrast = np.eye(k)[1:] - np.eye(k)[0]
    difference, covariance = contrast @ fitted.estimate, contrast @ fitted.covariance @ contrast.T
    size, direction = np.linalg.eigh(covariance)
    # A direction without variance is a pair of waves with the same answers, which is no evidence.
    varies = size > 1e-9 * np.trace(fitted.covariance)
    along = direction.T @ difference
    if np.any(np.abs(along[~varies]) > 1e-8 * np.abs(fitted.estimate).max()):
        return replace(empty, reason=PARALLEL)
    chi2, df = float((along[varies] ** 2 / size[varies]).sum()), int(varies.sum())
    return replace(empty, statistic=chi2, df=df, p=float(stats.chi2.sf(chi2, df)))


def _trend_test(
    empty: SeveralWavesResult,
    values: NDArray[np.float64],
    totals: NDArray[np.int64],
    family: Family,
    moment: NDArray[np.float64],
) -> SeveralWavesResult:
    if family == "binomial":
        yes, no = (moment[(values == answer).any(axis=0)] for answer in (1, 0))
        if yes.max() <= no.min() or no.max() <= yes.min():
            return replace(empty, reason=SEPARATED)
    # Centred and scaled, so that years are as good as positions to the solver.
    spread = float(np.ptp(moment))
    design = np.column_stack([np.ones(moment.size), (moment - moment.mean()) / spread])
    fitted = _fit(values, totals, design, family)
    if isinstance(fitted, str):
        return replace(empty, reason=fitted)
    slope, variance = float(fitted.estimate[1]), float(fitted.covariance[1, 1])
    if variance <= 1e-9 * np.trace(fitted.covariance):
        return replace(empty, reason=PARALLEL)
    error = sqrt(variance)
    return replace(_trend(empty, slope / spread, slope / error), error=error / spread)


class _Fit(NamedTuple):
    estimate: NDArray[np.float64]
    covariance: NDArray[np.float64]


def _fit(
    values: NDArray[np.float64],
    totals: NDArray[np.int64],
    design: NDArray[np.float64],
    family: Family,
) -> _Fit | str:
    """Solve the estimating equations, `design` (k, p) being the same for every region.

    Returns the estimates with their covariance, or the Dutch reason why there are none.
    """
    answered = ~np.isnan(values)
    lowest = -1 / (int(answered.sum(axis=1).max()) - 1)  # below it V has no inverse
    estimate, correlation = np.zeros(design.shape[1]), 0.0
    for step in range(STEPS):
        mean, slope, variance = _link(design @ estimate, family)
        residual = np.where(answered, values - mean, 0) / np.sqrt(variance)
        if step >= FIRST_STEPS:
            correlation = _exchangeable(residual, answered, totals)
            if not lowest + 1e-9 < correlation < 1 - 1e-9:
                return PARALLEL if correlation > 0 else NO_FIT
        scores, informations = _equations(
            residual, answered, design * (slope / np.sqrt(variance))[:, np.newaxis], correlation
        )
        information = np.tensordot(totals, informations, 1)
        if np.linalg.cond(information) > 1e12:
            return NO_FIT
        move = np.linalg.solve(information, totals @ scores)
        if step > FIRST_STEPS and np.all(np.abs(move) <= 1e-10 * (1 + np.abs(estimate))):
            return _bias_reduced(estimate, information, scores, informations, totals)
        estimate = estimate + move
    return NO_FIT


def _link(
    predictor: NDArray[np.float64], family: Family
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean, its derivative and the variance function, per wave."""
    if family == "gaussian":
        return predictor, np.ones_like(predictor), np.ones_like(predictor)
    bounded = np.clip(predictor, -30, 30)  # a step may overshoot, to a variance of 0
    mean = special.expit(bounded)
    variance = mean * special.expit(-bounded)
    return mean, variance, variance


def _exchangeable(
    residual: NDArray[np.float64], answered: NDArray[np.bool_], totals: NDArray[np.int64]
) -> float:
    """Return the mean product of a region's residuals over their mean square."""
    squares = (residual**2).sum(axis=1)
    sizes = answered.sum(axis=1)
    scale = totals @ squares / (totals @ sizes)
    products = totals @ (residual.sum(axis=1) ** 2 - squares) / (totals @ (sizes * (sizes - 1)))
    return float(products / scale)


def _equations(
    residual: NDArray[np.float64],
    answered: NDArray[np.bool_],
    derivative: NDArray[np.float64],
    correlation: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return per pattern D'V^-1 r (m, p) and D'V^-1 D (m, p, p), all standardised.

    V is exchangeable over the waves that were answered, so its inverse is known in closed form.
    """
    shared = correlation / (1 + (answered.sum(axis=1) - 1) * correlation)
    summed = answered @ derivative
    scores = residual @ derivative - (shared * residual.sum(axis=1))[:, np.newaxis] * summed
    informations = np.einsum("ij,jp,jq->ipq", answered, derivative, derivative)
    informations -= np.einsum("i,ip,iq->ipq", shared, summed, summed)
    return scores / (1 - correlation), informations / (1 - correlation)


def _bias_reduced(
    estimate: NDArray[np.float64],
    information: NDArray[np.float64],
    scores: NDArray[np.float64],
    informations: NDArray[np.float64],
    totals: NDArray[np.int64],
) -> _Fit | str:
    """Mancl and DeRouen's covariance, each region's score corrected for its own leverage.

    Their D'V^-1 (I - H)^-1 r, with H = D B^-1 D'V^-1, equals (I - D'V^-1 D B^-1)^-1 D'V^-1 r: a
    system as small as the design.
    """
    inverse = np.linalg.inv(information)
    without_own = np.eye(estimate.size) - informations @ inverse
    if np.min(np.abs(np.linalg.det(without_own))) < 1e-9:
        return ONE_REGION_DECIDES
    corrected = np.linalg.solve(without_own, scores[:, :, np.newaxis])[:, :, 0]
    middle = np.einsum("i,ip,iq->pq", totals, corrected, corrected)
    return _Fit(estimate, inverse @ middle @ inverse)

"""Tests for a change between two waves, from counts alone.

No function here sees a respondent's row. The input is the number of valid answers per code, or
the table of transitions between two waves (rows = code before, columns = code after). All p
values are two-sided, and a positive effect is a rise.

Missing values: the callers leave missing answers out of the counts, and a pair counts only when
both waves are valid. A missing, negative, infinite or fractional count raises ValueError: it is
never read as 0. Where there is too little to test, p is None and `reason` says why in Dutch, since
pages show it; where there is nothing that differs, p is 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.moments import (
    Moments,
    difference_counts,
    merge_equal,
    moments,
    score_values,
    welch_error,
    whole_counts,
)

# Pairs, unchanged ones included: they raise the ranks and so the size of the null distribution.
EXACT_WILCOXON_PAIRS = 1_000
# The limit of R's wilcox.test for the exact null distribution without ties.
EXACT_MANN_WHITNEY_ANSWERS = 50

NO_PAIRS = "Geen enkele regio gaf in beide jaren een geldig antwoord."
ONE_PAIR = (
    "Maar één regio gaf in beide jaren een geldig antwoord. Voor deze toets zijn er twee nodig."
)
SAME_CHANGE = (
    "Alle regio's veranderden precies evenveel. Dan is de kans op toeval niet te berekenen."
)
EMPTY_WAVE = "In minstens één van de jaren gaf geen enkele regio een geldig antwoord."
SMALL_WAVE = "Voor deze toets zijn in elk jaar minstens twee geldige antwoorden nodig."
NO_SPREAD = (
    "Binnen elk jaar gaven alle regio's hetzelfde antwoord. "
    "Dan is de kans op toeval niet te berekenen."
)


@dataclass(frozen=True)
class TestResult:
    """Outcome of one test.

    `p` is None only with a `reason`: one or two plain Dutch sentences. `test` is one of
    'mcnemar_midp', 'mcnemar_exact', 'fisher', 'wilcoxon_pratt', 'wilcoxon_pratt_normal',
    'mann_whitney', 'paired_t' and 'welch_t'; `effect_name` one of 'difference' (of proportions,
    after minus before), 'matched_rank_biserial', 'rank_biserial', 'cohen_dz' and 'hedges_g'.
    """

    __test__ = False  # pytest would take the name for a test class

    test: str
    statistic: float | None
    p: float | None
    effect: float | None
    effect_name: str
    reason: str = ""


def mcnemar_exact(up: int, down: int) -> float:
    """Exact McNemar p value from the pairs that changed to yes (`up`) and to no (`down`).

    The binomial test of up against down with probability 1/2; 1 when no pair changed. ValueError
    on a negative or fractional count. Source: McNemar (1947), Psychometrika 12: 153-157.
    """
    fewest, total = _discordant(up, down)
    return min(1.0, 2 * float(stats.binom.cdf(fewest, total, 0.5)))


def mcnemar_midp(up: int, down: int) -> float:
    """Mid-p McNemar p value: twice the smaller tail, which counts half the observed outcome.

    1 when up = down, so also when no pair changed. (Fagerland et al. give 1 - P(observed)/2 for
    up = down, which never leads to another decision.) ValueError on a negative or fractional
    count. Sources: Lancaster (1961), JASA 56: 223-234; Fagerland, Lydersen & Laake (2013), BMC
    Medical Research Methodology 13: 91.
    """
    fewest, total = _discordant(up, down)
    if 2 * fewest == total:
        return 1.0
    below = 2 * float(stats.binom.cdf(fewest - 1, total, 0.5))
    return min(1.0, below + float(stats.binom.pmf(fewest, total, 0.5)))


def _discordant(up: int, down: int) -> tuple[int, int]:
    counts = whole_counts([up, down], 1)
    return int(counts.min()), int(counts.sum())


def fisher_exact(before_yes: int, before_n: int, after_yes: int, after_n: int) -> float:
    """Fisher's exact p value for the proportions of two waves without a common respondent.

    Adds the probabilities of all tables that are not more likely than the observed one; 1 when
    everyone gave the same answer. ValueError on an invalid count, on more yes than n, and when a
    wave is empty: the callers check n first. Source: Fisher (1935), JRSS 98: 39-82.
    """
    whole_counts([before_yes, before_n, after_yes, after_n], 1)
    if before_yes > before_n or after_yes > after_n or min(before_n, after_n) == 0:
        raise ValueError("each wave needs answers, and no more yes than answers")
    table = np.array([[before_yes, before_n - before_yes], [after_yes, after_n - after_yes]])
    return float(stats.fisher_exact(table).pvalue)


def wilcoxon_pratt(transitions: ArrayLike, scores: ArrayLike | None = None) -> TestResult:
    """Wilcoxon's signed-rank test with the zeros ranked by Pratt and the exact null with ties.

    `transitions` is the square table of code before (rows) by code after (columns), in the order
    of the scale; `scores` (default: positions) serve a scale with unequal steps. All pairs get a
    midrank by the size of their change; then the unchanged pairs are dropped. The null
    distribution of the sum of the positive ranks is exact, by dynamic programming over doubled
    midranks (whole numbers). Above 1,000 pairs, unchanged ones included, the tie-corrected normal
    form without continuity correction takes over: test 'wilcoxon_pratt_normal'.

    `statistic` is W+, the sum of the Pratt ranks of the rises. The effect, 'matched_rank_biserial',
    is (W+ - W-)/(W+ + W-) over the Pratt ranks of the changed pairs: +1 when all changes are rises,
    however many pairs stayed equal. No change at all gives p = 1 and effect 0; no pairs give p
    None. ValueError on an invalid table or invalid scores.

    Sources: Pratt (1959), JASA 54: 655-667; Streitberg & Roehmel (1986), Statistical Software
    Newsletter 12: 10-17 (exact, with ties); Kerby (2014), Comprehensive Psychology 3: 11.IT.3.1
    (effect).
    """
    differences, counts = difference_counts(transitions, scores)
    sizes, _ = merge_equal(np.abs(differences), counts)
    ups = np.array([counts[differences == size].sum() for size in sizes], dtype=np.int64)
    downs = np.array([counts[differences == -size].sum() for size in sizes], dtype=np.int64)
    ties = np.where(sizes > 0, ups + downs, ups)
    n = int(ties.sum())
    name = "wilcoxon_pratt" if n <= EXACT_WILCOXON_PAIRS else "wilcoxon_pratt_normal"
    if n == 0:
        return TestResult(name, None, None, None, "matched_rank_biserial", NO_PAIRS)
    ranks = 2 * (np.cumsum(ties) - ties) + ties + 1  # doubled midranks
    changed = sizes > 0
    ranks, ties, ups, downs = ranks[changed], ties[changed], ups[changed], downs[changed]
    plus, minus = int(ranks @ ups), int(ranks @ downs)
    if plus == minus:
        p = 1.0
    elif n <= EXACT_WILCOXON_PAIRS:
        p = min(1.0, 2 * _signed_rank_tail(ranks, ties, max(plus, minus)))
    else:
        p = 2 * float(stats.norm.sf(abs(plus - minus) / sqrt(ties @ ranks.astype(float) ** 2)))
    effect = (plus - minus) / (plus + minus) if plus + minus else 0.0
    return TestResult(name, plus / 2, p, effect, "matched_rank_biserial")


def _signed_rank_tail(ranks: NDArray[np.int64], ties: NDArray[np.int64], observed: int) -> float:
    """P(sum of positive doubled ranks >= observed), `ties[i]` pairs having rank `ranks[i]`."""
    # Within a tie the number of rises is binomial, so a tie is one step and not one per pair.
    # The largest tie comes last: only its tail is needed, and the array stays short.
    order = np.argsort(ties)
    probability = np.ones(1)
    for rank, size in zip(ranks[order[:-1]], ties[order[:-1]], strict=True):
        longer = np.zeros(probability.size + rank * size)
        for rises, weight in enumerate(stats.binom.pmf(np.arange(size + 1), size, 0.5)):
            longer[rises * rank : rises * rank + probability.size] += weight * probability
        probability = longer
    rank, size = ranks[order[-1]], ties[order[-1]]
    needed = -((np.arange(probability.size) - observed) // rank)  # ceiling of (observed - sum)/rank
    tail = stats.binom.sf(np.arange(size + 2) - 1, size, 0.5)
    return float(probability @ tail[np.clip(needed, 0, size + 1)])


def mann_whitney(
    before_counts: ArrayLike, after_counts: ArrayLike, scores: ArrayLike | None = None
) -> TestResult:
    """Mann-Whitney test for an ordinal answer in two waves without a common respondent.

    Both arguments hold the valid answers per code, in the order of one scale; `scores` (default:
    positions) only order the codes, and equal scores merge them. As R's wilcox.test: without a
    single tie and with fewer than 50 answers in each wave the null distribution is exact;
    otherwise normal, corrected for ties and for continuity.

    `statistic` is U, the pairs (before, after) in which after is higher, a tie counting half. The
    effect 'rank_biserial' is 2U/(n_before * n_after) - 1. When everyone gave the same answer p = 1
    and the effect is 0; an empty wave gives p None. ValueError on invalid counts or scores.

    Sources: Mann & Whitney (1947), Annals of Mathematical Statistics 18: 50-60; Lehmann (1975),
    Nonparametrics, section 1.4 (ties); Cureton (1956), Psychometrika 21: 287-290 (effect).
    """
    counts = whole_counts(before_counts, 1), whole_counts(after_counts, 1)
    if counts[0].size != counts[1].size:
        raise ValueError("both waves need a count for each code of one scale")
    values = score_values(scores, counts[0].size)
    _, code = np.unique(np.round(values, 10), return_inverse=True)
    before, after = (np.bincount(code, weights=wave).astype(np.int64) for wave in counts)
    n_before, n_after = int(before.sum()), int(after.sum())
    if min(n_before, n_after) == 0:
        return TestResult("mann_whitney", None, None, None, "rank_biserial", EMPTY_WAVE)
    u = float(after @ (np.cumsum(before) - before / 2))
    effect = 2 * u / (n_before * n_after) - 1
    p = _mann_whitney_p(before, after, u)
    return TestResult("mann_whitney", u, p, effect, "rank_biserial")


def _mann_whitney_p(before: NDArray[np.int64], after: NDArray[np.int64], u: float) -> float:
    n_before, n_after, ties = int(before.sum()), int(after.sum()), (before + after).astype(float)
    if ties.max() == 1 and max(n_before, n_after) < EXACT_MANN_WHITNEY_ANSWERS:
        # Without ties a code holds one answer, so the positions of the codes are the ranks.
        ranks = np.flatnonzero(after), np.flatnonzero(before)
        return float(stats.mannwhitneyu(*ranks, method="exact").pvalue)
    if np.count_nonzero(ties) == 1:
        return 1.0
    n = n_before + n_after
    variance = n_before * n_after / 12 * (n + 1 - (ties**3 - ties).sum() / (n * (n - 1)))
    distance = max(0.0, abs(u - n_before * n_after / 2) - 0.5)
    return 2 * float(stats.norm.sf(distance / sqrt(variance)))


def paired_t(transitions: ArrayLike, scores: ArrayLike | None = None) -> TestResult:
    """Paired t test of the mean change in score, with Cohen's dz.

    `transitions` is the square table of code before (rows) by code after (columns). `statistic`
    is t. No change in any pair gives p = 1, t = 0 and dz = 0. The test is not defined, and p None,
    without pairs, with one pair, and when all pairs change equally. ValueError on an invalid table
    or invalid scores. Sources: Student (1908), Biometrika 6: 1-25; Cohen (1988), Statistical
    Power Analysis, section 2.3.5 (dz).
    """
    differences, counts = difference_counts(transitions, scores)
    n, mean, variance = moments(counts, differences)
    if n < 2:
        reason = NO_PAIRS if n == 0 else ONE_PAIR
        return TestResult("paired_t", None, None, None, "cohen_dz", reason)
    if variance == 0:
        return _without_spread("paired_t", mean, "cohen_dz", SAME_CHANGE)
    t = mean / sqrt(variance / n)
    p = 2 * float(stats.t.sf(abs(t), n - 1))
    return TestResult("paired_t", t, p, mean / sqrt(variance), "cohen_dz")


def welch_t(
    before_counts: ArrayLike, after_counts: ArrayLike, scores: ArrayLike | None = None
) -> TestResult:
    """Welch's t test for the means of two waves without a common respondent, with Hedges' g.

    Both arguments hold the valid answers per code of one scale. `statistic` is t. The effect is
    the difference over the pooled standard deviation, with the exact small-sample correction.
    Equal answers throughout give p = 1, t = 0 and g = 0. The test is not defined, and p None, when
    a wave has fewer than two answers, and when the waves differ but neither has any spread.
    ValueError on invalid counts or scores. Sources: Welch (1947), Biometrika 34: 28-35; Hedges
    (1981), Journal of Educational Statistics 6: 107-128.
    """
    before, after = moments(before_counts, scores), moments(after_counts, scores)
    if min(before.n, after.n) < 2:
        return TestResult("welch_t", None, None, None, "hedges_g", SMALL_WAVE)
    difference = after.mean - before.mean
    error, df = welch_error(before, after)
    if error == 0:
        return _without_spread("welch_t", difference, "hedges_g", NO_SPREAD)
    t = difference / error
    g = difference * _hedges_factor(before, after)
    return TestResult("welch_t", t, 2 * float(stats.t.sf(abs(t), df)), g, "hedges_g")


def _hedges_factor(before: Moments, after: Moments) -> float:
    """Hedges' correction for the degrees of freedom, over the pooled standard deviation."""
    df = before.n + after.n - 2
    pooled = ((before.n - 1) * before.variance + (after.n - 1) * after.variance) / df
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2) - log(df / 2) / 2) / sqrt(pooled)


def _without_spread(test: str, difference: float, effect_name: str, reason: str) -> TestResult:
    if difference == 0:
        return TestResult(test, 0.0, 1.0, 0.0, effect_name)
    return TestResult(test, None, None, None, effect_name, reason)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p values by Holm's step-down method, in the given order.

    None stays None and does not count as a hypothesis. ValueError when a p value is NaN or lies
    outside [0, 1]. Source: Holm (1979), Scandinavian Journal of Statistics 6: 65-70.
    """
    return _adjusted(p_values, _step_down)


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p values by Benjamini and Hochberg's method (false discovery rate), in order.

    None stays None and does not count as a hypothesis. ValueError when a p value is NaN or lies
    outside [0, 1]. Source: Benjamini & Hochberg (1995), JRSS B 57: 289-300.
    """
    return _adjusted(p_values, stats.false_discovery_control)


def _step_down(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    # statsmodels has this too, but collects garbage at every call: 60 ms in a server process
    order = np.argsort(p_values)
    stepped = p_values[order] * np.arange(p_values.size, 0, -1)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1)
    return adjusted


def _adjusted(
    p_values: Sequence[float | None],
    method: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> list[float | None]:
    known = np.array([p for p in p_values if p is not None], dtype=float)
    if not np.all((known >= 0) & (known <= 1)):
        raise ValueError(f"p values must lie in [0, 1], got {p_values!r}")
    adjusted = iter(method(known).tolist() if known.size else [])
    return [None if p is None else next(adjusted) for p in p_values]

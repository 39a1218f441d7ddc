"""Tests for a change between two waves of the same regions, from the table of transitions."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.moments import difference_counts, merge_equal, moments, whole_counts
from analysis.significance.result import NO_PAIRS, ONE_PAIR, SAME_CHANGE, TestResult, without_spread

# Pairs, unchanged ones included: they raise the ranks and so the size of the null distribution.
EXACT_WILCOXON_PAIRS = 1_000


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
        return without_spread("paired_t", mean, "cohen_dz", SAME_CHANGE)
    t = mean / sqrt(variance / n)
    p = 2 * float(stats.t.sf(abs(t), n - 1))
    return TestResult("paired_t", t, p, mean / sqrt(variance), "cohen_dz")

"""Tests for a change between two waves, from counts alone.

No function here sees a respondent's row. The input is the number of valid answers per code, or
the table of transitions between two waves (rows = code before, columns = code after). All p
values are two-sided, and a positive effect is a rise; a test of equivalence (`tost_*`) takes the
larger of two one-sided p values.

Missing values: the callers leave missing answers out of the counts, and a pair counts only when
both waves are valid. A missing, negative, infinite or fractional count raises ValueError: it is
never read as 0. Where there is too little to test, p is None and `reason` says why in Dutch, since
pages show it; where there is nothing that differs, p is 1.
"""

from analysis.significance.equivalence import (
    tost_paired_proportions,
    tost_paired_t,
    tost_proportions,
    tost_welch,
)
from analysis.significance.independent import (
    brunner_munzel,
    fisher_exact,
    mann_whitney,
    welch_t,
)
from analysis.significance.multiplicity import benjamini_hochberg, holm
from analysis.significance.overlap import (
    OverlapResult,
    overlapping_means,
    overlapping_proportions,
)
from analysis.significance.paired import (
    EXACT_WILCOXON_PAIRS,
    mcnemar_exact,
    mcnemar_midp,
    paired_t,
    wilcoxon_pratt,
)
from analysis.significance.repeated_means import repeated_means
from analysis.significance.result import EMPTY_WAVE, NO_PAIRS, TestResult
from analysis.significance.several_waves import (
    SeveralWavesResult,
    cochran_q,
    friedman,
    kruskal_wallis,
    welch_anova,
)
from analysis.significance.trend import GeeResult, cochran_armitage, gee

__all__ = [
    "EMPTY_WAVE",
    "EXACT_WILCOXON_PAIRS",
    "NO_PAIRS",
    "GeeResult",
    "OverlapResult",
    "SeveralWavesResult",
    "TestResult",
    "benjamini_hochberg",
    "brunner_munzel",
    "cochran_armitage",
    "cochran_q",
    "fisher_exact",
    "friedman",
    "gee",
    "holm",
    "kruskal_wallis",
    "mann_whitney",
    "mcnemar_exact",
    "mcnemar_midp",
    "overlapping_means",
    "overlapping_proportions",
    "paired_t",
    "repeated_means",
    "tost_paired_proportions",
    "tost_paired_t",
    "tost_proportions",
    "tost_welch",
    "welch_anova",
    "welch_t",
    "wilcoxon_pratt",
]

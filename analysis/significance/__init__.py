"""Tests for a change between two waves, from counts alone.

No function here sees a respondent's row. The input is the number of valid answers per code, or
the table of transitions between two waves (rows = code before, columns = code after). All p
values are two-sided, and a positive effect is a rise.

Missing values: the callers leave missing answers out of the counts, and a pair counts only when
both waves are valid. A missing, negative, infinite or fractional count raises ValueError: it is
never read as 0. Where there is too little to test, p is None and `reason` says why in Dutch, since
pages show it; where there is nothing that differs, p is 1.
"""

from analysis.significance.independent import fisher_exact, mann_whitney, welch_t
from analysis.significance.multiplicity import benjamini_hochberg, holm
from analysis.significance.paired import (
    EXACT_WILCOXON_PAIRS,
    mcnemar_exact,
    mcnemar_midp,
    paired_t,
    wilcoxon_pratt,
)
from analysis.significance.result import EMPTY_WAVE, NO_PAIRS, TestResult

__all__ = [
    "EMPTY_WAVE",
    "EXACT_WILCOXON_PAIRS",
    "NO_PAIRS",
    "TestResult",
    "benjamini_hochberg",
    "fisher_exact",
    "holm",
    "mann_whitney",
    "mcnemar_exact",
    "mcnemar_midp",
    "paired_t",
    "welch_t",
    "wilcoxon_pratt",
]

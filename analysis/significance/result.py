"""What every test returns, and why there may be no p value."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

NO_PAIRS = "Geen enkele regio gaf in beide jaren een geldig antwoord."
ONE_PAIR = (
    "Maar één regio gaf in beide jaren een geldig antwoord. Voor deze toets zijn er twee nodig."
)
SAME_CHANGE = (
    "Alle regio's veranderden precies evenveel. Dan is de kans op toeval niet te berekenen."
)
NO_CHANGE = "Geen enkele regio veranderde. Dan is de kans op toeval niet te berekenen."
EMPTY_WAVE = "In minstens één van de jaren gaf geen enkele regio een geldig antwoord."
SMALL_WAVE = "Voor deze toets zijn in elk jaar minstens twee geldige antwoorden nodig."
NO_SPREAD = (
    "Binnen elk jaar gaven alle regio's hetzelfde antwoord. "
    "Dan is de kans op toeval niet te berekenen."
)
NO_OVERLAP = (
    "Alle antwoorden van het ene jaar liggen boven die van het andere. "
    "Dan is de kans op toeval met deze toets niet te berekenen."
)
NO_WIDTH = "Er is geen spreiding. Dan is er geen betrouwbaarheidsinterval te berekenen."


@dataclass(frozen=True)
class TestResult:
    """Outcome of one test.

    `p` is None only with a `reason`: one or two plain Dutch sentences. `test` is one of
    'mcnemar_midp', 'mcnemar_exact', 'fisher', 'wilcoxon_pratt', 'wilcoxon_pratt_normal',
    'mann_whitney', 'brunner_munzel', 'paired_t', 'welch_t', and for equivalence 'tost_tango',
    'tost_newcombe', 'tost_paired_t' and 'tost_welch'. `effect_name` is one of 'difference' (of
    proportions, after minus before), 'mean_difference', 'conditional_odds_ratio', 'odds_ratio',
    'matched_rank_biserial', 'rank_biserial', 'relative_effect', 'cohen_dz' and 'hedges_g'.
    """

    __test__ = False  # pytest would take the name for a test class

    test: str
    statistic: float | None
    p: float | None
    effect: float | None
    effect_name: str
    reason: str = ""


def without_spread(test: str, difference: float, effect_name: str, reason: str) -> TestResult:
    if isclose(difference, 0, abs_tol=1e-10):  # equal means can differ by rounding
        return TestResult(test, 0.0, 1.0, 0.0, effect_name)
    return TestResult(test, None, None, None, effect_name, reason)

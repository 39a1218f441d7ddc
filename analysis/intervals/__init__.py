"""Confidence intervals for levels and changes, from counts alone.

No function here sees a respondent's row. The input is the number of valid answers per code, or
the table of transitions between two waves (rows = code before, columns = code after).

Missing values: the callers leave missing answers out of the counts, and a pair counts only when
both waves are valid. A missing, negative, infinite or fractional count raises ValueError: it is
never read as 0. Proportions and their differences are fractions (0.10 is ten points); means and
their differences are in the unit of the scores. A difference is always after minus before.
"""

from analysis.intervals.independent import newcombe_interval, welch_interval
from analysis.intervals.interval import Interval, OddsRatioInterval
from analysis.intervals.levels import (
    clopper_pearson_interval,
    hypergeometric_interval,
    mean_interval,
    wilson_interval,
)
from analysis.intervals.paired import (
    conditional_odds_ratio_interval,
    mean_difference_interval,
    newcombe10_interval,
    tango_interval,
)

__all__ = [
    "Interval",
    "OddsRatioInterval",
    "clopper_pearson_interval",
    "conditional_odds_ratio_interval",
    "hypergeometric_interval",
    "mean_difference_interval",
    "mean_interval",
    "newcombe10_interval",
    "newcombe_interval",
    "tango_interval",
    "welch_interval",
    "wilson_interval",
]

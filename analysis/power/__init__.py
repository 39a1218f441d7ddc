"""What a comparison could have shown: power, the smallest change found, the numbers needed.

'Not shown' is not 'unchanged'. The detectable change is the one that a two-sided test at `alpha`
would have found with probability `power`, from the number of valid answers or pairs alone: for
planning, or beside a result without a star. The needed number turns that around: how many pairs or
answers find a given change. Do not feed these functions the observed change: power at the observed
change only repeats the p value (Hoenig & Heisey 2001, The American Statistician 55: 19-24).

Changes of proportions are fractions (0.10 is ten points), changes of means are in the unit of the
standard deviation given. Sizes are counts of valid answers or pairs: the callers leave missing
answers out. ValueError on a negative or fractional size, on a proportion outside [0, 1], on a
negative standard deviation, and unless 0 < alpha < power < 1.
"""

from analysis.power.independent import (
    EXACT_FISHER_TABLES,
    detectable_mean_change_independent,
    detectable_proportion_change_independent,
    detectable_score_change_independent,
    fisher_power,
)
from analysis.power.noncentral import WILCOXON_EFFICIENCY
from analysis.power.paired import (
    EXACT_POWER_PAIRS,
    detectable_mean_change,
    detectable_score_change,
    mcnemar_detectable_change,
    mcnemar_power,
    paired_t_power,
)
from analysis.power.planning import (
    needed_answers_mean,
    needed_answers_proportion,
    needed_pairs_mean,
    needed_pairs_proportion,
)

__all__ = [
    "EXACT_FISHER_TABLES",
    "EXACT_POWER_PAIRS",
    "WILCOXON_EFFICIENCY",
    "detectable_mean_change",
    "detectable_mean_change_independent",
    "detectable_proportion_change_independent",
    "detectable_score_change",
    "detectable_score_change_independent",
    "fisher_power",
    "mcnemar_detectable_change",
    "mcnemar_power",
    "needed_answers_mean",
    "needed_answers_proportion",
    "needed_pairs_mean",
    "needed_pairs_proportion",
    "paired_t_power",
]

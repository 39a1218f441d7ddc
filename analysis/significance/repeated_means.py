"""The means of the same regions in three waves or more, with the small-sample distribution."""

from __future__ import annotations

from dataclasses import replace

from numpy.typing import ArrayLike
from scipy import stats

from analysis.significance.several_waves import NO_PANEL, SeveralWavesResult, panel_patterns
from analysis.significance.trend import gee

FEW_REGIONS = (
    "Te weinig regio's gaven in alle jaren een geldig antwoord: het moeten er meer zijn dan er "
    "jaren zijn."
)


def repeated_means(patterns: ArrayLike, counts: ArrayLike) -> SeveralWavesResult:
    """Test that the means of all waves of a panel are equal, test 'gee_waves'.

    `patterns` (m, k) holds scores per wave, NaN for none; only regions with a valid answer in
    every wave count. The statistic is the Wald chi-square of `gee` over those. In a complete panel
    it is (n - 1)/n times Hotelling's T squared, so its p value is exact for normal answers: F with
    `df` and `df_error` = n - df degrees of freedom. (Against chi-square it would be too small: at
    42 regions and four waves 8% of the stars would be false.) With two waves it is the paired t
    test. p = 1 when no region changed; p None as in `gee`, and without more regions than waves
    less one. ValueError on invalid patterns or counts. Sources: Hotelling (1931), Annals of
    Mathematical Statistics 2: 360-378; Mancl & DeRouen (2001), Biometrics 57: 126-134.
    """
    values, totals = panel_patterns(patterns, counts)
    complete = (values == values).all(axis=1)
    waves = gee(values[complete], totals[complete], "gaussian").waves
    if not complete.any():
        return replace(waves, reason=NO_PANEL)
    if waves.p is None or waves.statistic is None or waves.df is None or waves.statistic == 0:
        return waves
    n, df = waves.n, waves.df
    if n <= df:
        return replace(waves, statistic=None, df=None, p=None, reason=FEW_REGIONS)
    ratio = waves.statistic * n * (n - df) / ((n - 1) ** 2 * df)
    return replace(waves, df_error=n - df, p=float(stats.f.sf(ratio, df, n - df)))

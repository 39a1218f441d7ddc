"""What printed figures tell about the counts behind them.

A percentage that was rounded is the image of few whole counts: 'of n' often rules itself out. The
reasoning is the GRIM test of Brown & Heathers (2017), Social Psychological and Personality Science
8: 363-369, here for shares of respondents and with n unknown. Likewise a paired table is not free
once its margins are known: the possible splits can be listed, and a published star held against
each.

Every function here works on printed figures or plain counts: no respondent's row enters, so there
is no missing value; n is the base of the figure, without the missing answers. What is no count or
no percentage raises ValueError. Whether a percentage is attainable is decided in whole numbers,
never in floats: 62.5 is a tie, and only a tie tells the two roundings apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from scipy import stats

from analysis.moments import whole_counts
from analysis.significance import fisher_exact, mcnemar_exact, mcnemar_midp

Rounding = Literal["half_up", "half_even"]

# Above n = 100 a whole percentage tells nothing about n, and pages of output help nobody.
LARGEST_N = 10_000


@dataclass(frozen=True)
class AttainableSize:
    """An n that serves a row: `counts` holds, per percentage, the whole counts that give it."""

    n: int
    counts: tuple[range, ...]


@dataclass(frozen=True)
class Split:
    """A table of n pairs: yes in both waves, no-yes, yes-no, no in both."""

    both: int
    up: int
    down: int
    neither: int


def decimals_of(percentage: Decimal) -> int:
    """Return the decimals with which a percentage was printed: 0 for 57, 1 for 57.0."""
    exponent = percentage.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= percentage <= 100:
        raise ValueError(f"a percentage must lie between 0 and 100, got {percentage}")
    return max(0, -exponent)


def counts_giving(percentage: Decimal, n: int, rounding: Rounding) -> range:
    """Return the whole counts k, 0 <= k <= n, for which k/n is printed as `percentage`.

    The percentage (0-100) is read as rounded to the decimals with which it is written: 57 comes
    from [56.5, 57.5) under 'half_up'; under 'half_even' a tie goes to the even neighbour, so 58
    comes from [57.5, 58.5] and 57 from (56.5, 57.5). The counts are consecutive, possibly none.
    ValueError on a percentage outside 0-100, on n < 1 and on another rounding. Source: Brown &
    Heathers (2017), see above.
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if rounding not in ("half_up", "half_even"):
        raise ValueError(f"rounding must be 'half_up' or 'half_even', got {rounding!r}")
    steps = 10 ** decimals_of(percentage)
    printed = int(Fraction(percentage) * steps)
    # In half units of the last printed digit k/n is 200 * steps * k/n: compared without dividing.
    unit, low, high = 200 * steps, (2 * printed - 1) * n, (2 * printed + 1) * n
    takes_low = rounding == "half_up" or printed % 2 == 0
    takes_high = rounding == "half_even" and printed % 2 == 0
    first = -(-low // unit) if takes_low else low // unit + 1
    last = high // unit if takes_high else -(-high // unit) - 1
    return range(max(first, 0), min(last, n) + 1)


def attainable_sizes(
    percentages: Sequence[Decimal], sizes: Iterable[int], rounding: Rounding
) -> list[AttainableSize]:
    """Return those `sizes` for which each percentage is k of n for some whole k, in order.

    The percentages share n and nothing else: they need not add up. Rows are judged jointly by
    handing over all their percentages. From n = 100 (at 0 decimals; 1000 at 1, and so on) every
    percentage is attainable, so there a figure tells nothing about n. ValueError without
    percentages, and as for `counts_giving`.
    """
    if not percentages:
        raise ValueError("need at least one percentage")
    found = (
        AttainableSize(n, tuple(counts_giving(value, n, rounding) for value in percentages))
        for n in sizes
    )
    return [size for size in found if all(size.counts)]


def possible_splits(before: int, after: int, n: int) -> list[Split]:
    """Return every table of n pairs with `before` yes in the first wave and `after` in the second.

    In order of the pairs that changed to no; there always is at least one. The margins fix
    up - down = after - before, and leave as many tables as 'both' and 'neither' allow: the
    Frechet bounds. ValueError on an invalid count, n < 1 and more yes than n. Source: Frechet
    (1951), Annales de l'Universite de Lyon, section A, 14: 53-77.
    """
    _check_margins(before, after, n)
    change = after - before
    return [
        Split(before - down, down + change, down, n - after - down)
        for down in range(max(0, -change), min(before, n - after) + 1)
    ]


def paired_p_values(up: int, down: int) -> dict[str, float]:
    """Return the p values of four forms of McNemar's test, by name; each is 1 when up = down.

    'mcnemar_midp' and 'mcnemar_exact' are those of `analysis.significance`; 'mcnemar_asymptotic'
    and 'mcnemar_corrected' refer (|up - down| - c)^2/(up + down) to chi-square with 1 df, c = 0 or
    1. ValueError on a negative or fractional count. Sources: McNemar (1947), Psychometrika 12:
    153-157; Edwards (1948), Psychometrika 13: 185-187 (correction).
    """
    return {
        "mcnemar_midp": mcnemar_midp(up, down),
        "mcnemar_exact": mcnemar_exact(up, down),
        "mcnemar_asymptotic": _mcnemar_chi_square(up, down, 0),
        "mcnemar_corrected": _mcnemar_chi_square(up, down, 1),
    }


def _mcnemar_chi_square(up: int, down: int, correction: int) -> float:
    # statsmodels corrects also where up = down, which gives .75 in place of 1 at one each.
    distance = max(0, abs(up - down) - correction)
    return float(stats.chi2.sf(distance**2 / (up + down), 1)) if distance else 1.0


def unpaired_p_values(before: int, after: int, n: int) -> dict[str, float]:
    """Return the p values on the same margins, as if the waves had no respondent in common.

    'fisher', and 'pooled_z': the z test with pooled variance, two-sided, which is the chi-square
    test without correction. They do not depend on the split. Both are 1 when all answers are the
    same. ValueError on an invalid count, n < 1 and more yes than n. Sources: Fisher (1935), JRSS
    98: 39-82; Pearson (1900), Philosophical Magazine 50: 157-175.
    """
    _check_margins(before, after, n)
    pooled = 1.0
    if 0 < before + after < 2 * n:
        table = [[before, n - before], [after, n - after]]
        pooled = float(stats.chi2_contingency(table, correction=False).pvalue)
    return {"fisher": fisher_exact(before, n, after, n), "pooled_z": pooled}


def _check_margins(before: int, after: int, n: int) -> None:
    whole_counts([before, after, n], 1)
    if n < 1 or before > n or after > n:
        raise ValueError(f"need n >= 1 and no more yes than n, got {before}, {after} of {n}")

"""What may be shown of a series: three waves or more over one panel, and the waves two by two.

A series over a panel tells of each wave what the `n` regions said that answered in every wave, and
what all `n_all` said that answered in it. The answers of the others are their difference. So:

- Where in any wave those others are a few regions, nothing that is over all answers is told of any
  wave: no size, no value, no trend.
- Two waves are compared over that same panel. A comparison over other regions, such as over all
  that answered in both, is suppressed: beside the panel it would tell of the regions that are in
  the one and not in the other.

A series over all answers (fewer than ten regions answered every time, or none twice) tells no size
of a panel. There a comparison of the pairs of two waves is suppressed where few regions answered in
one of them and are in no pair. A series of independent waves is suppressed where the panel that
there is leaves a few regions: that panel may be released elsewhere, as for two waves.

A series that is refused, or of which a wave has no answers, has no values and no sizes. Its
comparisons stand alone, and tell no more than the pairs.

With that the sets of regions whose answers in a wave can be found by adding and subtracting are
those that are told, and what one of them leaves of the wave; none of these is small.

Not covered, as in all releases: what others show. Beside two waves compared over all their pairs
the panel of a series may leave a few regions.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from analysis.comparison import Comparison
from analysis.decision import NOT_COMPARABLE
from analysis.released_row import KEPT, WHY_NOT, ReleasedRow, only
from analysis.settings import INDEPENDENT
from analysis.suppression import is_small
from analysis.wave_series import WaveSeries

_OVER_ALL = frozenset(
    {"value_all", "n_all", "trend_test", "trend", "trend_error", "trend_p", "trend_reason"}
)
_WAVES = frozenset({"n_before", "n_after"})


def release_series(
    series: WaveSeries, smallest_group: int, smallest_percentage: int
) -> ReleasedRow:
    """The series with a dict per wave in `values` and a released row per two waves in `pairwise`.

    `is_panel` tells whether it is over the regions that answered in every wave; `n` is then their
    number, and None otherwise. `ci_method` is that of the intervals of the waves.
    """
    values = _fields(series)
    named = {**only(values, KEPT), "is_panel": series.is_panel, "pairwise": ()}
    named["values"] = [{"wave": value.wave} for value in series.values]
    pairs = tuple(
        _release_pair(pair, series, smallest_group, smallest_percentage) for pair in series.pairwise
    )
    if not _has_values(series):
        return ReleasedRow({**named, **only(values, WHY_NOT), "pairwise": pairs}, False)
    leaves_few = any(
        is_small(value.n_all - series.n_panel, smallest_group) for value in series.values
    )
    is_apart = series.design == INDEPENDENT and series.n_panel > 0
    if series.base < smallest_group or (is_apart and leaves_few):
        return ReleasedRow(named, is_suppressed=True)
    if series.base < smallest_percentage:
        named["values"] = [{"wave": value.wave, "n": value.n} for value in series.values]
        return ReleasedRow(named, is_suppressed=True)
    hidden = {"n_panel"} if series.is_panel else {"n_panel", "n"}
    if series.is_panel and leaves_few:
        hidden |= _OVER_ALL
    waves = [asdict(value) for value in series.values]
    found = {
        "is_panel": series.is_panel,
        "values": [only(wave, wave.keys() - hidden | {"n"}) for wave in waves],
        "pairwise": pairs,
        "ci_method": next((wave["ci_method"] for wave in waves if wave["ci_method"]), None),
    }
    return ReleasedRow({**only(values, values.keys() - hidden), **found}, is_suppressed=False)


def _release_pair(
    pair: Comparison, series: WaveSeries, smallest_group: int, smallest_percentage: int
) -> ReleasedRow:
    values = _fields(pair)
    if pair.outcome == NOT_COMPARABLE or pair.base == 0:
        return ReleasedRow(only(values, KEPT | WHY_NOT), is_suppressed=False)
    if pair.base < smallest_percentage or _tells_of_few(pair, series, smallest_group):
        return ReleasedRow(only(values, KEPT), is_suppressed=True)
    inside = {"missing_before", "missing_after"}
    if pair.design == INDEPENDENT:
        inside |= {"n_pairs"}
    else:
        inside |= {name for name in values if name in _WAVES or name.endswith("_all")}
    return ReleasedRow(only(values, values.keys() - inside), is_suppressed=False)


def _tells_of_few(pair: Comparison, series: WaveSeries, smallest_group: int) -> bool:
    """Whether a comparison of two waves may tell of a few regions, beside the series and what may
    be released elsewhere."""
    if series.is_panel and _has_values(series):
        return pair.design == INDEPENDENT or pair.n_pairs != series.n_panel
    leaves_few = pair.n_pairs > 0 and any(
        is_small(n - pair.n_pairs, smallest_group) for n in (pair.n_before, pair.n_after)
    )
    return leaves_few and (pair.design == INDEPENDENT or _has_values(series))


def _has_values(series: WaveSeries) -> bool:
    return series.outcome != NOT_COMPARABLE and series.base > 0


def _fields(figure: WaveSeries | Comparison) -> dict[str, Any]:
    return {field.name: getattr(figure, field.name) for field in fields(figure)}

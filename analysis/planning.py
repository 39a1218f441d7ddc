"""A small planner: how many regions must answer for a change of some size to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from analysis.power import (
    detectable_mean_change,
    detectable_mean_change_independent,
    detectable_proportion_change_independent,
    mcnemar_detectable_change,
    needed_answers_mean,
    needed_answers_proportion,
    needed_pairs_mean,
    needed_pairs_proportion,
)

_needed_pairs_proportion = lru_cache(maxsize=256)(needed_pairs_proportion)
_needed_answers_proportion = lru_cache(maxsize=256)(needed_answers_proportion)


@dataclass(frozen=True)
class Plan:
    """What a change needs, and what a number of regions shows, with the given power.

    `needed_pairs` are regions that answer in both waves, `needed_per_wave` regions in each of two
    waves without a common region; None where the earlier percentage leaves no room for the
    change. The detectable changes are those at `regions`, in the direction of the change; None
    where that number shows none. Changes of a proportion are fractions, of a mean in the unit of
    the standard deviation.
    """

    measure: str
    change: float
    power: float
    needed_pairs: int
    needed_per_wave: int | None
    regions: int | None = None
    detectable_pairs: float | None = None
    detectable_per_wave: float | None = None


def plan_proportion(
    change: float, discordance: float, before: float, power: float, regions: int | None = None
) -> Plan:
    """For a percentage, by McNemar's mid-p test or Fisher's test; all shares are fractions.

    `discordance` is the share of regions that change at all. ValueError where the change is 0 or
    exceeds it, and on shares outside [0, 1].
    """
    has_room = 0 <= round(before + change, 12) <= 1
    return Plan(
        "proportion",
        change,
        power,
        _needed_pairs_proportion(change, discordance, power),
        _needed_answers_proportion(before, change, power) if has_room else None,
        regions,
        mcnemar_detectable_change(regions, discordance, power) if regions else None,
        detectable_proportion_change_independent(
            regions, regions, before, power, direction=1 if change > 0 else -1
        )
        if regions
        else None,
    )


def plan_mean(
    change: float, sd_change: float, sd: float, power: float, regions: int | None = None
) -> Plan:
    """For a mean, by the paired or Welch's t test: `sd_change` is the standard deviation of the
    changes of regions, `sd` that of the answers in a wave. ValueError where one is 0."""
    return Plan(
        "mean",
        change,
        power,
        needed_pairs_mean(change, sd_change, power),
        needed_answers_mean(change, sd, power),
        regions,
        detectable_mean_change(regions, sd_change, power) if regions else None,
        detectable_mean_change_independent(regions, regions, sd, sd, power) if regions else None,
    )

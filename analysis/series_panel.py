"""What was counted over several waves, of the regions with a valid answer in every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from analysis.counts import MISSING, NO_ANSWER, PairCounts, Patterns, Tally, Variable, WaveCounts

# A panel of fewer regions than this says too little, where others answered in some waves.
SMALLEST_PANEL = 10

Pairs = Mapping[tuple[str, str], PairCounts]


def count_panel_only(
    waves: Sequence[WaveCounts], patterns: Mapping[Variable, Patterns], pairs: Pairs
) -> tuple[list[WaveCounts], Pairs]:
    """The waves and their pairs with, of every variable, the regions that gave a valid answer in
    all waves. Of a variable with fewer than SMALLEST_PANEL of those everything stays."""
    panels = {variable: _complete(said) for variable, said in patterns.items()}
    panels = {v: said for v, said in panels.items() if sum(said.values()) >= SMALLEST_PANEL}
    counted = [
        replace(wave, tallies={**wave.tallies, **{v: _tally(p, n) for v, p in panels.items()}})
        for n, wave in enumerate(waves)
    ]
    between = {
        (waves[a].wave, waves[b].wave): {v: _cross(p, a, b) for v, p in panels.items()}
        for a, b in combinations(range(len(waves)), 2)
    }
    return counted, {
        pair: replace(found, transitions={**found.transitions, **between[pair]})
        for pair, found in pairs.items()
    }


def _complete(said: Patterns) -> Patterns:
    absent = MISSING | {NO_ANSWER}
    return {codes: n for codes, n in said.items() if absent.isdisjoint(codes)}


def _tally(panel: Patterns, wave: int) -> Tally:
    tally: Counter[str] = Counter()
    for codes, n in panel.items():
        tally[codes[wave]] += n
    return tally


def _cross(panel: Patterns, first: int, last: int) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for codes, n in panel.items():
        found[codes[first], codes[last]] += n
    return found

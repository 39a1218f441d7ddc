"""Respondents made to look like the register of regions, or why that cannot be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.weighted_means import WeightedMean, weighted_mean
from analysis.weighting import EmptyCell, RakingFailed, post_stratify, rake
from surveys.regions.register import Register

Scheme = Literal["rake", "poststratify"]
Cell = tuple[str, ...]


class WeightsRefused(Exception):
    """No weights can be made; `faults` says, in plain English, for each margin why."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def weighting_cells(register: Register, attributes: Sequence[str]) -> dict[Cell, frozenset[str]]:
    """The regions of the register by their values of the attributes."""
    cells: dict[Cell, set[str]] = {}
    for region, values in register.regions.items():
        cells.setdefault(tuple(values[name] for name in attributes), set()).add(region)
    return {cell: frozenset(regions) for cell, regions in sorted(cells.items())}


@dataclass(frozen=True)
class Weighting:
    """What is weighted to: per cell (its value of each attribute) how many regions there are.

    With two attributes `scheme` says whether both margins are met (rake) or each crossing of
    them (poststratify); with one the two are the same.
    """

    attributes: tuple[str, ...]
    population: Mapping[Cell, int]
    scheme: Scheme = "rake"

    @property
    def label(self) -> str:
        is_raked = self.scheme == "rake" and len(self.attributes) == 2
        return f"{' x '.join(self.attributes)} ({'rake' if is_raked else 'poststratify'})"


@dataclass(frozen=True)
class Weights:
    """Per cell, in the order of the population: the weight, the category on each margin, and
    how many regions responded."""

    values: NDArray[np.float64]
    margins: tuple[NDArray[np.int64], ...]
    respondents: NDArray[np.int64]

    def estimate(
        self,
        counts: Sequence[NDArray[np.int64]],
        scores: NDArray[np.float64],
        population: int | None = None,
    ) -> WeightedMean:
        """The mean score, from the valid answers per cell (each flattened to the length of
        `scores`). Who did not answer this item keeps a place in its cell."""
        answers = np.array([cell.ravel() for cell in counts])
        left_out = self.respondents - answers.sum(axis=1)
        return weighted_mean(
            answers, scores, self.values, self.margins, left_out, population=population
        )


def make_weights(weighting: Weighting, respondents: Sequence[int], where: str) -> Weights:
    """Weights for so many respondents per cell, in the order of the population; `where` names
    the wave or waves in a refusal. Raises WeightsRefused.
    """
    population = list(weighting.population.items())
    by_cell = dict(zip(weighting.population, respondents, strict=True))
    raked = weighting.scheme == "rake" and len(weighting.attributes) == 2
    margins: list[Callable[[Cell], Cell]] = (
        [lambda cell: cell[:1], lambda cell: cell[1:]] if raked else [lambda cell: cell]
    )
    _refuse_empty(weighting, by_cell, margins, where)
    counts = np.array(respondents)
    sizes = np.array([size for _, size in population])
    if not raked:
        return Weights(post_stratify(counts, sizes), (np.arange(counts.size),), counts)
    names = [sorted({margin(cell) for cell, _ in population}) for margin in margins]
    places = [
        np.array([known.index(margin(cell)) for cell, _ in population])
        for known, margin in zip(names, margins, strict=True)
    ]
    table = np.zeros([len(known) for known in names], dtype=np.int64)
    totals = np.zeros_like(table)
    table[places[0], places[1]], totals[places[0], places[1]] = counts, sizes
    try:
        weights = rake(table, totals.sum(axis=1), totals.sum(axis=0))
    except (EmptyCell, RakingFailed) as failed:
        raise WeightsRefused([f"no weights meet both margins among those of {where}"]) from failed
    return Weights(weights[places[0], places[1]], tuple(places), counts)


def _refuse_empty(
    weighting: Weighting,
    respondents: Mapping[Cell, int],
    margins: Sequence[Callable[[Cell], Cell]],
    where: str,
) -> None:
    """Every category that the register has and no respondent is in."""
    faults = []
    for number, margin in enumerate(margins):
        known, answered = Counter[Cell](), Counter[Cell]()
        for cell, size in weighting.population.items():
            known[margin(cell)] += size
            answered[margin(cell)] += respondents[cell]
        names = weighting.attributes[number : number + 1]
        if len(margins) == 1:
            names = weighting.attributes
        faults += [
            f"{' and '.join(f'{n} {v!r}' for n, v in zip(names, category, strict=True))} has "
            f"{size} regions in the register, but none that answered in {where}"
            for category, size in sorted(known.items())
            if size and not answered[category]
        ]
    if faults:
        raise WeightsRefused(faults)

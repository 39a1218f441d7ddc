"""Weights that make the respondents look like the population.

All respondents of one weighting cell (say a province by a size) share one weight, so everything
here works from counts per cell. The mean weight over the respondents is 1. A population is given
as counts or shares per cell or per margin: only its proportions matter. A cell with weight 0 lies
outside the population: its respondents count nowhere, in no n either. A negative, infinite or
missing count, weight or population raises ValueError.
"""

from __future__ import annotations

from math import isclose

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.moments import whole_counts

# Most tables take ten rounds. Margins that can hardly be met take thousands.
RAKING_ROUNDS = 20_000
RAKING_TOLERANCE = 1e-10  # as a share of the population

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class EmptyCell(ValueError):
    """A part of the population without any respondent in it: no weight can make up for that.

    `margin` is 'cell', 'row' or 'column'; `index` the place of the cell or of the category.
    """

    def __init__(self, margin: str, index: tuple[int, ...]) -> None:
        super().__init__(f"{margin} {index} has a population but no respondents")
        self.margin = margin
        self.index = index


class RakingFailed(ValueError):
    """No weights for these respondents can reproduce both margins."""


def post_stratify(respondents: ArrayLike, population: ArrayLike) -> Floats:
    """Return the weight of each cell: its share of the population over its share of respondents.

    Both arrays hold one number per cell, in one shape. A cell without respondents has weight 0.
    EmptyCell when such a cell does have a population; ValueError on invalid or misfitting counts,
    and when there is no population. Source: Holt & Smith (1979), JRSS A 142: 33-46.
    """
    counts = whole_counts(respondents, max(1, np.ndim(respondents)))
    shares = _shares(population, counts.shape)
    _refuse_empty("cell", counts, shares)
    return _per_respondent(shares, counts)


def rake(respondents: ArrayLike, row_totals: ArrayLike, column_totals: ArrayLike) -> Floats:
    """Return the weight of each cell such that the respondents reproduce two population margins.

    `respondents` (r, c); `row_totals` (r,) and `column_totals` (c,) describe one population, so
    their sums are equal. Iterative proportional fitting: every weight is the product of a factor
    of its row and one of its column. A cell without respondents has weight 0.

    EmptyCell when a category has a population but no respondents (or only respondents whose other
    category has no population); RakingFailed when no positive weights meet both margins;
    ValueError on invalid or misfitting counts. Sources: Deming & Stephan (1940), Annals of
    Mathematical Statistics 11: 427-444; Deville, Särndal & Sautory (1993), JASA 88: 1013-1020.
    """
    counts = whole_counts(respondents, 2)
    rows = _shares(row_totals, counts.shape[:1])
    columns = _shares(column_totals, counts.shape[1:])
    if not isclose(np.sum(row_totals), np.sum(column_totals), rel_tol=1e-6):
        raise ValueError("the totals of rows and of columns must add up to one population")
    inside = np.where(np.outer(rows > 0, columns > 0), counts, 0)
    _refuse_empty("row", inside.sum(axis=1), rows)
    _refuse_empty("column", inside.sum(axis=0), columns)
    fitted = inside / inside.sum()
    for _ in range(RAKING_ROUNDS):
        fitted *= _ratios(rows, fitted.sum(axis=1))[:, np.newaxis]
        fitted *= _ratios(columns, fitted.sum(axis=0))
        if np.abs(fitted.sum(axis=1) - rows).max() < RAKING_TOLERANCE:
            return _per_respondent(fitted, counts)
    raise RakingFailed("no weights for these respondents reproduce both margins")


def effective_n(respondents: ArrayLike, weights: ArrayLike) -> float:
    """Return the number of equally weighted respondents that tell as much: (sum w)^2 / sum w^2.

    Both arrays hold one number per cell. 0 without respondents that have a weight. ValueError on
    invalid or misfitting counts or weights. Source: Kish (1965), Survey Sampling, section 11.7.
    """
    counts = whole_counts(respondents, max(1, np.ndim(respondents)))
    sizes = check_amounts("weights", weights, counts.shape)
    largest = sizes.max(where=counts > 0, initial=0.0)
    if largest == 0:
        return 0.0
    relative = np.where(counts > 0, sizes / largest, 0.0)  # equal weights are now 1 exactly
    kish = float((counts * relative).sum() ** 2 / (counts * relative**2).sum())
    return min(kish, float(counts[sizes > 0].sum()))


def check_amounts(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    amounts = np.asarray(values, dtype=float)
    if amounts.shape != shape or not np.all(np.isfinite(amounts) & (amounts >= 0)):
        raise ValueError(f"{name} must be {shape} numbers and not negative, got {values!r}")
    return amounts


def _shares(population: ArrayLike, shape: tuple[int, ...]) -> Floats:
    amounts = check_amounts("population", population, shape)
    if not amounts.any():
        raise ValueError("the population is empty")
    shares: Floats = amounts / amounts.sum()
    return shares


def _refuse_empty(margin: str, respondents: Counts, shares: Floats) -> None:
    for index in np.argwhere((respondents == 0) & (shares > 0)):
        raise EmptyCell(margin, tuple(index.tolist()))


def _per_respondent(shares: Floats, respondents: Counts) -> Floats:
    return _ratios(np.where(respondents > 0, shares, 0.0), respondents / respondents.sum())


def _ratios(wanted: Floats, present: Floats) -> Floats:
    ratios = np.zeros_like(wanted)
    np.divide(wanted, present, out=ratios, where=wanted > 0)
    return ratios

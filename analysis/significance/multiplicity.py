"""P values adjusted for the number of tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p values by Holm's step-down method, in the given order.

    None stays None and does not count as a hypothesis. ValueError when a p value is NaN or lies
    outside [0, 1]. Source: Holm (1979), Scandinavian Journal of Statistics 6: 65-70.
    """
    return _adjusted(p_values, _step_down)


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p values by Benjamini and Hochberg's method (false discovery rate), in order.

    None stays None and does not count as a hypothesis. ValueError when a p value is NaN or lies
    outside [0, 1]. Source: Benjamini & Hochberg (1995), JRSS B 57: 289-300.
    """
    return _adjusted(p_values, stats.false_discovery_control)


def _step_down(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    # statsmodels has this too, but collects garbage at every call: 60 ms in a server process
    order = np.argsort(p_values)
    stepped = p_values[order] * np.arange(p_values.size, 0, -1)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1)
    return adjusted


def _adjusted(
    p_values: Sequence[float | None],
    method: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> list[float | None]:
    known = np.array([p for p in p_values if p is not None], dtype=float)
    if not np.all((known >= 0) & (known <= 1)):
        raise ValueError(f"p values must lie in [0, 1], got {p_values!r}")
    adjusted = iter(method(known).tolist() if known.size else [])
    return [None if p is None else next(adjusted) for p in p_values]

"""Where everything of a trend chart stands: two columns, a plot per row, marks at their heights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from analysis.charts.canvas import AFTER, Band, Rows, place_rows
from analysis.charts.order import Order
from analysis.charts.wave_values import mean_range
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.measures import PROPORTION
from analysis.series_estimates import wave_times
from analysis.series_wording import (
    has_value,
    name_waves,
    tell_series_outcome,
    tell_wave,
    tell_wave_interval,
    tell_whole_trend,
)
from analysis.wording import tell_amount, tell_p
from surveys.dutch import format_number, format_percentage

# Pixels: the outcome above a plot, room in it for the figures, the plot, a line under it.
_OUTCOME, _FIGURES, _PLOT, _LINE = 20, 18, 84, 14
LEFT, RIGHT = 58, 30  # beside the first and the last wave
_HEAD = 42  # the lines at the top that say what the height means
_NEAR = 0.2  # of the width: names of waves that are nearer stand under one another
# Line, point and interval: what changed is blue and filled.
_COLOURS = {
    True: {"stroke": AFTER, "fill": AFTER, "pale": "#D3E6F2"},
    False: {"stroke": "#767676", "fill": "#FFFFFF", "pale": "#E4E4E4"},
}


class Axis(NamedTuple):
    """The height of a plot: from `low` to `high`, with lines at `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]
    tell: Callable[[float], str]


class Waves(NamedTuple):
    """Of every wave its time, and how many lines its name stands lower than usual."""

    names: list[str]
    times: list[float]
    levels: list[int]


def sort_series(table: ReleasedTable, order: Order = Order.HIGHEST) -> list[ReleasedRow]:
    """By the last wave, or by the size of the change since the first; rows without a figure come
    last, whatever the order."""

    def place(row: ReleasedRow) -> tuple[bool, float]:
        if not has_value(row):
            return True, 0
        first, last = row["values"][0]["value"], row["values"][-1]["value"]
        return False, {Order.HIGHEST: -last, Order.CHANGE: -abs(last - first)}.get(order, 0)

    return sorted(require_released(table).rows, key=place)


def place_columns(table: ReleasedTable, order: Order) -> list[Rows]:
    """The rows in two columns, or in one where there are fewer than two; what has no figure takes
    a line at the end."""
    rows = sort_series(table, order)
    shown = [row for row in rows if has_value(row)]
    half = (len(shown) + 1) // 2
    columns = [shown[:half], shown[half:]] if len(shown) > 1 else [shown]
    placed = [_place_column(table, column) for column in columns]
    absent = [(row["text"], row) for row in rows if not has_value(row)]
    if absent:
        last = placed[-1]
        rest = place_rows([("", absent)], _LINE, start=last.height + _LINE if last.bands else 0)
        placed[-1] = Rows((*last.bands, *rest.bands), (), rest.height)
    return placed


def _place_column(table: ReleasedTable, rows: Sequence[ReleasedRow]) -> Rows:
    named = [("", [(row["text"], row) for row in rows])]
    return place_rows(named, _top_to_axis() + _foot(table), start=_HEAD if rows else 0)


def _top_to_axis() -> int:
    return _OUTCOME + _FIGURES + _PLOT


def _foot(table: ReleasedTable) -> int:
    """Under a plot: the names of the waves with their numbers of regions."""
    return (max(lay_out(table).levels, default=0) + 1) * 2 * _LINE + 14


def lay_out(table: ReleasedTable) -> Waves:
    """Names of waves that are near to one another stand at different heights."""
    names = name_waves(table)
    times = wave_times(names)
    span = times[-1] - times[0] if times else 1
    levels: list[int] = []
    for place, time in enumerate(times):
        taken = {levels[other] for other in range(place) if (time - times[other]) / span < _NEAR}
        levels.append(min(set(range(len(names))) - taken))
    return Waves(names, times, levels)


def find_top(band: Band, table: ReleasedTable) -> int:
    """Where the marks of a row begin."""
    return band.bottom - _top_to_axis() - _foot(table)


def _height(value: float, axis: Axis, bottom: int) -> float:
    """The place of a value in pixels from the top of the chart."""
    return bottom - (value - axis.low) / (axis.high - axis.low) * _PLOT


def make_axis(table: ReleasedTable, row: ReleasedRow) -> Axis:
    """Percentages from 0 to 100; of means the part in use, the same for all rows."""
    if row["measure"] == PROPORTION:
        return Axis(0, 1, (0, 0.5, 1), format_percentage)
    found = [
        limit
        for other in table.rows
        if other["measure"] == row["measure"] and has_value(other)
        for value in other["values"]
        for limit in (value["ci_low"], value["value"], value["ci_high"])
        if limit is not None
    ]
    low, high = mean_range(found)
    step = -(-(high - low) // 5)
    ticks = tuple(float(tick) for tick in range(low, high + 1, step))
    return Axis(low, high, ticks, lambda value: format_number(value, 0))


def make_grid(table: ReleasedTable, band: Band, waves: Waves) -> list[dict[str, Any]]:
    """The lines across the plot of a row, from the first wave to the last."""
    axis, bottom = make_axis(table, band.row), find_top(band, table) + _top_to_axis()
    across = {"item": band.row["item"], "time": waves.times[0], "until": waves.times[-1]}
    return [
        {**across, "y": _height(tick, axis, bottom), "tick": axis.tell(tick)} for tick in axis.ticks
    ]


def make_points(table: ReleasedTable, band: Band, waves: Waves) -> list[dict[str, Any]]:
    """A mark per wave, with the released numbers and where they stand."""
    row = band.row
    axis, top = make_axis(table, row), find_top(band, table)
    bottom = top + _top_to_axis()
    values = [value["value"] for value in row["values"]]
    points = []
    for place, value in enumerate(row["values"]):
        under = _stands_under(values, place)
        y = _height(value["value"], axis, bottom)
        limits = [
            None if value[name] is None else _height(value[name], axis, bottom)
            for name in ("ci_low", "ci_high")
        ]
        points.append(
            band.as_data(
                figure=f"{row['item']} {row['part']}",
                question=row["text"],
                wave=value["wave"],
                time=waves.times[place],
                value=value["value"],
                low=value["ci_low"],
                high=value["ci_high"],
                n=value["n"],
                y=y,
                y_low=limits[0],
                y_high=limits[1],
                figure_y=y + (15 if under else -13),
                told=tell_amount(row, value["value"]),
                whole=tell_wave(row, place),
                interval=tell_wave_interval(row, place) or "–",
                outcome=tell_series_outcome(row),
                p_adjusted=tell_p(row["p_adjusted"]),
                trend=tell_whole_trend(row),
                name=value["wave"],
                name_y=bottom + 14 + waves.levels[place] * 2 * _LINE,
                told_n=f"n={value['n']}",
                n_y=bottom + 14 + (waves.levels[place] * 2 + 1) * _LINE,
                **_COLOURS[row.has_star],
            )
        )
    return points


def _stands_under(values: Sequence[float], place: int) -> bool:
    """Whether the figure of a point stands under it: where the line goes up on both sides."""
    beside = [values[other] for other in (place - 1, place + 1) if 0 <= other < len(values)]
    return len(beside) == 2 and min(beside) > values[place]

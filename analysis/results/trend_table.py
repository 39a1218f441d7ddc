"""The tables of three waves or more in Dutch: the series, the waves two by two, all answers."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.disclosure import ReleasedRow
from analysis.measures import PROPORTION
from analysis.method_wording import tell_adjusted
from analysis.results.block import Block
from analysis.results.exhibit import PrintedTable
from analysis.series_estimates import are_years
from analysis.series_wording import (
    has_value,
    is_over_all_withheld,
    tell_statistic,
    tell_trend,
    tell_wave,
)
from analysis.wording import (
    FEW_MORE,
    tell_absence,
    tell_after,
    tell_amount,
    tell_before,
    tell_difference,
    tell_interval,
    tell_outcome,
    tell_p,
)


def print_series(block: Block, rows: Sequence[ReleasedRow]) -> PrintedTable:
    waves = _waves(rows)
    unit = "jaar" if are_years(waves) else "meting"
    return PrintedTable(
        f"{block.title}: verloop {waves[0]} tot {waves[-1]}",
        (
            block.what[0].capitalize(),
            *waves,
            "Uitkomst",
            "Toets",
            "p",
            tell_adjusted(rows[0]),
            f"Trend per {unit}",
            "p van de trend",
        ),
        tuple(map(_series_cells, rows)),
    )


def _waves(rows: Sequence[ReleasedRow]) -> list[str]:
    return [value["wave"] for value in rows[0]["values"]]


def _series_cells(row: ReleasedRow) -> tuple[str, ...]:
    if absence := tell_absence(row):
        reason = f": {row['reason']}" if row["reason"] else ""
        return row["text"], absence + reason
    trend = (row["trend_reason"] or tell_trend(row), tell_p(row["trend_p"]))
    return (
        row["text"],
        *(tell_wave(row, place) for place in range(len(row["values"]))),
        f"{row['outcome']}{'*' if row.has_star else ''}"
        + (f": {row['reason']}" if row["reason"] else ""),
        tell_statistic(row),
        tell_p(row["p"]),
        tell_p(row["p_adjusted"]),
        *((FEW_MORE,) if is_over_all_withheld(row) else trend),
    )


def print_pairs(block: Block, rows: Sequence[ReleasedRow]) -> PrintedTable:
    """A row per question and two waves."""
    unit = "procentpunten" if rows[0]["measure"] == PROPORTION else "punten"
    return PrintedTable(
        f"{block.title}: de metingen twee aan twee",
        (
            f"{block.what[0].capitalize()} en metingen",
            "Van",
            "Naar",
            f"Verschil in {unit} (95%-interval)",
            "Uitkomst",
            "p",
            tell_adjusted(rows[0]),
        ),
        tuple(_pair_cells(row, pair) for row in rows for pair in row["pairwise"]),
    )


def _pair_cells(row: ReleasedRow, pair: ReleasedRow) -> tuple[str, ...]:
    name = f"{row['text']}: {pair['wave_before']} en {pair['wave_after']}"
    if absence := tell_absence(pair):
        reason = f": {pair['reason']}" if pair["reason"] else ""
        return name, absence + reason
    interval = tell_interval(pair)
    return (
        name,
        tell_before(pair),
        tell_after(pair),
        tell_difference(pair, pair["change"], sign=True) + (f" ({interval})" if interval else ""),
        tell_outcome(pair),
        tell_p(pair["p"]),
        tell_p(pair["p_adjusted"]),
    )


def print_over_all(block: Block, rows: Sequence[ReleasedRow]) -> PrintedTable | None:
    """What all regions said that answered in a wave, where that is more than the panel."""
    panels = [row for row in rows if has_value(row) and row["is_panel"]]
    if all(value.get("n_all") in (None, value["n"]) for row in panels for value in row["values"]):
        return None
    waves = _waves(rows)
    return PrintedTable(
        f"{block.title}: alle regio's die in een meting antwoordden (nevenuitkomst)",
        (block.what[0].capitalize(), *(f"{wave} (regio's)" for wave in waves)),
        tuple(map(_over_all_cells, panels)),
        note="De ster volgt deze nevenuitkomst niet; de trend wel.",
    )


def _over_all_cells(row: ReleasedRow) -> tuple[str, ...]:
    if is_over_all_withheld(row):
        return row["text"], FEW_MORE
    told = (f"{tell_amount(row, v['value_all'])} ({v['n_all']})" for v in row["values"])
    return row["text"], *told

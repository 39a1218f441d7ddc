"""The tables of a comparison of three waves or more, and its rows for CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.commands.comparison_tables import tell_base, tell_df
from analysis.commands.output import (
    UNITS,
    Remarks,
    Row,
    Table,
    tell_amount,
    tell_difference,
    tell_interval,
    tell_methods,
    tell_number,
    tell_p,
)
from analysis.decision import ALPHA, NOT_COMPARABLE
from analysis.settings import INDEPENDENT, OVERLAP, PAIRED

_DESIGNS = {
    PAIRED: "over the regions with a valid answer in every wave (n), each with itself",
    OVERLAP: (
        "some regions answered in every wave, some not; the test is over those with a valid answer "
        "in every wave (n), each with itself, the trend over all valid answers"
    ),
    INDEPENDENT: "the waves are compared as different groups; n counts all valid answers",
}
# What a table in CSV has of the comparison of two waves; JSON has everything.
_PAIR_FIELDS = (
    *("design", "n_pairs", "n_before", "n_after", "change", "ci_low", "ci_high", "test"),
    *("p", "p_adjusted", "outcome"),
)


def tell_series(rows: Sequence[Row]) -> list[Table]:
    """One table over all waves, one of every two."""
    return [_tell_whole(rows), _tell_pairs(rows)]


def widen_series(row: Row) -> dict[str, Any]:
    """The row with a part per wave and per two waves, so that each field has a column."""
    return {
        **row,
        "values": {
            value["wave"]: {name: value[name] for name in ("value", "value_all", "n_all")}
            for value in row["values"]
        },
        "pairwise": {
            f"{pair['wave_before']}_{pair['wave_after']}": {
                name: pair[name] for name in _PAIR_FIELDS
            }
            for pair in row["pairwise"]
        },
    }


def _tell_whole(rows: Sequence[Row]) -> Table:
    remarks = Remarks()
    waves = [value["wave"] for value in rows[0]["values"]]
    heads = [
        *("item", "part", "n", *waves, "statistic", "df", "p", "p adj.", "trend", "p trend"),
        "outcome",
    ]
    lines = [
        [
            row["item"],
            row["part"],
            str(row["n"]),
            *(tell_amount(row, value["value"]) for value in row["values"]),
            "-" if row["statistic"] is None else f"{row['statistic_name']} {row['statistic']:.2f}",
            tell_df(row),
            tell_p(row["p"]),
            tell_p(row["p_adjusted"]),
            tell_number(row["trend"], 3),
            tell_p(row["trend_p"]),
            row["outcome"] + remarks.mark(row["reason"], row["trend_reason"], row["footnote"]),
        ]
        for row in rows
    ]
    return Table(heads, lines, [*_foot(rows), *remarks.lines])


def _foot(rows: Sequence[Row]) -> Iterator[str]:
    first = rows[0]
    compared = [row for row in rows if row["outcome"] != NOT_COMPARABLE]
    for design in dict.fromkeys(row["design"] for row in compared):
        yield f"Design {design}: {_DESIGNS[design]}."
    yield f"Tests: {tell_methods(rows, 'test')}."
    if any(row["trend_test"] for row in rows):
        yield (
            f"trend: change per year (per wave where waves are not named by year), "
            f"{tell_methods(rows, 'trend_test')}; of gee_trend on percentages a log odds."
        )
    decides = "raw p" if first["stars"] == "raw" else "adjusted p (p adj.)"
    yield (
        f"The outcome follows the {decides} at {ALPHA:g}; adjustment: {first['adjustment']}, per "
        "section."
    )


def _tell_pairs(rows: Sequence[Row]) -> Table:
    """Every two waves, of the figures that could be tested."""
    remarks = Remarks()
    found = [pair for row in rows for pair in row["pairwise"] if pair["p"] is not None]
    heads = [
        *("item", "part", "waves", "n", "before", "after", "change", "95% interval"),
        *("p", "p adj.", "outcome"),
    ]
    lines = [
        [
            pair["item"],
            pair["part"],
            f"{pair['wave_before']}-{pair['wave_after']}",
            tell_base(pair),
            tell_amount(pair, pair["value_before"]),
            tell_amount(pair, pair["value_after"]),
            tell_difference(pair, pair["change"]),
            tell_interval(pair, pair["ci_low"], pair["ci_high"]),
            tell_p(pair["p"]),
            tell_p(pair["p_adjusted"]),
            pair["outcome"] + remarks.mark(pair["footnote"]),
        ]
        for pair in found
    ]
    return Table(
        heads,
        lines,
        [
            "n: regions with a valid answer in both waves; a/b where the waves are different "
            "groups: in either wave.",
            f"Changes and intervals are in {UNITS}.",
            f"Tests: {tell_methods(found, 'test')}; intervals: {tell_methods(found, 'ci_method')}.",
            f"The outcome follows the adjusted p (p adj.) at {ALPHA:g}; adjustment: "
            f"{rows[0]['adjustment']}, within each series.",
            *remarks.lines,
        ],
        "Every two waves:",
    )

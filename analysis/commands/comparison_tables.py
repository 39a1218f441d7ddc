"""The tables of a comparison of two waves, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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
from analysis.design import COMPLETE_ITEM
from analysis.disclosure import SMALLEST_GROUP, SMALLEST_PERCENTAGE
from analysis.measures import PROPORTION
from analysis.settings import INDEPENDENT, OVERLAP, PAIRED, Settings

_FOUND = {
    PAIRED: "all regions answered in both waves; each is compared with itself",
    OVERLAP: (
        "some regions answered in both waves, some in one; the outcome is over those in both (n), "
        "each compared with itself"
    ),
    INDEPENDENT: "no region answered in both waves; the waves are compared as different groups",
}
_WANTED = {
    PAIRED: "as --design asks: only regions that answered in both waves, each with itself",
    OVERLAP: "as --design asks: the regions that answered in both waves (n), each with itself",
    INDEPENDENT: "as --design asks: all regions of either wave, as different groups",
}
_COMPLETE = (
    "all valid answers to these questions are of regions that answered them in both waves; each "
    "is compared with itself"
)


def tell_comparisons(rows: Sequence[Row], settings: Settings) -> list[Table]:
    """The table of all figures; with groups, one of the differences between them too."""
    remarks = Remarks()
    columns = list(_columns(rows, remarks))
    tables = [
        Table(
            [head for head, _ in columns],
            [[cell(row) for _, cell in columns] for row in rows],
            [*_foot(rows, settings), *remarks.lines],
        )
    ]
    if any(row["attribute"] for row in rows):
        tables.append(_tell_differences(rows))
    return tables


def _columns(rows: Sequence[Row], remarks: Remarks) -> Iterator[tuple[str, Callable[[Row], str]]]:
    """The heads with how a row fills them; only those that say something."""
    if any(row["attribute"] for row in rows):
        yield "group", lambda row: row["group"] or "all"
    yield "item", lambda row: row["item"]
    yield "part", lambda row: row["part"]
    if len({row["design"] for row in _compared(rows)}) > 1:
        yield "design", lambda row: row["design"]
    yield "n", tell_base
    if any(row["weights"] for row in rows):
        yield "effective n", _tell_effective
    yield "before", lambda row: tell_amount(row, row["value_before"])
    yield "after", lambda row: tell_amount(row, row["value_after"])
    yield "change", lambda row: tell_difference(row, row["change"])
    yield "95% interval", lambda row: tell_interval(row, row["ci_low"], row["ci_high"])
    yield "p", lambda row: tell_p(row["p"])
    yield "p adj.", lambda row: tell_p(row["p_adjusted"])
    if any(row["p_equivalence"] is not None for row in rows):
        yield "p equiv.", lambda row: tell_p(row["p_equivalence"])
    if any(row["detectable_change"] is not None for row in rows):
        yield "detectable", lambda row: tell_difference(row, row["detectable_change"])
    if _has_overall(rows):
        yield "all: n", _tell_overall_base
        yield "all: change", lambda row: tell_difference(row, row["change_all"])
        yield "all: p", lambda row: tell_p(row["p_all"])
    yield "outcome", lambda row: _tell_outcome(row, remarks)


def tell_base(row: Row) -> str:
    """The pairs, or the valid answers of either wave."""
    if row["design"] != INDEPENDENT:
        return _count(row["n_pairs"])
    return _tell_waves(row)


def _tell_waves(row: Row) -> str:
    return f"{_count(row['n_before'])}/{_count(row['n_after'])}"


def _count(n: int | None) -> str:
    return "-" if n is None else str(n)


def _tell_effective(row: Row) -> str:
    if row["design"] != INDEPENDENT:
        return tell_number(row["effective_n"], 1)
    sizes = (row["effective_n_before"], row["effective_n_after"])
    return "/".join(tell_number(size, 1) for size in sizes)


def _has_overall(rows: Sequence[Row]) -> bool:
    return any(row["test_all"] for row in rows)


def _tell_overall_base(row: Row) -> str:
    return _tell_waves(row) if row["test_all"] else "-"


def _tell_outcome(row: Row, remarks: Remarks) -> str:
    if row.get("suppressed"):
        has_base = "-" not in tell_base(row)
        kind = "percentages" if row["measure"] == PROPORTION else "means"
        told = f"fewer than {SMALLEST_PERCENTAGE}: no {kind}" if has_base else "suppressed"
        return told + remarks.mark(row["footnote"])
    return f"{row['outcome']}{remarks.mark(row['reason'], row['reason_all'], row['footnote'])}"


def _compared(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["outcome"] != NOT_COMPARABLE]


def _foot(rows: Sequence[Row], settings: Settings) -> Iterator[str]:
    first = rows[0]
    waves = f"{first['wave_before']} and {first['wave_after']}"
    yield f"{first['wave_before']} (before) against {first['wave_after']} (after)."
    yield from _tell_designs(rows, settings)
    yield (
        "n: regions with a valid answer in both waves; a/b where the waves are different groups: "
        "in either wave."
    )
    yield f"Changes, intervals and what is detectable are in {UNITS}."
    if _has_overall(rows):
        yield (
            f"all: every valid answer of {waves} (n before/after), whether or not the region "
            f"answered in both; {tell_methods(rows, 'test_all')}."
        )
    if first["weights"]:
        yield f"Weighted to the register on {first['weights']}; effective n after Kish."
    yield f"Tests: {tell_methods(rows, 'test')}."
    yield f"Intervals: {tell_methods(rows, 'ci_method')}."
    if any(row["detectable_change"] is not None for row in rows):
        yield "detectable: the change that would be seen with 80% power."
    decides = "raw p" if first["stars"] == "raw" else "adjusted p (p adj.)"
    yield (
        f"The outcome follows the {decides} at {ALPHA:g}; adjustment: {first['adjustment']}, per "
        "section" + (" and group." if first["attribute"] else ".")
    )
    yield from _tell_margins(settings)
    if any(row.get("suppressed") for row in rows):
        yield (
            f"suppressed: over fewer than {SMALLEST_GROUP} regions, or else such a number could be "
            "found by subtraction."
        )


def _tell_designs(rows: Sequence[Row], settings: Settings) -> Iterator[str]:
    """Each design with the reason why; that of groups is the one of the whole."""
    why = _FOUND if settings.design == "auto" else _WANTED
    found = dict.fromkeys(
        (
            row["design"],
            _COMPLETE if row["design_reason"] == COMPLETE_ITEM else why[row["design"]],
        )
        for row in _compared(rows)
        if not row["group"]
    )
    for design, reason in found:
        yield f"Design {design}: {reason}."


def _tell_margins(settings: Settings) -> Iterator[str]:
    told = [
        text
        for margin, text in (
            (settings.margin.proportion, f"{100 * (settings.margin.proportion or 0):g} points"),
            (settings.margin.mean, f"{settings.margin.mean or 0:g} for means and scales"),
        )
        if margin is not None
    ]
    if told:
        yield (
            f"gelijkwaardig: p equiv. (two one-sided tests) below {ALPHA:g} for a margin of "
            f"{' and '.join(told)}."
        )


def _tell_differences(rows: Sequence[Row]) -> Table:
    """The tests of difference between groups, in level and in change."""
    remarks = Remarks()
    first = rows[0]
    parts = ("level", "change")
    figures = [row for row in rows if row.get("groups_differ")]
    tested = [row for row in figures if row["groups_differ"]["level"]["groups"] > 1]
    why_not = dict.fromkeys(
        row["groups_differ"]["level"]["reason"]
        for row in figures
        if row["groups_differ"]["level"]["groups"] < 2
    )
    heads = ["item", "part"]
    for name in parts:
        heads += [f"{name}: n (groups)", "statistic", "df", "p", "p adj."]
    lines = []
    for row in tested:
        cells = [row["item"], row["part"]]
        for name in parts:
            found = row["groups_differ"][name]
            cells += [
                f"{found['n']} ({found['groups']})",
                tell_number(found["statistic"]),
                tell_df(found),
                tell_p(found["p"]),
                tell_p(found["p_adjusted"]),
            ]
        reasons = dict.fromkeys(row["groups_differ"][name]["reason"] for name in parts)
        lines.append([*cells, remarks.mark(*reasons).strip()])
    used = {
        name: tell_methods(
            [{**row["groups_differ"][name], "measure": row["measure"]} for row in tested], "test"
        )
        for name in parts
    }
    return Table(
        [*heads, ""],
        lines,
        [
            f"Tests of level: {used['level']}; of change: {used['change']}.",
            "n: regions in the test; of changes of different regions the answers of both waves. "
            "Only groups with a figure above take part.",
            f"Adjustment: {first['adjustment']}, per section, levels and changes apart.",
            *(f"Figures that are not here: {reason}" for reason in why_not),
            *remarks.lines,
        ],
        f"Do the groups of {first['attribute']} differ, in level ({first['wave_after']}) and in "
        f"change ({first['wave_before']} to {first['wave_after']})?",
    )


def tell_df(found: Row) -> str:
    """'2', or '2, 17.3' where the test has degrees of freedom of the error too."""
    if found["df"] is None:
        return "-"
    error = found["df_error"]
    return f"{found['df']:g}" + ("" if error is None else f", {error:.1f}")

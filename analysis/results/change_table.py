"""The tables of a comparison in Dutch, and the explanation of its test."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.decision import ALPHA
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.measures import PROPORTION
from analysis.method_wording import TESTS_OVERALL, tell_adjusted
from analysis.results.block import Block
from analysis.results.exhibit import PrintedTable
from analysis.settings import INDEPENDENT, OVERLAP
from analysis.significance import fisher_exact
from analysis.wording import (
    FEW_MORE,
    is_unpaired,
    is_withheld,
    tell_absence,
    tell_after,
    tell_amount,
    tell_before,
    tell_difference,
    tell_interval,
    tell_outcome,
    tell_p,
    tell_share,
)
from surveys.dutch import format_p


def print_changes(block: Block, rows: Sequence[ReleasedRow]) -> PrintedTable:
    first = rows[0]
    before, after, unit = first["wave_before"], first["wave_after"], _unit(first)
    return PrintedTable(
        f"{block.title} in {before} en {after}",
        (
            block.what[0].capitalize(),
            before,
            after,
            *(() if first["measure"] == PROPORTION else ("Regio's",)),
            f"Verschil in {unit} (95%-interval)",
            "Uitkomst",
            "p",
            tell_adjusted(first),
            f"Aantoonbaar verschil in {unit}",
        ),
        tuple(map(_cells, rows)),
    )


def _unit(row: ReleasedRow) -> str:
    return "procentpunten" if row["measure"] == PROPORTION else "punten"


def _cells(row: ReleasedRow) -> tuple[str, ...]:
    if absence := tell_absence(row):
        reason = f": {row['reason']}" if row["reason"] else ""
        return row["text"], absence + reason
    bases = (
        (row["n_before"], row["n_after"])
        if row["design"] == INDEPENDENT
        else (row["n_pairs"], row["n_pairs"])
    )
    regions = " en ".join(map(str, dict.fromkeys(bases)))
    return (
        row["text"],
        tell_share(tell_before(row), row["count_before"], bases[0]),
        tell_share(tell_after(row), row["count_after"], bases[1]),
        *(() if row["measure"] == PROPORTION else (regions,)),
        tell_change(row),
        tell_outcome(row),
        tell_p(row["p"]),
        tell_p(row["p_adjusted"]),
        tell_difference(row, row["detectable_change"]),
    )


def tell_change(row: ReleasedRow, over: str = "") -> str:
    """'+14 (1 tot 28)'; '_all' is over all answers."""
    interval = tell_interval(row, over)
    change = tell_difference(row, row[f"change{over}"], sign=True)
    return change + (f" ({interval})" if interval else "")


# Everyone who answered in either wave


def print_overall(block: Block, rows: Sequence[ReleasedRow]) -> PrintedTable | None:
    """What everyone said who answered in either wave; None where that is no more than the pairs."""
    found = [row for row in rows if row["design"] == OVERLAP]
    if all(tell_absence(row) for row in found):
        return None
    before, after = found[0]["wave_before"], found[0]["wave_after"]
    return PrintedTable(
        f"{block.title}: alle regio's die in één of beide jaren antwoordden (nevenuitkomst)",
        (
            block.what[0].capitalize(),
            f"{before} (regio's)",
            f"{after} (regio's)",
            f"Verschil in {_unit(found[0])} (95%-interval)",
            "p",
        ),
        tuple(map(_overall_cells, found)),
        _explain_overall(found),
    )


def _overall_cells(row: ReleasedRow) -> tuple[str, ...]:
    if absence := tell_absence(row) or (FEW_MORE if is_withheld(row) else ""):
        return row["text"], absence
    return (
        row["text"],
        f"{tell_amount(row, row['value_before_all'])} ({row['n_before']})",
        f"{tell_amount(row, row['value_after_all'])} ({row['n_after']})",
        tell_change(row, "_all"),
        row["reason_all"] or tell_p(row["p_all"]),
    )


# Why this test


def explain_design(table: ReleasedTable) -> tuple[str, ...]:
    reasons = dict.fromkeys(row["design_reason"] for row in table.rows if row["design_reason"])
    if is_unpaired(table):
        return (
            *reasons,
            "Een toets voor verschillende groepen ziet alleen grote veranderingen, want regio's "
            "verschillen ook onderling. Antwoordden wel dezelfde regio's twee keer, dan mist deze "
            "toets echte veranderingen.",
        )
    return (
        *reasons,
        "De toets kijkt per regio wat er veranderde. Een toets die doet alsof het verschillende "
        "regio's zijn, mist echte veranderingen.",
        *filter(None, [_give_example(table)]),
    )


def _explain_overall(rows: Sequence[ReleasedRow]) -> str:
    test = next((TESTS_OVERALL[row["test_all"]] for row in rows if row["test_all"]), "")
    return (
        "De ster volgt deze nevenuitkomst niet. Tussen haakjes staat hoeveel regio's de vraag in "
        "dat jaar beantwoordden."
        + (
            f" De toets is {test}: die houdt er rekening mee dat een deel van de regio's twee "
            "keer antwoordde."
            if test
            else ""
        )
    )


def _give_example(table: ReleasedTable) -> str:
    """The change of this table that an unpaired test would miss by most; empty if none."""
    missed = [
        (unpaired, row)
        for row in table.rows
        if row["count_before"] is not None and row["p"] is not None and row["p"] < ALPHA
        for unpaired in [_unpaired_p(row)]
        if unpaired >= ALPHA
    ]
    if not missed:
        return ""
    unpaired, row = max(missed, key=lambda found: found[0])
    return (
        f"Een voorbeeld: bij '{row['text']}' ging het van {row['count_before']} naar "
        f"{row['count_after']} van de {row['n_pairs']} regio's "
        f"({tell_before(row)} en {tell_after(row)}). "
        f"Per regio bekeken is p = {format_p(row['p'])}. Een toets voor verschillende regio's "
        f"(Fisher) geeft p = {format_p(unpaired)} en laat deze verandering liggen."
    )


def _unpaired_p(row: ReleasedRow) -> float:
    return fisher_exact(row["count_before"], row["n_pairs"], row["count_after"], row["n_pairs"])

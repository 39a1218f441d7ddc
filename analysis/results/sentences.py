"""A released figure as a sentence for who is no statistician. The words follow the outcome."""

from __future__ import annotations

from analysis.decision import CHANGED, EQUIVALENT, NOT_SHOWN
from analysis.disclosure import SMALLEST_GROUP, ReleasedRow, ReleasedTable
from analysis.results.block import Block
from analysis.settings import INDEPENDENT
from analysis.wording import tell_absence, tell_amount, tell_before, tell_regions
from surveys.dutch import format_percentage

_OUTCOMES = {
    CHANGED: "die verandering is groter dan toeval",
    NOT_SHOWN: "een verandering is niet aangetoond",
    EQUIVALENT: "een verandering die ertoe doet, is uitgesloten (gelijkwaardig)",
}


def tell_change_of(row: ReleasedRow, block: Block) -> str:
    """'De urgentie van … steeg van 57% naar 88% (24 naar 37 van de 42 regio's); die verandering is
    groter dan toeval.' Where there is no figure it says so."""
    subject = block.tell_subject(row["text"])
    if absence := tell_absence(row):
        return f"{subject}: {absence}."
    before, after = tell_before(row), tell_amount(row, row["value_after"])
    if before == after:
        moved = f"was in {row['wave_before']} en in {row['wave_after']} {after}"
    else:
        verb = "steeg" if row["change"] > 0 else "daalde"
        if row["outcome"] != CHANGED:
            verb = "ging"  # a move that may be chance is no rise
        moved = f"{verb} van {before} naar {after}"
    outcome = _OUTCOMES.get(row["outcome"]) or row["reason"] or row["outcome"]
    return f"{subject} {moved} ({_tell_counts(row)}); {outcome.rstrip('.')}."


def _tell_counts(row: ReleasedRow) -> str:
    count_before, count_after = row["count_before"], row["count_after"]
    if row["design"] == INDEPENDENT:
        sizes = row["n_before"], row["n_after"]
        if count_before is None:
            return f"{sizes[0]} en {tell_regions(sizes[1])}"
        return f"{count_before} van {sizes[0]} en {count_after} van {sizes[1]} regio's"
    if count_before is None:
        return tell_regions(row["n_pairs"])
    return f"{count_before} naar {count_after} van de {row['n_pairs']} regio's"


def tell_most(table: ReleasedTable, row: ReleasedRow, block: Block) -> str:
    """'Bij 7 van de 8 …; het vaakst bij …: 86% (44 van 51 regio's).' of a scale's headline."""
    headline = row["totals"][0]
    share = format_percentage(headline["value"])
    return (
        f"{block.title}: '{headline['label']}' wordt het vaakst geantwoord bij '{row['text']}', "
        f"door {share} van de regio's ({headline['count']} van {row['n']})."
    )


def tell_response(submitted: int, asked: int | None, wave: str) -> str:
    """'In 2024 antwoordden 51 van 78 regio's, 65%.'"""
    if asked is None or 0 < submitted < SMALLEST_GROUP:
        return f"In {wave} antwoordden {tell_regions(submitted)}."
    return (
        f"In {wave} antwoordden {submitted} van {asked} regio's, "
        f"{format_percentage(submitted / asked)}."
    )


def tell_priority_of(row: ReleasedRow) -> str:
    """'Urgent, maar weinig opbrengst: …' of a concept that is urgent more often than it yields."""
    return (
        f"Bij '{row['text']}' is de nood groter dan wat het opleverde: "
        f"{format_percentage(row['urgent'])} van de regio's noemt het urgent, "
        f"{format_percentage(row['yielding'])} ziet opbrengst ({row['count_urgent']} en "
        f"{row['count_yielding']} van de {row['n']} regio's die beide vragen beantwoordden); dat "
        "verschil is groter dan toeval."
    )

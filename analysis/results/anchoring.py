"""The levels of a block in one wave: shares of yes and of options, with their intervals."""

from __future__ import annotations

from datetime import date

from analysis.charts import draw_anchoring, group_by_question
from analysis.disclosure import ReleasedRow, ReleasedTable, release
from analysis.finding_wording import tell_anchoring
from analysis.levels import measure_levels
from analysis.method_wording import INTERVALS
from analysis.results.block import Block
from analysis.results.changes import MISSING_NOTE
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.source import WaveResult, tell_source
from analysis.wording import tell_absence, tell_amount, tell_share


def release_levels(
    result: WaveResult, block: Block, day: date, population: int | None = None
) -> ReleasedTable:
    """Every figure of the block but its indexes. With a `population` the intervals are about that
    number of regions."""
    indexes = {index.id for index in result.counts.questionnaire.indexes}
    levels = [
        level
        for level in measure_levels(result.counts, block.section, population=population)
        if level.item not in indexes
    ]
    method = next((INTERVALS[level.ci_method] for level in levels if level.ci_method), "")
    told = f"95%-betrouwbaarheidsinterval {method}. " if method else ""
    return release(
        levels,
        title=block.title,
        base=result.base,
        method=told + MISSING_NOTE,
        source=tell_source([result], day),
    )


def levels_exhibit(
    table: ReleasedTable, block: Block, wave: str, population: int | None = None
) -> Exhibit:
    return Exhibit(
        name=f"{block.section}-{wave}",
        finding=tell_anchoring(table),
        table=table,
        draw=draw_anchoring,
        draw_panels=lambda table: (draw_anchoring(table, titled=False),),
        tables=tuple(
            PrintedTable(
                question,
                ("Antwoord", "Aandeel van de regio's", "95%-interval"),
                tuple(_cells(label, row) for label, row in rows),
            )
            for question, rows in group_by_question(table)
        ),
        notes=(table.method, _explain_interval(population)),
    )


def _cells(label: str, row: ReleasedRow) -> tuple[str, ...]:
    if absence := tell_absence(row):
        return label, absence
    low, high = (tell_amount(row, row[name]) for name in ("ci_low", "ci_high"))
    share = tell_share(tell_amount(row, row["value"]), row["count"], row["n"])
    return label, share, f"{low} tot {high}"


def _explain_interval(population: int | None) -> str:
    if population is not None:
        return (
            f"Het interval zegt waar het aandeel van alle {population} gevraagde regio's "
            "waarschijnlijk ligt, ook van de regio's die niet antwoordden."
        )
    return "Het interval zegt hoe onzeker het aandeel is doordat niet alle regio's antwoordden."

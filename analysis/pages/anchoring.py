"""Results: anchoring, or what is arranged for the time after the subsidy."""

from __future__ import annotations

import streamlit as st

from analysis.charts import draw_anchoring, draw_index, group_by_question
from analysis.disclosure import ReleasedRow, ReleasedTable, release
from analysis.levels import measure_distributions, measure_levels
from analysis.pages.distribution_table import show_distributions
from analysis.pages.evaluator import FOR_EVALUATOR
from analysis.pages.result_page import (
    MISSING_NOTE,
    WaveResult,
    choose_wave,
    has_answers,
    show_chart,
    show_downloads,
    show_heading,
    show_notes,
    show_table,
    tell_source,
)
from analysis.wording import (
    INTERVALS,
    tell_absence,
    tell_amount,
    tell_anchoring,
    tell_index,
    tell_share,
)
from surveys.pages.visitor import require
from surveys.roles import Right

_TITLE, _SECTION = "Borging", "borging"


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title(_TITLE, anchor=False)
    result = choose_wave()
    if result is None:
        return
    if not has_answers(_TITLE, result.wave.name, measure_levels(result.counts, _SECTION)):
        return
    figures = st.container()
    population = _choose_population(result)
    with figures:
        _show_forms(result, population)
        _show_indexes(result)


def _choose_population(result: WaveResult) -> int | None:
    """The number of regions that the intervals are about; None: of regions without end."""
    asked = result.counts.asked
    with st.expander(FOR_EVALUATOR):
        is_finite = st.toggle(
            f"Interval voor alle {asked} gevraagde regio's (correctie voor een eindige populatie)"
            if asked
            else "Interval voor alle gevraagde regio's (niet bekend hoeveel er gevraagd zijn)",
            disabled=asked is None,
            key="eindige_populatie",
        )
    return asked if is_finite else None


def _show_forms(result: WaveResult, population: int | None) -> None:
    indexes = {index.id for index in result.counts.questionnaire.indexes}
    levels = [
        level
        for level in measure_levels(result.counts, _SECTION, population=population)
        if level.item not in indexes
    ]
    method = next((INTERVALS[level.ci_method] for level in levels if level.ci_method), "")
    table = release(
        levels,
        title=_TITLE,
        base=result.base,
        method=f"95%-betrouwbaarheidsinterval {method}. {MISSING_NOTE}",
        source=tell_source([result]),
    )
    show_heading(tell_anchoring(table), table.base)
    show_chart(draw_anchoring(table, titled=False))
    for question, rows in group_by_question(table):
        show_table(
            question,
            ["Antwoord", "Aandeel van de regio's", "95%-interval"],
            [_cells(label, row) for label, row in rows],
        )
    show_notes(table.method, _explain_interval(result, is_finite=population is not None))
    show_downloads(table, draw_anchoring, f"borging-{result.wave.name}")


def _cells(label: str, row: ReleasedRow) -> list[str]:
    if absence := tell_absence(row):
        return [label, absence]
    low, high = (tell_amount(row, row[name]) for name in ("ci_low", "ci_high"))
    return [
        label,
        tell_share(tell_amount(row, row["value"]), row["count"], row["n"]),
        f"{low} tot {high}",
    ]


def _explain_interval(result: WaveResult, is_finite: bool) -> str:
    if is_finite:
        return (
            f"Het interval zegt waar het aandeel van alle {result.counts.asked} gevraagde regio's "
            "waarschijnlijk ligt, ook van de regio's die niet antwoordden."
        )
    return "Het interval zegt hoe onzeker het aandeel is doordat niet alle regio's antwoordden."


def _show_indexes(result: WaveResult) -> None:
    indexes = {index.id for index in result.counts.questionnaire.indexes}
    for row in measure_distributions(result.counts, _SECTION):
        if row.item in indexes:
            _show_index(
                result,
                release(
                    [row],
                    title=row.text,
                    base=result.base,
                    method=_explain_index(result, row.item),
                    source=tell_source([result]),
                ),
            )


def _show_index(result: WaveResult, table: ReleasedTable) -> None:
    show_heading(tell_index(table), table.base)
    show_chart(draw_index(table, titled=False))
    show_distributions(table.title, "Index", table.rows)
    show_notes(table.method)
    show_downloads(table, draw_index, f"{table.rows[0]['item']}-{result.wave.name}")


def _explain_index(result: WaveResult, item: str) -> str:
    index = next(index for index in result.counts.questionnaire.indexes if index.id == item)
    levels = ", ".join(f"vanaf {level.minimum}: {level.label}" for level in index.levels)
    return f"De index telt hoeveel vormen een regio koos; {levels}. {MISSING_NOTE}"


show_page()

"""A page that compares two waves: the values, the changes, the test and why that one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from analysis.charts import Chart, sort_changes
from analysis.comparison import Comparison, compare
from analysis.counts import PairCounts, group_transitions
from analysis.decision import ALPHA
from analysis.design import choose_design
from analysis.disclosure import ReleasedRow, ReleasedTable, release
from analysis.measures import PROPORTION
from analysis.pages.evaluator import choose_settings, tell_deviation
from analysis.pages.result_page import (
    MISSING_NOTE,
    WaveResult,
    choose_pair,
    has_block,
    questionnaires_between,
    show_chart,
    show_downloads,
    show_heading,
    show_notes,
    show_table,
    tell_source,
)
from analysis.settings import INDEPENDENT, OVERLAP, Design, Settings
from analysis.significance import fisher_exact
from analysis.wording import (
    FEW_MORE,
    TESTS_OVERALL,
    is_unpaired,
    is_withheld,
    tell_absence,
    tell_adjusted,
    tell_after,
    tell_amount,
    tell_before,
    tell_changes,
    tell_detectable,
    tell_difference,
    tell_interval,
    tell_margin,
    tell_outcome,
    tell_regions,
    tell_share,
    tell_test,
)
from surveys.dutch import format_p
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.roles import Right

_P_NOTE = (
    "De p is de kans dat een verschil minstens zo groot uitvalt terwijl er in werkelijkheid "
    "niets is veranderd."
)


@dataclass(frozen=True)
class ComparisonPage:
    """`section` is the block of the questionnaire, all of one `measure`; `what` names its rows:
    one, and several."""

    title: str
    section: str
    measure: str
    what: tuple[str, str]
    draw: Callable[[ReleasedTable], Chart]
    draw_panels: Callable[[ReleasedTable], tuple[Chart, Chart]]


def show_comparison(page: ComparisonPage) -> None:
    require(Right.SEE_RESULTS)
    st.title(page.title, anchor=False)
    pair = choose_pair()
    if pair is None:
        return
    figures = st.container()
    settings = choose_settings(page.measure)
    before, after = pair
    pairs = _count_pairs(before, after)
    rows = _headlines(
        compare(before.counts, after.counts, pairs, settings, questionnaires_between(*pair)),
        page.section,
    )
    with figures:
        if not has_block(page.title, after.wave.name, rows):
            return
        table = release(
            rows,
            title=page.title,
            base=_tell_base(before, after, pairs, settings.design),
            method=" ".join(
                filter(None, [tell_test(rows), tell_margin(settings.margin, page.measure)])
            ),
            source=tell_source(pair),
        )
        _show_figures(page, table, settings)


def _count_pairs(before: WaveResult, after: WaveResult) -> PairCounts:
    store, waves = current_store(), (before.wave.name, after.wave.name)
    return PairCounts(
        group_transitions(store.counts.transitions(*waves)), store.counts.regions_in_both(*waves)
    )


def _headlines(rows: list[Comparison], section: str) -> list[Comparison]:
    """Of each question in the section the figure that comes first, which is its headline."""
    first: dict[str, Comparison] = {}
    for row in rows:
        if row.section == section and not row.is_summary:
            first.setdefault(row.item, row)
    return list(first.values())


def _tell_base(before: WaveResult, after: WaveResult, pairs: PairCounts, wanted: Design) -> str:
    if choose_design(before.counts, after.counts, pairs, wanted).name != INDEPENDENT:
        return f"{tell_regions(pairs.regions)} die in beide jaren antwoordden"
    counts = [
        f"{tell_regions(result.counts.respondents)} in {result.wave.name}"
        for result in (before, after)
    ]
    chosen = "" if pairs.regions else "; geen regio antwoordde in beide jaren"
    return " en ".join(counts) + chosen


def _show_figures(page: ComparisonPage, table: ReleasedTable, settings: Settings) -> None:
    waves = table.rows[0]["wave_before"], table.rows[0]["wave_after"]
    show_heading(tell_changes(table, page.what), table.base)
    with st.container():  # a place of its own, so that an expander below stays open
        show_notes(tell_deviation(settings))
    for column, chart in zip(st.columns(2), page.draw_panels(table), strict=True):
        with column:
            show_chart(chart)
    show_table(
        f"{page.title} in {waves[0]} en {waves[1]}",
        _headings(page, table),
        map(_cells, sort_changes(table)),
    )
    show_notes(
        table.method,
        _P_NOTE,
        tell_detectable(table),
        f"Verschillen zijn berekend vóór het afronden. {MISSING_NOTE}",
        *table.footnotes,
    )
    with st.expander("Waarom deze toets?"):
        show_notes(*_explain_design(table))
        _show_overall(page, table)
    show_downloads(table, page.draw, f"{page.title.lower()}-{waves[0]}-{waves[1]}")


# The table


def _headings(page: ComparisonPage, table: ReleasedTable) -> list[str]:
    first = table.rows[0]
    unit = _unit(page)
    return [
        page.what[0].capitalize(),
        first["wave_before"],
        first["wave_after"],
        *([] if page.measure == PROPORTION else ["Regio's"]),
        f"Verschil in {unit} (95%-interval)",
        "Uitkomst",
        "p",
        tell_adjusted(first),
        f"Aantoonbaar verschil in {unit}",
    ]


def _unit(page: ComparisonPage) -> str:
    return "procentpunten" if page.measure == PROPORTION else "punten"


def _cells(row: ReleasedRow) -> list[str]:
    if absence := tell_absence(row):
        reason = f": {row['reason']}" if row["reason"] else ""
        return [row["text"], absence + reason]
    bases = (
        (row["n_before"], row["n_after"])
        if row["design"] == INDEPENDENT
        else (row["n_pairs"], row["n_pairs"])
    )
    regions = " en ".join(map(str, dict.fromkeys(bases)))
    interval = tell_interval(row)
    return [
        row["text"],
        tell_share(tell_before(row), row["count_before"], bases[0]),
        tell_share(tell_after(row), row["count_after"], bases[1]),
        *([] if row["measure"] == PROPORTION else [regions]),
        tell_difference(row, row["change"], sign=True) + (f" ({interval})" if interval else ""),
        tell_outcome(row),
        _tell_p(row["p"]),
        _tell_p(row["p_adjusted"]),
        tell_difference(row, row["detectable_change"]),
    ]


def _tell_p(p: float | None) -> str:
    return "–" if p is None else format_p(p).replace(" ", "\u00a0")


# Why this test


def _explain_design(table: ReleasedTable) -> list[str]:
    reasons = dict.fromkeys(row["design_reason"] for row in table.rows if row["design_reason"])
    if is_unpaired(table):
        return [
            *reasons,
            "Een toets voor verschillende groepen ziet alleen grote veranderingen, want regio's "
            "verschillen ook onderling. Antwoordden wel dezelfde regio's twee keer, dan mist deze "
            "toets echte veranderingen.",
        ]
    return [
        *reasons,
        "De toets kijkt per regio wat er veranderde. Een toets die doet alsof het verschillende "
        "regio's zijn, mist echte veranderingen.",
        _example_of_pairing(table),
    ]


def _show_overall(page: ComparisonPage, table: ReleasedTable) -> None:
    """What everyone said who answered in either wave, where that is more than the pairs."""
    rows = [row for row in sort_changes(table) if row["design"] == OVERLAP]
    if all(tell_absence(row) for row in rows):
        return
    before, after = rows[0]["wave_before"], rows[0]["wave_after"]
    show_table(
        f"{page.title}: alle regio's die in één of beide jaren antwoordden (nevenuitkomst)",
        [
            page.what[0].capitalize(),
            f"{before} (regio's)",
            f"{after} (regio's)",
            f"Verschil in {_unit(page)} (95%-interval)",
            "p",
        ],
        map(_overall_cells, rows),
    )
    test = next((TESTS_OVERALL[row["test_all"]] for row in rows if row["test_all"]), "")
    show_notes(
        "De ster volgt deze nevenuitkomst niet. Tussen haakjes staat hoeveel regio's de vraag in "
        "dat jaar beantwoordden."
        + (
            f" De toets is {test}: die houdt er rekening mee dat een deel van de regio's twee "
            "keer antwoordde."
            if test
            else ""
        )
    )


def _overall_cells(row: ReleasedRow) -> list[str]:
    if absence := tell_absence(row) or (FEW_MORE if is_withheld(row) else ""):
        return [row["text"], absence]
    interval = tell_interval(row, "_all")
    return [
        row["text"],
        f"{tell_amount(row, row['value_before_all'])} ({row['n_before']})",
        f"{tell_amount(row, row['value_after_all'])} ({row['n_after']})",
        tell_difference(row, row["change_all"], sign=True) + (f" ({interval})" if interval else ""),
        row["reason_all"] or _tell_p(row["p_all"]),
    ]


def _example_of_pairing(table: ReleasedTable) -> str:
    """The change of this page that an unpaired test would miss by most; empty if none."""
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

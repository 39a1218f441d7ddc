"""A page that compares two waves: the values, the changes, the test and why that one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from analysis.charts import Chart, sort_changes
from analysis.comparison import ALPHA, Comparison, Follows, compare
from analysis.counts import PairCounts, group_transitions
from analysis.disclosure import ReleasedRow, ReleasedTable, release
from analysis.measures import PROPORTION
from analysis.pages.result_page import (
    MISSING_NOTE,
    WaveResult,
    choose_pair,
    has_block,
    show_chart,
    show_downloads,
    show_heading,
    show_notes,
    show_table,
    tell_source,
)
from analysis.significance import fisher_exact
from analysis.wording import (
    is_unpaired,
    tell_absence,
    tell_after,
    tell_before,
    tell_changes,
    tell_detectable,
    tell_difference,
    tell_interval,
    tell_outcome,
    tell_regions,
    tell_share,
    tell_test,
)
from surveys.dutch import format_p
from surveys.pages.storage import current_store

_FOLLOWS: dict[Follows, str] = {"raw": "p zonder correctie", "holm": "p met Holm-correctie"}


@dataclass(frozen=True)
class ComparisonPage:
    """`section` is the block of the questionnaire, `what` names its rows: one, and several."""

    title: str
    section: str
    what: tuple[str, str]
    draw: Callable[[ReleasedTable], Chart]
    draw_panels: Callable[[ReleasedTable], tuple[Chart, Chart]]


def show_comparison(page: ComparisonPage) -> None:
    st.title(page.title, anchor=False)
    pair = choose_pair()
    if pair is None:
        return
    figures = st.container()
    stars = _choose_stars()
    before, after = pair
    pairs = _count_pairs(before, after)
    rows = _headlines(compare(before.counts, after.counts, pairs, stars=stars), page.section)
    with figures:
        if not has_block(page.title, after.wave.name, rows):
            return
        table = release(
            rows,
            title=page.title,
            base=_tell_base(before, after, pairs, rows[0].design),
            method=tell_test(rows),
            source=tell_source(pair),
        )
        _show_figures(page, table)


def _choose_stars() -> Follows:
    st.subheader("Voor de onderzoeker", anchor=False)
    options: list[Follows] = ["raw", "holm"]
    chosen = st.radio(
        "De ster volgt",
        options,
        format_func=lambda follows: _FOLLOWS[follows],
        horizontal=True,
        key="ster_volgt",
        persist_state="session",
    )
    return chosen


def _count_pairs(before: WaveResult, after: WaveResult) -> PairCounts:
    store, waves = current_store(), (before.wave.name, after.wave.name)
    return PairCounts(group_transitions(store.transitions(*waves)), store.regions_in_both(*waves))


def _headlines(rows: list[Comparison], section: str) -> list[Comparison]:
    """Of each question in the section the figure that comes first, which is its headline."""
    first: dict[str, Comparison] = {}
    for row in rows:
        if row.section == section:
            first.setdefault(row.item, row)
    return list(first.values())


def _tell_base(before: WaveResult, after: WaveResult, pairs: PairCounts, design: str) -> str:
    if design == "paired":
        return f"{tell_regions(pairs.regions)} die in beide jaren antwoordden"
    counts = [
        f"{tell_regions(result.counts.respondents)} in {result.wave.name}"
        for result in (before, after)
    ]
    return " en ".join(counts) + "; geen regio antwoordde in beide jaren"


def _show_figures(page: ComparisonPage, table: ReleasedTable) -> None:
    waves = table.rows[0]["wave_before"], table.rows[0]["wave_after"]
    show_heading(tell_changes(table, page.what), table.base)
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
        f"De ster volgt {_FOLLOWS[table.rows[0]['stars']]}.",
        tell_detectable(table),
        f"Verschillen zijn berekend vóór het afronden. {MISSING_NOTE}",
        *table.footnotes,
    )
    with st.expander("Waarom deze toets?"):
        show_notes(*_explain_design(table))
    show_downloads(table, page.draw, f"{page.title.lower()}-{waves[0]}-{waves[1]}")


# The table


def _headings(page: ComparisonPage, table: ReleasedTable) -> list[str]:
    first = table.rows[0]
    unit = "procentpunten" if first["measure"] == PROPORTION else "punten"
    return [
        page.what[0].capitalize(),
        first["wave_before"],
        first["wave_after"],
        f"Verschil in {unit} (95%-interval)",
        "Uitkomst",
        "p",
        "p (Holm)",
        f"Aantoonbaar verschil in {unit}",
    ]


def _cells(row: ReleasedRow) -> list[str]:
    if absence := tell_absence(row):
        reason = f": {row['reason']}" if row["reason"] else ""
        return [row["text"], absence + reason]
    bases = (
        (row["n_before"], row["n_after"])
        if row["design"] == "independent"
        else (row["n_pairs"], row["n_pairs"])
    )
    interval = tell_interval(row)
    return [
        row["text"],
        tell_share(tell_before(row), row["count_before"], bases[0]),
        tell_share(tell_after(row), row["count_after"], bases[1]),
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
    if is_unpaired(table):
        return [
            "Geen enkele regio antwoordde in beide jaren. Daarom vergelijkt de toets twee groepen "
            "van verschillende regio's. Zo'n toets ziet alleen grote veranderingen, want de "
            "regio's verschillen ook onderling."
        ]
    return [
        "Dezelfde regio's antwoordden in beide jaren. Daarom kijkt de toets per regio wat er "
        "veranderde. Een toets die doet alsof het verschillende regio's zijn, mist echte "
        "veranderingen.",
        _example_of_pairing(table),
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

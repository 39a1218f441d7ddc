"""Results per group of regions: the same comparison by province, size or another attribute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from analysis.comparison import Comparison
from analysis.disclosure import (
    SMALLEST_GROUP,
    SMALLEST_PERCENTAGE,
    ReleasedTable,
    release,
    shown_groups,
)
from analysis.measures import PROPORTION, measures_of
from analysis.method_wording import TESTS, tell_margin, tell_test
from analysis.pages.evaluator import choose_settings, tell_deviation
from analysis.pages.group_table import begin_with_capital, show_question
from analysis.pages.result_page import show_heading, show_notes
from analysis.pages.wave_choice import choose_pair, today
from analysis.results.changes import MISSING_NOTE, tell_pair_base
from analysis.results.source import PairResult, read_group, tell_source
from analysis.settings import Settings
from analysis.subgroups import (
    GroupDifference,
    compare_groups,
    find_group_differences,
)
from surveys.items import MultipleItem
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.questionnaire import Questionnaire, Section
from surveys.roles import Right

_TITLE = "Groepen"
_GROUP_TESTS = {
    "kruskal_wallis": "de toets van Kruskal en Wallis",
    "welch_anova": "de F-toets van Welch",
    "heterogeneity": "de F-toets van Welch voor veranderingen van verschillende regio's",
}
_P_NOTE = "p is de kans op minstens zo'n groot verschil als er in werkelijkheid geen verschil is."


@dataclass(frozen=True)
class _Block:
    """What is asked for: a section of the questionnaire by an attribute of the regions."""

    attribute: str
    values: Sequence[str]
    section: Section


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title(_TITLE, anchor=False)
    st.text("Dezelfde vergelijking per groep regio's, en of de groepen van elkaar verschillen.")
    pair = choose_pair()
    if pair is None:
        return
    attributes = current_store().regions.attributes()
    if not attributes:
        st.text(
            "Van de regio's zijn nog geen kenmerken bekend, zoals de provincie. Lees het register "
            "in met: python -m db register BESTAND"
        )
        return
    questionnaire = pair.after.counts.questionnaire
    attribute = _choose_attribute(attributes)
    section = _choose_section(questionnaire)
    block = _Block(attribute, attributes[attribute], section)
    figures = st.container()
    measure = _measure_of(questionnaire, section)
    settings = choose_settings(measure)
    with figures:
        _show_block(pair, block, settings, measure)


def _choose_attribute(attributes: dict[str, list[str]]) -> str:
    """At first the one with the fewest groups, which hold most regions."""
    names = list(attributes)
    first = min(names, key=lambda name: (len(attributes[name]) < 2, len(attributes[name])))
    return st.selectbox(
        "Kenmerk",
        names,
        index=names.index(first),
        format_func=begin_with_capital,
        key="kenmerk",
        bind="query-params",
        width=420,
    )


def _choose_section(questionnaire: Questionnaire) -> Section:
    sections = {section.id: section for section in questionnaire.sections}
    chosen = st.selectbox(
        "Blok",
        list(sections),
        format_func=lambda name: sections[name].title,
        key="blok",
        bind="query-params",
        width=420,
    )
    return sections[chosen]


def _measure_of(questionnaire: Questionnaire, section: Section) -> str:
    """What is measured in the block, for its margin: that of its first question."""
    found = (measures_of(questionnaire, section.id, question) for question in section.questions)
    return next((measure.kind for measures in found for measure in measures), PROPORTION)


# The figures


def _show_block(pair: PairResult, block: _Block, settings: Settings, measure: str) -> None:
    store, attribute, total = current_store(), block.attribute, pair.counted
    groups = {value: read_group(store, pair, (attribute, value)) for value in block.values}
    compared = compare_groups(attribute, groups, total, settings, pair.between)
    rows = [row for row in compared if row.section == block.section.id]
    if not _has_figures(rows, pair.before.name, pair.after.name):
        return
    headlines = _headlines(rows, pair.after.counts.questionnaire)
    table = release(
        rows,
        title=f"{block.section.title} per {attribute}",
        base=tell_pair_base(total, settings.design),
        method=_tell_method([row for row in rows if (row.item, row.part) in headlines]),
        source=tell_source(pair.results, today()),
    )
    found = find_group_differences(
        attribute, groups, total, settings, pair.between, shown=shown_groups(table)
    )
    differences = {(row.item, row.part): row for row in found}
    show_heading(table.title, table.base)
    show_notes(tell_deviation(settings))
    for figure in headlines:
        shown = [row for row in table.rows if (row["item"], row["part"]) == figure]
        show_question(shown, differences.get(figure), settings)
    tests = [differences[figure] for figure in headlines if figure in differences]
    show_notes(
        table.method,
        _P_NOTE,
        tell_margin(settings.margin, measure),
        _tell_group_tests(tests),
        "Hoe minder regio's een groep heeft, hoe groter een verschil moet zijn om het aan te "
        "tonen. Geen ster betekent niet: geen verandering.",
        _tell_thresholds(table),
        MISSING_NOTE,
        table.source,
        *table.footnotes,
    )


def _has_figures(rows: Sequence[Comparison], before: str, after: str) -> bool:
    if not rows:
        st.text("Dit blok heeft geen vragen om te vergelijken.")
    elif not any(row.base for row in rows):
        st.text(
            "Bij geen enkele vraag van dit blok zijn er antwoorden om te vergelijken tussen "
            f"{before} en {after}."
        )
    else:
        return True
    return False


def _headlines(
    rows: Sequence[Comparison], questionnaire: Questionnaire
) -> dict[tuple[str, str], None]:
    """Of each question the figure that comes first, and every option that could be chosen."""
    options = {item.id for item in questionnaire.questions if isinstance(item, MultipleItem)}
    first: dict[str, str] = {}
    for row in rows:
        if not row.is_summary:
            first.setdefault(row.item, row.part)
    return dict.fromkeys(
        (row.item, row.part)
        for row in rows
        if first.get(row.item) == row.part or row.item in options
    )


# One question


def _tell_method(rows: Sequence[Comparison]) -> str:
    """The test of the first figure in full, and those of others by name."""
    others = list(dict.fromkeys(TESTS[row.test] for row in rows if row.test))[1:]
    also = f" Andere vragen zijn getoetst met {' en '.join(others)}." if others else ""
    return tell_test(rows) + also


def _tell_group_tests(differences: Sequence[GroupDifference]) -> str:
    used = dict.fromkeys(
        _GROUP_TESTS[test.test]
        for row in differences
        for test in (row.level, row.change)
        if test.p is not None
    )
    if not used:
        return ""
    return (
        f"Het verschil tussen groepen is getoetst met {' en '.join(used)}, alleen over de groepen "
        "waarvan het cijfer getoond wordt."
    )


def _tell_thresholds(table: ReleasedTable) -> str:
    if not any(row.is_suppressed for row in table.rows):
        return ""
    return (
        f"Een groep van minder dan {SMALLEST_GROUP} regio's wordt onderdrukt. Soms geldt dat ook "
        "voor een grotere groep, omdat de kleine anders is uit te rekenen. Percentages en "
        f"gemiddelden staan er vanaf {SMALLEST_PERCENTAGE} regio's."
    )


show_page()

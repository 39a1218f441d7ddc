"""A block of the questionnaire, year on year: how to look at it, over whom, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis.charts import Order
from analysis.measures import MEAN, PROPORTION
from analysis.pages.evaluator import choose_population, choose_settings, tell_deviation
from analysis.pages.question_page import choose_question, click_question, show_question
from analysis.pages.result_page import show_exhibit, show_notes, show_quotes
from analysis.pages.wave_choice import ChosenWaves, choose_waves, tell_single, today
from analysis.results.block import Block, find_block, find_section
from analysis.results.blocks import (
    BlockResult,
    View,
    change_exhibit,
    level_exhibits,
    spread_exhibit,
)
from analysis.results.changes import changes_exhibit, release_group_changes
from analysis.results.exhibit import Exhibit
from analysis.results.source import (
    Group,
    WaveResult,
    read_group,
    read_pairs,
    read_patterns,
    read_wave,
)
from analysis.results.trend import trend_exhibit
from analysis.settings import Settings
from surveys.items import GradeItem
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_markdown
from surveys.roles import Right

_EVERYBODY = "alle regio's"
# In the address, and kept while one question is looked at.
_KEPT: dict[str, Any] = {"bind": "query-params", "persist_state": "page"}


@dataclass(frozen=True)
class _Filters:
    """What the visitor chose; it stands in the address."""

    view: View
    order: Order = Order.HIGHEST
    group: Group | None = None
    diverging: bool = False


def show_block(section: str, title: str) -> None:
    """The page of the block with this section id; `title` is for where it is not asked."""
    require(Right.SEE_RESULTS)
    st.title(title, anchor=False)
    chosen = choose_waves()
    if chosen is None:
        return
    last = chosen.last
    block = find_block(last.counts.questionnaire, section)
    if block is None:
        name = escape_markdown(last.name)
        st.markdown(f"De vragenlijst van meting {name} heeft geen blok '{title}'.")
        return
    waves = chosen.answered.index(last.wave) + 1
    found = BlockResult(block, last, chosen.pair, waves)
    if _explain_absence(found, chosen):
        return
    question = choose_question(found)
    if question:
        show_question(found, question, today())
    else:
        _show_views(found, chosen)
    show_quotes(last, section)


def _explain_absence(found: BlockResult, chosen: ChosenWaves) -> bool:
    """Say why there is nothing to show, if so."""
    name, title = escape_markdown(found.last.name), found.block.title
    if not found.is_answered:
        st.markdown(f"In meting {name} heeft geen enkele regio het blok '{title}' beantwoord.")
    elif not found.views and chosen.pair is None:
        tell_single(chosen)
    elif not found.views:
        st.markdown(
            f"Bij geen enkele vraag van dit blok zijn er antwoorden om te vergelijken met {name}."
        )
    else:
        return False
    return True


def _show_views(found: BlockResult, chosen: ChosenWaves) -> None:
    filters = _choose_filters(found)
    figures = st.container()
    settings, population = Settings(), None
    if filters.view in (View.CHANGE, View.COURSE):
        settings = choose_settings(_measure(found.last, found.block))
    elif filters.view is View.LEVEL:
        population = choose_population(found.last)
    with figures:
        show_notes(tell_deviation(settings))
        shown = 0
        for exhibit in _exhibits(found, filters, settings, population, chosen):
            show_exhibit(exhibit, on_choice=click_question(found))
            shown += 1
        if not shown:
            st.text(
                "Van deze groep zijn er te weinig regio's om cijfers te tonen. Kies andere regio's."
                if filters.group
                else "Niet alle metingen hebben antwoorden op dit blok die te vergelijken zijn."
            )


def _measure(last: WaveResult, block: Block) -> str:
    questions = find_section(last.counts.questionnaire, block).questions
    return MEAN if all(isinstance(q, GradeItem) for q in questions) else PROPORTION


def _choose_filters(found: BlockResult) -> _Filters:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        views = found.views
        view = views[0]
        if len(views) > 1:
            view = View(
                st.segmented_control(
                    "Weergave",
                    [str(view) for view in views],
                    default=str(view),
                    required=True,
                    key="weergave",
                    **_KEPT,
                )
            )
        if view in (View.CHANGE, View.SPREAD):
            orders = [str(order) for order in Order]
            order = Order(st.selectbox("Volgorde", orders, key="volgorde", width=250, **_KEPT))
        else:
            order = Order.HIGHEST
        group = _choose_group() if view is View.CHANGE else None
        diverging = view is View.SPREAD and st.toggle(
            "Uitgelijnd op het midden", key="midden", **_KEPT
        )
    return _Filters(view, order, group, diverging)


def _choose_group() -> Group | None:
    groups = {
        f"{attribute}: {value}": (attribute, value)
        for attribute, values in current_store().regions.attributes().items()
        for value in values
    }
    if not groups:
        return None
    chosen = st.selectbox("Regio's", [_EVERYBODY, *groups], key="regios", width=250, **_KEPT)
    return groups.get(chosen)


def _exhibits(
    found: BlockResult,
    filters: _Filters,
    settings: Settings,
    population: int | None,
    chosen: ChosenWaves,
) -> Iterator[Exhibit]:
    day = today()
    match filters.view:
        case View.CHANGE:
            changes = (
                _group_exhibit(found, filters, settings)
                if filters.group
                else change_exhibit(found, settings, day, filters.order)
            )
            if changes:
                yield changes
        case View.SPREAD:
            yield spread_exhibit(found, day, filters.order, diverging=filters.diverging)
        case View.LEVEL:
            yield from level_exhibits(found, day, population)
        case View.COURSE:
            course = _course_exhibit(found, chosen, settings)
            if course:
                yield course


def _course_exhibit(found: BlockResult, chosen: ChosenWaves, settings: Settings) -> Exhibit | None:
    """Over all waves up to the one that is looked at."""
    store = current_store()
    waves = chosen.answered[: chosen.answered.index(found.last.wave)]
    results = [*(read_wave(store, wave) for wave in waves), found.last]
    section = found.block.section
    patterns = read_patterns(store, results, section)
    pairs = read_pairs(store, results)
    return trend_exhibit(results, patterns, pairs, section, settings, today())


def _group_exhibit(found: BlockResult, filters: _Filters, settings: Settings) -> Exhibit | None:
    pair, group = found.pair, filters.group
    if pair is None or group is None:
        return None
    store, attribute = current_store(), group[0]
    groups = {
        value: read_group(store, pair, (attribute, value))
        for value in store.regions.attributes()[attribute]
    }
    table = release_group_changes(pair, found.block, settings, today(), group, groups)
    if table is None or all(row.is_suppressed for row in table.rows):
        return None
    return changes_exhibit(table, found.block, filters.order)

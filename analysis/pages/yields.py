"""Results: what STO yielded so far, per attention point."""

from __future__ import annotations

import streamlit as st

from analysis.charts import draw_stacked, sort_yields
from analysis.disclosure import release
from analysis.levels import measure_distributions
from analysis.pages.distribution_table import show_distributions
from analysis.pages.result_page import (
    MISSING_NOTE,
    choose_wave,
    has_answers,
    show_chart,
    show_downloads,
    show_heading,
    show_notes,
    tell_source,
)
from analysis.wording import tell_yields
from surveys.pages.visitor import require
from surveys.roles import Right

_TITLE, _SECTION = "Opbrengsten", "opbrengsten"


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title(_TITLE, anchor=False)
    result = choose_wave()
    if result is None:
        return
    found = measure_distributions(result.counts, _SECTION)
    if not has_answers(_TITLE, result.wave.name, found):
        return
    table = release(
        found, title=_TITLE, base=result.base, method=MISSING_NOTE, source=tell_source([result])
    )
    show_heading(tell_yields(table), table.base)
    show_chart(draw_stacked(table, titled=False))
    show_distributions(f"{_TITLE}, meting {result.wave.name}", "Aandachtspunt", sort_yields(table))
    show_notes(table.method)
    show_downloads(table, draw_stacked, f"opbrengsten-{result.wave.name}")


show_page()

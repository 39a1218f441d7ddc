"""Results: which activities get much attention now, and which less."""

from __future__ import annotations

import streamlit as st

from analysis.charts import draw_attention, group_attention
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
from analysis.wording import tell_attention
from surveys.pages.visitor import require
from surveys.roles import Right

_TITLE, _SECTION = "Aandacht", "aandacht"


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title(_TITLE, anchor=False)
    result = choose_wave()
    if result is None:
        return
    found = measure_distributions(result.counts, _SECTION)
    if not has_answers(_TITLE, result.wave.name, found):
        return
    method = (
        "Een activiteit staat bij 'Veel aandacht' als meer regio's veel aandacht kozen dan "
        f"minder aandacht, en andersom. {MISSING_NOTE}"
    )
    table = release(
        found, title=_TITLE, base=result.base, method=method, source=tell_source([result])
    )
    show_heading(tell_attention(table), table.base)
    show_chart(draw_attention(table, titled=False))
    for group, rows in group_attention(table):
        show_distributions(
            f"{group}, meting {result.wave.name}", "Activiteit", rows, has_totals=False
        )
    show_notes(table.method)
    show_downloads(table, draw_attention, f"aandacht-{result.wave.name}")


show_page()

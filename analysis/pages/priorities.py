"""Results: where the need is and what it brought, per attention point."""

from __future__ import annotations

import streamlit as st

from analysis.pages.result_page import show_exhibit
from analysis.pages.wave_choice import ChosenWaves, choose_waves, today
from analysis.results.priorities import TITLE, EarlierWave, priorities_exhibit, read_joint
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_markdown
from surveys.roles import Right


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title(TITLE, anchor=False)
    chosen = choose_waves()
    if chosen is None:
        return
    joint = read_joint(current_store(), chosen.last)
    exhibit = priorities_exhibit(chosen.last, joint, _read_earlier(chosen), today())
    if exhibit is None:
        st.markdown(
            f"In meting {escape_markdown(chosen.last.name)} is geen aandachtspunt dat zowel bij de "
            "urgentie als bij de opbrengsten is gevraagd en beantwoord."
        )
        return
    show_exhibit(exhibit)


def _read_earlier(chosen: ChosenWaves) -> EarlierWave | None:
    if chosen.pair is None:
        return None
    before = chosen.pair.before
    return EarlierWave(before, read_joint(current_store(), before), chosen.pair.between)


show_page()

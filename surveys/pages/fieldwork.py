"""The wave at a glance, live: what to do, how far the regions are, and what was skipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from surveys.dutch import format_percentage, format_time
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState
from surveys.monitoring.actions import find_actions
from surveys.monitoring.response import RegionProgress, count_steps
from surveys.pages.parts.answers_download import draw_downloads
from surveys.pages.parts.response_parts import (
    draw_actions,
    draw_days,
    draw_nonresponse,
    draw_provinces,
    draw_regions,
    draw_steps,
    draw_times,
)
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.roles import Right

_REFRESH = 30  # seconds
_WAVE_STATES = {
    WaveState.PLANNED: "nog niet open",
    WaveState.OPEN: "open",
    WaveState.CLOSING: "bijna gesloten: alleen wie al begonnen was, kan nog afmaken",
    WaveState.CLOSED: "gesloten",
}


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Stand van zaken", anchor=False)
    waves = current_store().waves.all()
    if not waves:
        st.text("Er zijn nog geen metingen. Laad op de startpagina de voorbeelddata.")
        return
    names = [wave.name for wave in waves]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Meting", names, index=len(names) - 1, width=200, key="stand-meting")
        # who reads slowly or by ear must be able to stop it (WCAG 2.2.2)
        is_live = st.checkbox("Elke halve minuut bijwerken", value=True, key="stand-bijwerken")
    st.fragment(_show_wave, run_every=_REFRESH if is_live else None)(name)


def _show_wave(name: str) -> None:
    """Runs again by itself; nothing is entered here that it could lose."""
    require(Right.DO_FIELDWORK)
    store, now = current_store(), datetime.now(UTC)
    wave = next((wave for wave in store.waves.all() if wave.name == name), None)
    if wave is None:
        st.text("Deze meting is er niet meer. Kies een andere.")
        return
    regions = store.monitoring.progress(name)
    _tell_state(wave, regions, now)
    if not regions:
        st.text("Er zijn nog geen regio's. Voeg ze toe bij Regio's.")
        return
    draw_actions(find_actions(regions, wave.state, now), wave.state)
    draw_steps(regions)
    draw_provinces(regions)
    draw_days(wave, regions, store.monitoring.sent_mails(name), now)
    draw_times(regions)
    draw_nonresponse(store.monitoring.nonresponse(name))
    draw_regions(wave.name, regions, now)
    draw_downloads(wave, count_steps(regions).submitted, now)


def _tell_state(wave: Wave, regions: Sequence[RegionProgress], now: datetime) -> None:
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    steps = count_steps(regions)
    invited = any(region.invited for region in regions)
    asked = f" van de {steps.invited} uitgenodigde regio's" if invited else ""
    share = f" ({format_percentage(steps.submitted / steps.invited)})" if invited else ""
    st.text(
        f"De meting is {_WAVE_STATES[wave.state]}. Verzonden: {steps.submitted}{asked}{share}. "
        f"Bijgewerkt om {format_time(now)}."
    )


show_page()

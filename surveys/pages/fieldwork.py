"""The evaluator's view of a wave: how many answered, and a personal link for a region."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from surveys.dutch import format_percentage
from surveys.fieldwork import EXAMPLE_LABEL, RegionProgress, ResponseState, Wave, WaveState
from surveys.pages.storage import current_store
from surveys.plain_text import escape_html

_ACTOR = "evaluator"
_WAVE_STATES = {
    WaveState.PLANNED: "nog niet open",
    WaveState.OPEN: "open",
    WaveState.CLOSED: "gesloten",
}
_STATES = {
    None: "nog niet begonnen",
    ResponseState.DRAFT: "begonnen",
    ResponseState.FINAL: "verzonden",
}


def show_page() -> None:
    st.title("Veldwerk", anchor=False)
    waves = current_store().waves.all()
    if not waves:
        st.text("Er zijn nog geen metingen. Laad op de startpagina de voorbeelddata.")
        return
    names = [wave.name for wave in waves]
    name = st.selectbox("Meting", names, index=len(names) - 1, width=200)
    wave = waves[names.index(name)]
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    progress = current_store().monitoring.progress(wave.name)
    _draw_counts(wave, progress)
    _draw_link_maker(wave, progress)
    st.subheader("Alle regio's", anchor=False)
    st.html(_region_table(progress))


def _draw_counts(wave: Wave, progress: list[RegionProgress]) -> None:
    invited = sum(region.invited for region in progress)
    final = sum(region.state is ResponseState.FINAL for region in progress)
    draft = sum(region.state is ResponseState.DRAFT for region in progress)
    share = f" ({format_percentage(final / invited)})" if invited else ""
    st.markdown(
        f"De meting is **{_WAVE_STATES[wave.state]}**. Uitgenodigd: **{invited}** regio's. "
        f"Begonnen, nog niet verzonden: **{draft}**. Verzonden: **{final}**{share}."
    )
    is_open = wave.state is WaveState.OPEN
    if st.button("Meting sluiten" if is_open else "Meting openen", key="open-of-dicht"):
        state = WaveState.CLOSED if is_open else WaveState.OPEN
        current_store().waves.set_state(wave.name, state)
        st.rerun()


def _draw_link_maker(wave: Wave, progress: list[RegionProgress]) -> None:
    st.subheader("Persoonlijke link", anchor=False)
    st.text(
        "Een link hoort bij een regio en een meting. Een nieuwe link maakt de vorige van die regio "
        "ongeldig; de antwoorden blijven. De link is alleen nu te zien: bewaard wordt hij niet."
    )
    region = st.selectbox(
        "Regio",
        progress,
        format_func=lambda region: f"{region.number} {region.name}: {_STATES[region.state]}",
        index=None,
        placeholder="Kies een regio",
    )
    with st.container(horizontal=True):
        make = st.button("Nieuwe link maken", type="primary", disabled=region is None)
        withdraw = st.button("Link intrekken", disabled=region is None or not region.invited)
    if region is not None and make:
        token = current_store().invitations.renew(region.number, wave.name)
        here = urlsplit(st.context.url or "")
        address = f"{here.scheme}://{here.netloc}/?uitnodiging={token}"
        st.success(f"De link voor {region.name}. Open hem in een ander venster of verstuur hem.")
        st.code(address, language=None, wrap_lines=True)
    if region is not None and withdraw:
        current_store().invitations.withdraw(region.number, wave.name)
        st.success(f"De link van {region.name} werkt niet meer.")


def _region_table(progress: list[RegionProgress]) -> str:
    rows = "".join(
        f"<tr><td>{escape_html(region.number)}</td><td>{escape_html(region.name)}</td>"
        f"<td>{_STATES[region.state]}</td><td>{'ja' if region.invited else 'nee'}</td></tr>"
        for region in progress
    )
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Nummer", "Regio", "Stand", "Heeft een link")
    )
    return f'<table class="ontvangst smal"><thead><tr>{heads}</tr></thead>{rows}</table>'


show_page()

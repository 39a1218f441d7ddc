"""The evaluator enters answers for a region, corrects what it submitted, or sets it invalid.

The address says which region and wave it is about and whether answers are being entered, so that
a reload, or a restart of the server, leads back to the same form.
"""

from __future__ import annotations

import streamlit as st

from surveys.entries import EntryRefused
from surveys.fieldwork import EXAMPLE_LABEL, Form, LinkRefused, ResponseState, Visit, Wave
from surveys.monitoring.response import RegionProgress
from surveys.pages.parts.entry_parts import (
    draw_discarding,
    draw_entering,
    draw_validity,
    draw_versions,
    tell_mode,
)
from surveys.pages.parts.form import close_session, open_session, show_form
from surveys.pages.parts.form_session import FormSession
from surveys.pages.parts.turning import draw_turn, turn_page
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person, require
from surveys.plain_text import escape_markdown
from surveys.roles import Right

_WAVE, _REGION, _ENTERS = "meting", "regio", "invoer"
_TURN = "invoer-beurt"


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    waves = {wave.name: wave for wave in current_store().waves.all()}
    session = _session(waves)
    if session is None:
        _show_overview(waves)
        return
    try:
        _show_entry(session)
    except LinkRefused as refused:  # the wave was closed meanwhile
        st.error(EntryRefused(refused.code).message)
        if st.button("Terug naar het overzicht", key="terug"):
            _leave()


def _session(waves: dict[str, Wave]) -> FormSession | None:
    """What is being entered in this window. After a reload: the entry that the address names,
    if this evaluator had begun it."""
    session = st.session_state.get("form")
    me = current_person().name
    if isinstance(session, FormSession) and session.visit.entry is not None:
        if session.visit.entry.by == me:
            return session
        close_session()
    wave, number = st.query_params.get(_WAVE, ""), st.query_params.get(_REGION, "")
    if _ENTERS not in st.query_params or wave not in waves:
        return None
    if number not in {region.number for region in current_store().monitoring.progress(wave)}:
        return None
    return _resume(number, wave, me)


def _resume(number: str, wave: str, me: str) -> FormSession | None:
    store = current_store()
    drafts = [v for v in store.entries.versions(number, wave) if v.state is ResponseState.DRAFT]
    if not drafts or drafts[0].entered_by != me:
        return None
    try:
        visit = store.entries.visit(number, wave, drafts[0].mode, drafts[0].reason)
    except EntryRefused:
        return None
    form = store.forms.find(visit)
    return None if form is None else _enter(number, visit, form)


def _enter(number: str, visit: Visit, form: Form) -> FormSession:
    st.session_state["invoer-regio"] = number  # the address is lost when another page is visited
    return open_session(visit, form)


def _leave() -> None:
    close_session()
    st.query_params.pop(_ENTERS, None)
    turn_page()
    st.rerun()


# Choosing


def _show_overview(waves: dict[str, Wave]) -> None:
    st.title("Invoer en correctie", anchor=False)
    if done := st.session_state.pop("invoer-gedaan", ""):
        st.success(escape_markdown(done))
    if not waves:
        st.text("Er zijn nog geen metingen. Voeg er een toe bij Metingen.")
        return
    wave = waves[_choose_wave([*waves])]
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    region = _choose_region(wave)
    _tell_address({_WAVE: wave.name} | ({_REGION: region.number} if region else {}))
    if region is not None:
        _show_region(wave, region)
    draw_turn()


def _choose_wave(names: list[str]) -> str:
    asked = st.query_params.get(_WAVE)
    index = names.index(asked) if asked in names else len(names) - 1
    chosen = st.selectbox("Meting", names, index=index, width=200, key="invoer-meting")
    return chosen if chosen in names else names[index]


def _choose_region(wave: Wave) -> RegionProgress | None:
    regions = {region.number: region for region in current_store().monitoring.progress(wave.name)}
    numbers, asked = [*regions], st.query_params.get(_REGION)
    number = st.selectbox(
        "Regio",
        numbers,
        format_func=lambda number: (
            f"{number} {regions[number].name}: {regions[number].stage.value}"
        ),
        index=numbers.index(asked) if asked in numbers else None,
        placeholder="Kies een regio",
        key=f"invoer-regio-{wave.name}-{st.session_state.get(_TURN, 0)}",
    )
    return regions.get(number) if number else None


def _tell_address(place: dict[str, str]) -> None:
    if st.query_params.to_dict() != place:
        st.query_params.from_dict(place)


def _show_region(wave: Wave, region: RegionProgress) -> None:
    versions = current_store().entries.versions(region.number, wave.name)
    draw_versions(wave, region, versions)
    entered = draw_entering(wave, region, versions)
    if entered is not None:
        _enter(region.number, *entered).begin_afresh()
        turn_page()
        st.rerun()
    _finish(draw_discarding(wave, region, versions))
    _finish(draw_validity(wave, region, versions))


def _finish(done: str | None) -> None:
    """Say what was done, over the page as it is now."""
    if done:
        st.session_state["invoer-gedaan"] = done
        # the browser would go on showing how far the region was before
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.rerun()


# Entering


def _show_entry(session: FormSession) -> None:
    visit, entry = session.visit, session.visit.entry
    number = st.session_state.get("invoer-regio", "")
    _tell_address({_WAVE: visit.wave.name, _REGION: number, _ENTERS: "ja"})
    kind = "Correctie" if entry and entry.reason else "Invoer"
    mode = tell_mode(entry.mode) if entry else ""
    st.markdown(
        f"**{kind} voor {escape_markdown(visit.region_name)}** · meting "
        f"{escape_markdown(visit.wave.name)} · {mode}"
    )
    if entry and entry.reason:
        st.text(f"Reden: {entry.reason}")
    show_form(session)
    if not st.button("Terug naar het overzicht", key="terug"):
        return
    if session.errors:
        st.error("Verbeter eerst het antwoord dat niet bewaard is, of maak het leeg.")
        return
    _leave()


show_page()

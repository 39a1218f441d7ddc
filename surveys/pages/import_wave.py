"""An earlier wave comes in from a file, in four steps on one page."""

from __future__ import annotations

import streamlit as st

from surveys.definition import Definition
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState
from surveys.importing.intake import IMPORT_STATES
from surveys.pages.parts.import_mapping import draw_roles, draw_sections
from surveys.pages.parts.import_outcome import draw_outcome
from surveys.pages.parts.import_values import draw_rest
from surveys.pages.parts.import_work import ask_work, tell_unfinished
from surveys.pages.parts.messages import draw_told
from surveys.pages.parts.wave_questionnaire import ask_definition, read_choice
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.roles import Right
from surveys.waves.states import WaveRefused, check_name

_PART = "inlezen"
_NEW = ""  # no wave has this name


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Eerdere meting inlezen", anchor=False)
    draw_told(_PART)
    store = current_store()
    regions = [*store.regions.known().regions]
    if not regions:
        st.text("Er zijn nog geen regio's. Voeg ze eerst toe bij Regio's.")
        return
    st.text(
        "Hiermee komen de antwoorden van een eerdere meting binnen, uit Excel, CSV of SPSS. Er "
        "wordt pas iets opgeslagen als u op Inlezen klikt."
    )
    st.header("1. De meting", anchor=False)
    wave = _ask_wave()
    if wave is None:
        return
    name, definition = wave
    st.header("2. Het bestand", anchor=False)
    work = ask_work(definition, regions)
    if work is None:
        return
    questionnaire = definition.questionnaire
    st.header("3. Vragen en kolommen", anchor=False)
    draw_roles(work, questionnaire)
    draw_sections(work, questionnaire)
    st.subheader("Wat overblijft", anchor=False)
    draw_rest(work, questionnaire)
    st.header("4. Controleren en inlezen", anchor=False)
    draw_outcome(work, name, definition, regions, _PART)


def _ask_wave() -> tuple[str, Definition] | None:
    """The name of a wave, also of one that is yet to be, and its questionnaire."""
    waves = {wave.name: wave for wave in current_store().waves.all()}
    fitting = [wave.name for wave in waves.values() if wave.state in IMPORT_STATES]
    chosen = st.selectbox(
        "Meting",
        [_NEW, *fitting],
        format_func=lambda name: name or "Een nieuwe meting",
        key="inlezen-meting",
        width=350,
        persist_state="session",
    )
    if len(fitting) < len(waves):
        st.text("Een meting die open is, staat er niet bij: daarin vullen regio's zelf in.")
    if chosen in fitting and chosen is not None:
        return _tell_wave(waves[chosen])
    return _ask_new_wave([*waves])


def _tell_wave(wave: Wave) -> tuple[str, Definition]:
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    definition = current_store().imports.definition(wave.name)
    questionnaire = definition.questionnaire
    st.text(f"Vragenlijst: {questionnaire.title}, versie {questionnaire.version}.")
    if wave.state is WaveState.PLANNED:
        st.text("De meting is gepland. Na het inlezen is zij gesloten.")
    return wave.name, definition


def _ask_new_wave(others: list[str]) -> tuple[str, Definition] | None:
    name = st.text_input(
        "Naam, bijvoorbeeld 2018", key="inlezen-naam", width=350, persist_state="session"
    )
    content = ask_definition("inlezen")
    definition = None if content is None else read_choice(content)
    if not name.strip() or definition is None:
        st.text("Vul de naam in en kies de vragenlijst. Dan kunt u het bestand kiezen.")
        if file := tell_unfinished():
            st.text(f"U was bezig met {file}. Kies dezelfde vragenlijst om verder te gaan.")
        return None
    try:
        return check_name(name, others), definition
    except WaveRefused as refused:
        st.error(refused.message)
        return None


show_page()

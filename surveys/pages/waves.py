"""The waves: which there are, planning one, and everything that the evaluator does with one."""

from __future__ import annotations

import streamlit as st

from surveys.dutch import format_date, format_day, read_day
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState
from surveys.pages.parts.tables import draw_table
from surveys.pages.parts.wave_parts import (
    STATES,
    choose_wave_next,
    draw_consent,
    draw_naming,
    draw_outcome,
    draw_removing,
    draw_state,
    finish,
    forget_outcome,
    take_next_wave,
    tell_version,
)
from surveys.pages.parts.wave_questionnaire import ask_definition, draw_questionnaire, read_choice
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_markdown
from surveys.roles import Right
from surveys.waves.states import WaveRefused, warn_of_other_wave

_CHOSEN = "metingen-meting"


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Metingen", anchor=False)
    waves = {wave.name: wave for wave in current_store().waves.all()}
    if waves:
        _draw_overview([*waves.values()])
        _show_wave(waves[_choose_wave(waves)])
    else:
        st.text("Er zijn nog geen metingen. Plan hieronder de eerste.")
    _draw_planning()
    forget_outcome()


def _draw_overview(waves: list[Wave]) -> None:
    headings = [
        "Meting",
        "Stand",
        "Uitgenodigd",
        "Verzonden",
        "Vragenlijst",
        "Vragen",
        "Geopend",
        "Sluitdatum",
        "Gesloten",
    ]
    draw_table("Alle metingen", headings, [_tell_wave(wave) for wave in waves])


def _tell_wave(wave: Wave) -> list[str]:
    store = current_store()
    questionnaire = store.waves.questionnaire(wave.questionnaire_hash)
    counts = store.monitoring.response_counts(wave.name)
    return [
        f"{wave.name} (voorbeeld)" if wave.is_example else wave.name,
        STATES[wave.state],
        str(counts.invited),
        str(counts.submitted),
        tell_version(questionnaire, wave.questionnaire_hash),
        str(len(questionnaire.questions)),
        format_date(wave.opened_at) if wave.opened_at else "–",
        format_day(wave.closes_on) if wave.closes_on else "–",
        format_date(wave.closed_at) if wave.closed_at else "–",
    ]


def _choose_wave(waves: dict[str, Wave]) -> str:
    """The wave that is worked on: the one just planned, else the last that is not closed."""
    names = [*waves]
    if (wanted := take_next_wave()) in names:
        st.session_state[_CHOSEN] = wanted
    elif st.session_state.get(_CHOSEN) not in names:
        alive = [wave.name for wave in waves.values() if wave.state is not WaveState.CLOSED]
        st.session_state[_CHOSEN] = (alive or names)[-1]
    chosen = st.selectbox("Meting", names, width=250, key=_CHOSEN)
    return chosen if chosen in names else names[-1]


def _show_wave(wave: Wave) -> None:
    st.header(escape_markdown(f"Meting {wave.name}"), anchor=False)
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    draw_state(wave)
    draw_naming(wave)
    draw_questionnaire(wave)
    draw_consent(wave)
    draw_removing(wave)


def _draw_planning() -> None:
    st.header("Nieuwe meting plannen", anchor=False)
    draw_outcome("plannen")
    turn = st.session_state.get("plannen-beurt", 0)  # a fresh form after each wave
    with st.form(f"plannen-{turn}"):
        name = st.text_input(
            "Naam, bijvoorbeeld 2027 of 2027 najaar", key=f"plannen-naam-{turn}", width=450
        )
        content = ask_definition(f"plannen-{turn}")
        day = st.text_input(
            "Sluitdatum, bijvoorbeeld 3 april 2027 (mag leeg blijven)",
            key=f"plannen-dag-{turn}",
            width=450,
        )
        planned = st.form_submit_button("Meting plannen", type="primary")
    if planned:
        _plan(name, content, day)


def _plan(name: str, content: bytes | None, day: str) -> None:
    closes_on = read_day(day)
    if day.strip() and closes_on is None:
        st.error("De sluitdatum is geen datum. Schrijf hem zo: 3 april 2027, of 3-4-2027.")
        return
    if content is None:
        st.error("Kies een vragenlijst, of kies een eigen bestand.")
        return
    definition = read_choice(content)
    if definition is None:
        return
    try:
        current_store().waves.plan(name, definition, closes_on)
    except WaveRefused as refused:
        st.error(refused.message)
        return
    kept = " ".join(name.split())
    st.session_state["plannen-beurt"] = st.session_state.get("plannen-beurt", 0) + 1
    choose_wave_next(kept)
    warning = warn_of_other_wave(kept, definition.questionnaire.wave) or ""
    finish("plannen", f"Meting {kept} is gepland. U vindt haar hierboven. {warning}".strip())


show_page()

"""The parts of the page of waves on which the state, the name and the consent of one are kept."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from surveys.consent import CONSENT_LENGTH, InvalidConsent
from surveys.dutch import format_date, format_day, read_day
from surveys.fieldwork import Wave, WaveState
from surveys.pages.storage import current_store
from surveys.plain_text import escape_markdown
from surveys.questionnaire import Questionnaire
from surveys.waves.states import (
    NEXT_STATES,
    REASON_LENGTH,
    WaveRefused,
    is_reopening,
    warn_of_other_wave,
)

STATES = {
    WaveState.PLANNED: "gepland",
    WaveState.OPEN: "open",
    WaveState.CLOSING: "bijna gesloten",
    WaveState.CLOSED: "gesloten",
}
_MEANING = {
    WaveState.PLANNED: "De meting is gepland: nog niemand kan invullen.",
    WaveState.OPEN: "De meting is open: elke regio met een link kan invullen en wijzigen.",
    WaveState.CLOSING: "De meting is bijna gesloten: alleen wie al begonnen was, kan nog afmaken "
    "en verzenden.",
    WaveState.CLOSED: "De meting is gesloten: niemand kan nog invullen of wijzigen.",
}
# Per step what the button says, and what the step does.
_STEPS = {
    (WaveState.PLANNED, WaveState.OPEN): (
        "Meting openen",
        "Regio's met een link kunnen dan invullen. Terug naar gepland kan daarna niet meer. De "
        "vragenlijst wijzigen kan dan alleen nog als er geen antwoord door verloren gaat.",
    ),
    (WaveState.OPEN, WaveState.CLOSING): (
        "Bijna sluiten",
        "Alleen wie al begonnen was, kan dan nog afmaken en verzenden. Weer openen voor iedereen "
        "kan.",
    ),
    (WaveState.OPEN, WaveState.CLOSED): (
        "Meting sluiten",
        "Niemand kan dan nog invullen of wijzigen. Wat niet verzonden is, telt niet mee, maar "
        "blijft bewaard. Heropenen kan, met een reden.",
    ),
    (WaveState.CLOSING, WaveState.OPEN): (
        "Weer openen voor iedereen",
        "Ook wie nog niet begonnen was, kan dan weer invullen.",
    ),
    (WaveState.CLOSED, WaveState.OPEN): (
        "Meting heropenen",
        "Regio's kunnen dan weer invullen en wijzigen, met de link die zij hebben. De reden komt "
        "in het logboek.",
    ),
}
_STEPS[WaveState.CLOSING, WaveState.CLOSED] = _STEPS[WaveState.OPEN, WaveState.CLOSED]

_OUTCOME, _NEXT, _ASKED = "metingen-gedaan", "metingen-kies", "metingen-gevraagd"


def tell_version(questionnaire: Questionnaire, content_hash: str) -> str:
    return f"versie {questionnaire.version} ({content_hash[:8]})"


def warn_of_wave(name: str, questionnaire: Questionnaire) -> None:
    """Say so where the questionnaire was made for another wave."""
    if warning := warn_of_other_wave(name, questionnaire.wave):
        st.warning(escape_markdown(warning))


# What was done, and what the page shows next


def finish(section: str, told: str) -> NoReturn:
    """Draw the page as it is now, with what was done in the section where it was done."""
    st.session_state[_OUTCOME] = section, told
    st.session_state.pop(_ASKED, None)
    st.rerun()


def draw_outcome(section: str) -> None:
    where, told = st.session_state.get(_OUTCOME, ("", ""))
    with st.container(key=f"uitkomst-{section}"):
        if where == section:
            st.success(escape_markdown(told))


def forget_outcome() -> None:
    """At the end of the page: a run that a second click broke off leaves it for the next."""
    st.session_state.pop(_OUTCOME, None)


def choose_wave_next(name: str) -> None:
    """The next run of the page is about this wave."""
    st.session_state[_NEXT] = name


def take_next_wave() -> str:
    """The wave that the run before chose; empty where it chose none."""
    return str(st.session_state.pop(_NEXT, ""))


# State


def draw_state(wave: Wave) -> None:
    st.subheader("Stand", anchor=False)
    draw_outcome("stand")
    st.text(_tell_state(wave))
    for state in NEXT_STATES[wave.state]:
        label, does = _STEPS[wave.state, state]
        with st.container(border=True):
            st.text(does)
            if st.button(label, key=f"stap-{wave.name}-{wave.state}-{state}"):
                st.session_state[_ASKED] = wave.name, state
            if st.session_state.get(_ASKED) == (wave.name, state):
                _confirm_step(wave, state, label)


def _tell_state(wave: Wave) -> str:
    told = [_MEANING[wave.state]]
    if wave.opened_at is not None:
        told.append(f"Geopend op {format_date(wave.opened_at)}.")
    if wave.closed_at is not None:
        told.append(f"Gesloten op {format_date(wave.closed_at)}.")
    elif wave.closes_on is not None:
        told.append(f"De sluitdatum is {format_day(wave.closes_on)}; sluiten gaat niet vanzelf.")
    return " ".join(told)


def _confirm_step(wave: Wave, state: WaveState, label: str) -> None:
    key = f"{wave.name}-{wave.state}-{state}"
    reason = None
    if state is WaveState.OPEN:
        warn_of_wave(wave.name, current_store().waves.questionnaire(wave.questionnaire_hash))
    if state is WaveState.CLOSED:
        _tell_unsent(wave)
    if is_reopening(wave.state, state):
        reason = st.text_input(
            "Reden van het heropenen (noem geen namen)",
            max_chars=REASON_LENGTH,
            key=f"reden-{key}",
        )
    with st.container(horizontal=True):
        sure = st.button(f"Ja: {label.lower()}", type="primary", key=f"ja-{key}")
        if st.button("Nee, laat de meting zo", key=f"nee-{key}"):
            st.session_state.pop(_ASKED, None)
            st.rerun()
    if not sure:
        return
    try:
        current_store().waves.set_state(wave.name, state, reason)
    except WaveRefused as refused:
        st.error(refused.message)
    else:
        finish("stand", f"Gedaan. Meting {wave.name} is nu {STATES[state]}.")


def _tell_unsent(wave: Wave) -> None:
    counts = current_store().monitoring.response_counts(wave.name)
    unsent = counts.begun - counts.submitted
    if unsent:
        regions = "1 regio is" if unsent == 1 else f"{unsent} regio's zijn"
        st.warning(f"{regions} begonnen, maar niet klaar. Die antwoorden tellen dan niet mee.")


# Name and day


def draw_naming(wave: Wave) -> None:
    is_planned = wave.state is WaveState.PLANNED
    st.subheader("Naam en sluitdatum" if is_planned else "Sluitdatum", anchor=False)
    draw_outcome("naam")
    st.text(
        "De sluitdatum staat in de uitnodigingen. Sluiten gaat niet vanzelf: dat doet u bij Stand."
    )
    with st.form(f"wijzigen-{wave.name}"):
        name = wave.name
        if is_planned:
            name = st.text_input("Naam", value=wave.name, key=f"naam-{wave.name}", width=450)
        day = st.text_input(
            "Sluitdatum, bijvoorbeeld 3 april 2027 (mag leeg blijven)",
            value=format_day(wave.closes_on) if wave.closes_on else "",
            key=f"dag-{wave.name}",
            width=450,
        )
        changed = st.form_submit_button("Bewaren")
    if not changed:
        return
    closes_on = read_day(day)
    if day.strip() and closes_on is None:
        st.error("De sluitdatum is geen datum. Schrijf hem zo: 3 april 2027, of 3-4-2027.")
        return
    try:
        kept = current_store().waves.change(wave.name, name, closes_on)
    except WaveRefused as refused:
        st.error(refused.message)
    else:
        choose_wave_next(kept)
        finish("naam", "Bewaard.")


# Consent


def draw_consent(wave: Wave) -> None:
    if wave.state is WaveState.CLOSED:
        return
    st.subheader("Toestemming", anchor=False)
    draw_outcome("toestemming")
    now = current_store().waves.consent(wave.name)
    st.text(
        "Wie gaat invullen, gaat eerst akkoord met deze tekst. Bij elke inzending wordt bewaard "
        "met welke tekst. Een andere tekst geldt voor wie daarna begint of verdergaat."
        if now is not None
        else "In deze meting wordt niet om toestemming gevraagd. Wilt u dat wel, vul dan een tekst "
        "in. Wie gaat invullen, gaat er eerst mee akkoord."
    )
    with st.form(f"toestemming-{wave.name}"):
        text = st.text_area(
            "Tekst waarmee men akkoord gaat",
            value=now or "",
            max_chars=CONSENT_LENGTH,
            height=140,
            key=f"toestemming-tekst-{wave.name}",
        )
        with st.container(horizontal=True):
            save = st.form_submit_button("Tekst bewaren")
            drop = now is not None and st.form_submit_button("Niet meer om toestemming vragen")
    if not (save or drop):
        return
    try:
        current_store().waves.set_consent(wave.name, None if drop else text)
    except InvalidConsent as invalid:
        st.error(str(invalid))
        return
    finish("toestemming", "Er wordt niet om toestemming gevraagd." if drop else "Bewaard.")


# Removing


def draw_removing(wave: Wave) -> None:
    if wave.state is not WaveState.PLANNED:
        return
    st.subheader("Verwijderen", anchor=False)
    st.text("Een geplande meting zonder uitnodigingen en antwoorden kan weg.")
    if st.button("Meting verwijderen", key=f"weg-{wave.name}"):
        st.session_state[_ASKED] = wave.name, None
    if st.session_state.get(_ASKED) != (wave.name, None):
        return
    with st.container(horizontal=True):
        sure = st.button("Ja, verwijderen", type="primary", key=f"weg-ja-{wave.name}")
        if st.button("Nee, laat haar staan", key=f"weg-nee-{wave.name}"):
            st.session_state.pop(_ASKED, None)
            st.rerun()
    if not sure:
        return
    try:
        current_store().waves.remove(wave.name)
    except WaveRefused as refused:
        st.error(refused.message)
    else:
        finish("plannen", f"Meting {wave.name} is verwijderd.")

"""Regions that merge, split or stop, and which pairs of answers that concerns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from db.store import Store
from surveys.dutch import format_day, format_list, read_day
from surveys.pages.parts.messages import draw_faults, draw_list, draw_told, tell_done, tell_refused
from surveys.pages.parts.tables import draw_table
from surveys.plain_text import escape_markdown
from surveys.regions.register import Register
from surveys.regions.succession import (
    InvalidSuccession,
    Succession,
    SuccessionKind,
    check_numbers,
)
from surveys.waves.days import ConcernedWaves, Foresight, UndatedWave

_PART = "opvolging"
_TURN, _ASKED = "opvolging-beurt", "opvolging-gevraagd"
_KINDS = {
    SuccessionKind.MERGE: "Samengaan",
    SuccessionKind.SPLIT: "Splitsen",
    SuccessionKind.ENDED: "Stoppen",
}


def show_successions(store: Store, register: Register, today: date) -> None:
    st.text(
        "Leg vast wanneer regio's samengaan, splitsen of stoppen. Wat een regio antwoordde, blijft "
        "van die regio. Een regio die stopt, wordt daarna niet meer uitgenodigd."
    )
    draw_told(_PART)
    st.subheader("Vastleggen", anchor=False)
    goes_on = [
        number
        for number in register.regions
        if number not in register.ended_on or register.ended_on[number] > today
    ]
    if goes_on:
        _ask(store, register, goes_on)
    else:
        st.text("Er zijn geen regio's die nog bestaan.")
    _show_recorded(store)


def _ask(store: Store, register: Register, numbers: Sequence[str]) -> None:
    turn = st.session_state.setdefault(_TURN, 0)

    def choose(label: str, key: str) -> tuple[str, ...]:
        chosen = st.multiselect(
            label,
            numbers,
            format_func=lambda number: f"{number} {register.names[number]}",
            placeholder="Kies regio's",
            select_all=False,
            key=f"{key}-{turn}",
        )
        return tuple(number for number in numbers if number in chosen)

    kind = st.radio(
        "Wat gebeurt er?",
        [*SuccessionKind],
        format_func=lambda kind: _KINDS[kind],
        horizontal=True,
        key=f"soort-{turn}",
    )
    typed = st.text_input("Datum (dag-maand-jaar)", key=f"datum-{turn}")
    predecessors = choose("Regio's van voor die datum", "voor")
    successors: tuple[str, ...] = ()
    if kind is not SuccessionKind.ENDED:
        successors = choose("Regio's vanaf die datum", "na")
        st.text(
            "Gaat een regio door onder hetzelfde nummer? Kies die dan twee keer. Staat een nieuwe "
            "regio er niet bij? Voeg die eerst toe bij Wijzigen."
        )
    entered = (kind, typed, predecessors, successors)
    if st.button("Laat zien wat dit betekent", key="opvolging-bekijken"):
        st.session_state[_ASKED] = entered
    if st.session_state.get(_ASKED) != entered:
        return
    on = read_day(typed)
    if on is None:
        fault = "Datum: dit is geen datum. Typ bijvoorbeeld 1-1-2026."
        draw_faults("Dit kan niet.", [fault, *check_numbers(kind, predecessors, successors)])
        return
    _show_foresight(store, Succession(kind, on, predecessors, successors))


def _show_foresight(store: Store, succession: Succession) -> None:
    try:
        foresight = store.regions.foresee(succession)
    except InvalidSuccession as invalid:
        draw_faults("Dit kan niet.", invalid.faults)
        return
    with st.container(border=True):
        st.text(f"{format_day(succession.on)}: {succession.sentence}")
        if succession.ending:
            st.text(f"Daarna niet meer uitgenodigd: regio {format_list(succession.ending)}.")
        _tell_foresight(foresight)
        if st.button("Vastleggen", type="primary", key="opvolging-vastleggen"):
            _record(store, succession)
            st.rerun()


def _tell_foresight(foresight: Foresight) -> None:
    if not foresight.waves:
        st.text("Dit raakt geen paren van de metingen die er zijn.")
    for waves in foresight.waves:
        _tell_waves(waves)
    if foresight.undated:
        st.text(
            "Van deze metingen is niet bekend wanneer ze waren, dus ook niet wat dit ervoor "
            f"betekent: {format_list(foresight.undated)}."
        )


def _tell_waves(waves: ConcernedWaves) -> None:
    st.text(f"Tussen meting {waves.before.wave} en meting {waves.after.wave}:")
    draw_list(pair.sentence for pair in waves.pairs)


def _record(store: Store, succession: Succession) -> None:
    try:
        store.regions.record_succession(succession)
    except InvalidSuccession as invalid:  # another window was first
        tell_refused(_PART, "Er is niets vastgelegd.", invalid.faults)
        return
    st.session_state[_TURN] += 1
    st.session_state.pop(_ASKED, None)
    tell_done(_PART, f"Vastgelegd op {format_day(succession.on)}: {succession.sentence}")


def _show_recorded(store: Store) -> None:
    st.subheader("Wat is vastgelegd", anchor=False)
    recorded = store.regions.successions()
    if not recorded:
        st.text("Er is nog niets vastgelegd.")
        return
    draw_table(
        "Regio's die samengingen, splitsten of stopten",
        ["Datum", "Soort", "Wat er gebeurde"],
        [(format_day(s.on), _KINDS[s.kind], s.sentence) for s in recorded.values()],
    )
    turn = st.session_state.setdefault(_TURN, 0)
    chosen = st.selectbox(
        "Per vergissing vastgelegd",
        [*recorded],
        format_func=lambda key: f"{format_day(recorded[key].on)}: {recorded[key].sentence}",
        index=None,
        placeholder="Kies wat ongedaan moet",
        key=f"ongedaan-{turn}",
    )
    if chosen in recorded and st.button("Maak dit ongedaan", key="opvolging-ongedaan"):
        if store.regions.remove_succession(chosen):
            tell_done(_PART, f"Ongedaan gemaakt: {recorded[chosen].sentence}")
        st.session_state[_TURN] += 1
        st.rerun()


# Pairs of two waves


def show_pairs(store: Store) -> None:
    st.text(
        "Een paar is wat dezelfde regio in twee metingen antwoordde. Hier ziet u van welke regio's "
        "het paar anders is geworden doordat regio's samengingen, splitsten of stopten."
    )
    names = [wave.name for wave in store.waves.all()]
    if len(names) < 2:
        st.text("Hiervoor zijn twee metingen nodig.")
        return
    with st.container(horizontal=True):
        before = st.selectbox(
            "Eerdere meting", names, index=len(names) - 2, key="paren-voor", width=220
        )
        after = st.selectbox(
            "Latere meting", names, index=len(names) - 1, key="paren-na", width=220
        )
    if before not in names or after not in names:
        return
    try:
        waves = store.regions.concerned_pairs(before, after)
    except UndatedWave as undated:
        st.info(escape_markdown(str(undated)))
        return
    for day in (waves.before, waves.after):
        st.text(day.sentence)
    if waves.pairs:
        draw_list(pair.sentence for pair in waves.pairs)
    else:
        st.text("Tussen deze metingen is er geen paar dat dit raakt.")

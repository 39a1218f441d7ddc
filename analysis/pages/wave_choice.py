"""Which waves a results page is about: those that the visitor may see, and chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from analysis.disclosure import SMALLEST_GROUP
from analysis.results.source import (
    PairResult,
    WaveResult,
    answered_waves,
    is_released,
    read_pair,
    read_wave,
)
from surveys.dutch import local_day
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState, tell_running
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person
from surveys.plain_text import escape_markdown
from surveys.roles import Right


def today() -> date:
    """The day that figures are told to be of."""
    return local_day(datetime.now(UTC))


@dataclass(frozen=True)
class ChosenWaves:
    """The wave that is looked at, beside an earlier one where there is one. `answered`: all waves
    that may be looked at."""

    last: WaveResult
    pair: PairResult | None
    answered: tuple[Wave, ...]

    @property
    def results(self) -> tuple[WaveResult, ...]:
        return self.pair.results if self.pair else (self.last,)


def choose_waves() -> ChosenWaves | None:
    """The last wave with enough answers to show and the one before it, or those that are chosen;
    None, with a message, if there is none to show."""
    answered = _released_waves()
    if not answered:
        return None
    store = current_store()
    wave, earlier = answered[0], None
    if len(answered) > 1:
        with st.container(horizontal=True):
            wave = _select("Meting", "meting", answered, _last_shown(answered))
            before = answered[: answered.index(wave)]
            if len(before) > 1:
                earlier = _select("Vergelijk met", "eerder", before, len(before) - 1)
            elif before:
                earlier = before[0]
    _show_state([earlier, wave] if earlier else [wave])
    if earlier is None:
        return ChosenWaves(read_wave(store, wave), None, tuple(answered))
    pair = read_pair(store, earlier, wave)
    return ChosenWaves(pair.after, pair, tuple(answered))


def choose_pair() -> PairResult | None:
    """Two waves; None, with a message, if there are not two to show."""
    chosen = choose_waves()
    if chosen is None:
        return None
    if chosen.pair is None:
        tell_single(chosen)
    return chosen.pair


def tell_single(chosen: ChosenWaves) -> None:
    """Why there is nothing to compare."""
    name = escape_markdown(chosen.last.name)
    if len(chosen.answered) > 1:
        st.markdown(
            f"Meting {name} is de eerste: er is geen eerdere meting om mee te vergelijken. "
            "Kies een latere meting."
        )
    else:
        st.markdown(
            "Voor een vergelijking zijn twee metingen met antwoorden nodig. Er is er nu één: "
            f"meting {name}."
        )


def _select(label: str, key: str, waves: list[Wave], index: int) -> Wave:
    """The choice stands in the address and goes with the visitor to other pages."""
    names = [wave.name for wave in waves]
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)  # chosen on a page that has other waves
    chosen = st.selectbox(
        label,
        names,
        index=index,
        width=200,
        key=key,
        bind="query-params",
        persist_state="session",
    )
    return waves[names.index(chosen)]


def _last_shown(waves: list[Wave]) -> int:
    """The place of the last wave of which figures are shown; while a new one has only just been
    opened that is the one before it. The last of all where there is none."""
    counts = current_store().monitoring.response_counts
    enough = [
        place for place, wave in enumerate(waves) if counts(wave.name).submitted >= SMALLEST_GROUP
    ]
    return (enough or [len(waves) - 1])[-1]


def _released_waves() -> list[Wave]:
    """Those that regions answered in: for who does the fieldwork all of them, for others once they
    are closed. Says why where that leaves none, or one only because another still runs."""
    answered = answered_waves(current_store())
    if not answered:
        _explain_no_answers()
    if current_person().may(Right.DO_FIELDWORK):
        return answered
    released = [wave for wave in answered if is_released(wave)]
    if len(released) < 2:
        for wave in answered:
            if wave not in released:
                st.markdown(tell_running(escape_markdown(wave.name)))
    return released


def _explain_no_answers() -> None:
    does_fieldwork = current_person().may(Right.DO_FIELDWORK)
    if current_store().waves.all():
        where = " Bij Veldwerk ziet u hoe ver de regio's zijn." if does_fieldwork else ""
        st.text("Nog geen enkele regio heeft de vragenlijst verzonden." + where)
    else:
        how = " Laad op de startpagina de voorbeelddata." if does_fieldwork else ""
        st.text("Er zijn nog geen metingen, dus ook geen uitkomsten." + how)


def _show_state(waves: list[Wave]) -> None:
    if any(wave.is_example for wave in waves):
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    for wave in waves:
        if wave.state in (WaveState.OPEN, WaveState.CLOSING):
            name = escape_markdown(wave.name)
            st.markdown(f"Meting {name} is nog open: de uitkomsten kunnen nog veranderen.")

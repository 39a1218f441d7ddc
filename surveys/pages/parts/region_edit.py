"""One region changed by hand: its name, who leads it, its number; or a region that is added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from db.store import Store
from surveys.dutch import format_day, read_day
from surveys.pages.parts.messages import draw_told, tell_done, tell_refused
from surveys.regions.contacts import Contact
from surveys.regions.details import InvalidDetails, on_one_line
from surveys.regions.register import Register

_PART = "wijzigen"
_TURN, _CHOSEN = "wijzigen-beurt", "wijzigen-gekozen"


def show_edits(store: Store, register: Register, today: date) -> None:
    # after a change the fields are new ones, that show what is stored
    turn = st.session_state.setdefault(_TURN, 0)
    draw_told(_PART)
    numbers = [*register.regions]
    chosen = st.session_state.get(_CHOSEN)
    number = st.selectbox(
        "Regio",
        numbers,
        format_func=lambda number: f"{number} {register.names[number]}",
        index=numbers.index(chosen) if chosen in numbers else None,
        placeholder="Kies een regio",
        key=f"wijzigen-regio-{turn}",
    )
    if number in numbers:
        _change_name(store, register, number, turn)
        _change_leader(store, register, number, turn, today)
        _change_number(store, number, turn)
    _add_region(store, turn)


def _change_name(store: Store, register: Register, number: str, turn: int) -> None:
    with st.form(f"naam-{number}-{turn}"):
        name = st.text_input("Naam van de regio", register.names[number], key=f"n-{number}-{turn}")
        if st.form_submit_button("Naam opslaan"):
            _do(
                lambda: store.regions.rename(number, name),
                number,
                f"Regio {number} heet nu {on_one_line(name)}.",
            )


def _change_leader(store: Store, register: Register, number: str, turn: int, today: date) -> None:
    leader = register.contacts.get(number, Contact())
    with st.form(f"leider-{number}-{turn}"):
        key = f"{number}-{turn}"
        name = st.text_input("Programmaleider", leader.name, key=f"l-{key}")
        email = st.text_input("E-mailadres", leader.email, key=f"e-{key}")
        since = st.text_input("Vanaf (dag-maand-jaar)", format_day(today), key=f"d-{key}")
        st.text(
            "Een andere naam is een andere persoon: die krijgt vanaf dan de uitnodigingen. Een "
            "ander adres bij dezelfde naam verandert alleen het adres. Maak beide leeg als de "
            "regio geen programmaleider heeft."
        )
        if st.form_submit_button("Programmaleider opslaan"):
            on = read_day(since)
            if on is None:
                tell_refused(
                    _PART,
                    "Er is niets opgeslagen.",
                    ["Vanaf: dit is geen datum. Typ bijvoorbeeld 3-11-2026."],
                )
                st.rerun()
            _do(
                lambda: store.regions.set_leader(number, Contact(name, email), on),
                number,
                f"De programmaleider van regio {number} is opgeslagen.",
            )


def _change_number(store: Store, number: str, turn: int) -> None:
    with st.form(f"nummer-{number}-{turn}"):
        new = st.text_input("Nummer van de regio", number, key=f"r-{number}-{turn}")
        st.text(
            "Alle antwoorden en uitnodigingen van de regio horen daarna bij het nieuwe nummer. Is "
            "het een andere regio geworden? Leg dat vast bij Samengaan, splitsen, stoppen."
        )
        if st.form_submit_button("Nummer opslaan"):
            after = on_one_line(new)
            _do(
                lambda: store.regions.renumber(number, new),
                after,
                f"Regio {number} heeft nu nummer {after}.",
            )


def _add_region(store: Store, turn: int) -> None:
    with (
        st.expander("Regio toevoegen", key=f"toevoegen-{turn}"),
        st.form(f"nieuw-{turn}"),
    ):
        number = on_one_line(st.text_input("Nummer van de nieuwe regio", key=f"nr-{turn}"))
        name = on_one_line(st.text_input("Naam van de nieuwe regio", key=f"nn-{turn}"))
        if st.form_submit_button("Toevoegen"):
            _do(
                lambda: store.regions.add([(number, name)]),
                number,
                f"Regio {number} is toegevoegd. Kenmerken, zoals de provincie, voegt u toe met "
                "een bestand.",
            )


def _do(change: Callable[[], None], after: str, told: str) -> None:
    """Make one change and draw the page again, at the region as it is called `after` that."""
    try:
        change()
    except InvalidDetails as invalid:
        tell_refused(_PART, "Er is niets opgeslagen.", invalid.faults)
    else:
        st.session_state[_CHOSEN] = after
        st.session_state[_TURN] += 1
        tell_done(_PART, told)
    st.rerun()

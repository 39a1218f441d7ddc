"""Taking over a register from a file: its faults or a preview first, and only then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from db.fieldwork.regions import RegisterMoved
from db.store import Store
from surveys.pages.parts.messages import draw_faults, draw_list, draw_told, tell_done, tell_refused
from surveys.plain_text import escape_markdown
from surveys.regions.changes import (
    LeaderChanged,
    RegionAdded,
    RegionRenamed,
    RegisterChanges,
    ValueChanged,
)
from surveys.regions.register import InvalidRegister, Register, parse_register

_PART = "register"
_TURN, _SHOWN = "register-beurt", "register-getoond"
_MOST_FAULTS = 500  # shown; a file with more is another file than was meant
_FEW = 12  # changes that are in view at once

Change = RegionAdded | RegionRenamed | ValueChanged | LeaderChanged


def show_upload(store: Store) -> None:
    st.text(
        "Kies een Excel-bestand (.xlsx) of een CSV-bestand. De eerste rij bevat de kolomnamen: "
        "region met het nummer van de regio, naam, programmaleider en e-mail. Iedere andere kolom "
        "is een kenmerk, zoals provincie. U ziet eerst wat er verandert; er wordt pas iets "
        "overgenomen als u dat zegt."
    )
    draw_told(_PART)
    # a new turn is a new widget, without the file that was taken over
    turn = st.session_state.setdefault(_TURN, 0)
    file = st.file_uploader("Bestand met regio's", key=f"register-bestand-{turn}")
    if file is None:
        return
    try:
        register = parse_register(file.getvalue(), file.name)
    except InvalidRegister as invalid:
        _show_faults([error.in_dutch for error in invalid.errors])
        return
    changes = store.regions.preview(register)
    _show_changes(changes)
    # who clicks approves of what was on the screen until then
    approved = st.session_state.get(_SHOWN)
    st.session_state[_SHOWN] = changes
    if changes and st.button("Overnemen", type="primary", key="register-overnemen"):
        _take_over(store, register, approved)
        st.rerun()


def _show_faults(faults: Sequence[str]) -> None:
    count = "1 fout" if len(faults) == 1 else f"{len(faults)} fouten"
    more = len(faults) - _MOST_FAULTS
    draw_faults(
        f"Dit bestand kan niet worden overgenomen: er {'is' if len(faults) == 1 else 'zijn'} "
        f"{count}. Er is niets veranderd. Verbeter het bestand en kies het opnieuw.",
        [*faults[:_MOST_FAULTS], *([f"En nog {more} andere fouten."] if more > 0 else [])],
    )


def _show_changes(changes: RegisterChanges) -> None:
    st.subheader("Wat er verandert", anchor=False)
    if not changes:
        st.info("Alles in dit bestand is al bekend: er is niets over te nemen.")
    remarks = changes.summary
    if changes.lookalikes:
        st.warning(escape_markdown(remarks.pop(0)))
    draw_list(remarks)
    _show_group("Nieuwe regio's", changes.added)
    _show_group("Andere namen", changes.renamed)
    _show_group("Kenmerken", changes.values)
    _show_group("Programmaleiders", changes.leaders)


def _show_group(title: str, changes: Iterable[Change]) -> None:
    sentences = [change.sentence for change in changes]
    if sentences:
        with st.expander(f"{title}: {len(sentences)}", expanded=len(sentences) <= _FEW):
            draw_list(sentences)


def _take_over(store: Store, register: Register, approved: RegisterChanges | None) -> None:
    try:
        store.regions.keep_register(register, approved)
    except RegisterMoved:
        tell_refused(
            _PART,
            "Er is niets overgenomen: het register is intussen veranderd.",
            ["Hieronder staat wat dit bestand nu zou veranderen. Klopt dat? Kies dan Overnemen."],
        )
        return
    st.session_state[_TURN] += 1
    count = "1 regio" if len(register.regions) == 1 else f"{len(register.regions)} regio's"
    tell_done(_PART, f"Het bestand met {count} is overgenomen in het register.")

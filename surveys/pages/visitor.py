"""Who is at the page, and whether they may be."""

from __future__ import annotations

import streamlit as st

from surveys.roles import Person, Right, Role

# Who sits at the machine itself, while it has no accounts.
OWNER = Person("owner", Role.OWNER, "deze computer")


def current_person() -> Person:
    """Who this run of the page is for."""
    person = st.session_state.get("person", OWNER)
    return person if isinstance(person, Person) else OWNER


def require(right: Right) -> None:
    """End the page here, with a message, unless the visitor has the right."""
    if not current_person().may(right):
        st.title("Deze pagina is niet voor u", anchor=False)
        st.text("Uw account heeft geen toegang tot deze pagina. Kies een andere pagina in het menu.")
        st.stop()

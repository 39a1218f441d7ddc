"""The text to agree to before filling in, as plain text, and the tick that says so."""

from __future__ import annotations

import streamlit as st

from surveys.consent import ConsentNeeded
from surveys.fieldwork import Form, Visit
from surveys.pages.storage import current_store

AGREED = "Ik ga hiermee akkoord"
ASKED = "De regio is om toestemming gevraagd en gaat hiermee akkoord"


def draw_consent(visit: Visit) -> str | None:
    """Ask what is not agreed to yet; the hash of the text where it was ticked."""
    consent = current_store().forms.consent(visit)
    if consent is None:
        return None
    with st.container(key="toestemming", border=True):
        st.text(consent.body)
        label = AGREED if visit.entry is None else ASKED
        # another text is another tick
        agreed = st.checkbox(label, key=f"akkoord-{consent.content_hash[:12]}")
    return consent.content_hash if agreed else None


def begin_form(visit: Visit, agreed: str | None) -> Form | None:
    """Begin or go on; None, with a message, where something is still to be agreed to.
    Raises LinkRefused."""
    try:
        return current_store().forms.begin(visit, agreed)
    except ConsentNeeded:
        label = AGREED if visit.entry is None else ASKED
        st.error(f"Zet eerst een vinkje bij '{label}'.")
        return None

"""The programme leader's questionnaire: a personal link, what is agreed to, and the form."""

from __future__ import annotations

import streamlit as st

from surveys.fieldwork import EXAMPLE_LABEL, LinkRefused, ResponseState, Visit
from surveys.pages.parts.consent import begin_form, draw_consent
from surveys.pages.parts.form import find_session, open_session, show_form
from surveys.pages.parts.form_session import FormSession
from surveys.pages.parts.turning import turn_page
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_markdown
from surveys.roles import Right

# In a window of its own: who turns to another page while typing may lose the last words.
_PRIVACY = "[Wat bewaren wij van u?](privacy) (opent in een nieuw venster)"


def show_page() -> None:
    require(Right.FILL_IN)
    token = st.session_state.get("token", "")
    try:
        visit = current_store().forms.visit(token)
        if visit.wave.is_example:
            st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
        session = _session(visit)
        if session is None:
            _show_welcome(visit)
        else:
            show_form(session)
        with st.container(key="niet-afdrukken-privacy"):
            st.markdown(_PRIVACY)
    except LinkRefused as refused:
        st.title("Deze vragenlijst kan niet worden geopend", anchor=False)
        st.text(refused.message)


def _session(visit: Visit) -> FormSession | None:
    """This window's work on the form; None where the region has not begun, or has to agree to
    another text before it goes on."""
    session = find_session(visit)
    if session is not None:
        return session
    store = current_store()
    form = store.forms.find(visit)
    if form is None:
        return None
    if form.state is ResponseState.DRAFT and store.forms.consent(visit) is not None:
        return None
    return open_session(visit, form)


def _show_welcome(visit: Visit) -> None:
    questionnaire = current_store().waves.questionnaire(visit.wave.questionnaire_hash)
    st.title(escape_markdown(questionnaire.title), anchor=False)
    st.markdown(f"**{escape_markdown(visit.region_name)}**")
    st.text(questionnaire.introduction)
    agreed = draw_consent(visit)
    if st.button("Beginnen", type="primary", key="beginnen"):
        form = begin_form(visit, agreed)
        if form is not None:
            open_session(visit, form)
            turn_page()
            st.rerun()


show_page()

"""Who is at the page, and whether they may be."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from surveys.pages.database import whole_store
from surveys.pages.entrance.identity import OWNER as OWNER
from surveys.pages.entrance.identity import (
    SIGN_IN_COOKIE,
    SignInEnded,
    identify,
    organisation_secret,
    sign_in_is_on,
)
from surveys.pages.entrance.refused import show_sign_in_needed
from surveys.roles import VISITOR, Person, Right
from surveys.sign_in import SignInRefused


def current_person() -> Person:
    """Who this run of the page is for: whom the interface found when it began. A part of a page
    that runs again by itself asks anew: meanwhile the visitor may have signed out."""
    person = st.session_state.get("person")
    if isinstance(person, Person) and not _runs_by_itself():
        return person
    try:
        return identify(acts=False)
    except (SignInRefused, SignInEnded):
        return VISITOR


def person_at_click() -> Callable[[], Person]:
    """For what is done outside a run of the page, where no cookies are seen: who this run is for,
    or VISITOR once they signed out, or the account was disabled or changed."""
    person, cookies = current_person(), st.context.cookies.to_dict()
    held = (cookies.get(SIGN_IN_COOKIE), organisation_secret(cookies))

    def ask_anew() -> Person:
        if person == OWNER:
            return VISITOR if sign_in_is_on() else OWNER
        sign_ins = whole_store().seen_by(VISITOR).sign_ins
        stays = any(sign_ins.recognise(secret) == person for secret in held if secret)
        return person if stays else VISITOR

    return ask_anew


def require(right: Right) -> None:
    """End the page here, with a message, unless the visitor has the right."""
    person = current_person()
    if person.may(right):
        return
    if person == VISITOR:
        show_sign_in_needed()
    else:
        st.title("Deze pagina is niet voor u", anchor=False)
        st.text(
            "Uw account heeft geen toegang tot deze pagina. Kies een andere pagina in het menu."
        )
    st.stop()


def _runs_by_itself() -> bool:
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)

"""The interface: who is here, and which pages they may see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from surveys.fieldwork import LinkRefused
from surveys.pages.entrance.door import LINK_TITLE, TOO_MANY_LINKS
from surveys.pages.entrance.identity import OWNER, SignInEnded, has_organisation, identify
from surveys.pages.entrance.link_cookie import token_of
from surveys.pages.entrance.refused import (
    show_no_account,
    show_refusal,
    show_sign_in_needed,
    show_sign_out,
)
from surveys.pages.storage import current_store
from surveys.pages.window import ICON, open_window
from surveys.roles import VISITOR, Person, Right
from surveys.sign_in import SignInRefused, TooManyAttempts

_ROOT = Path(__file__).parents[3]
_TITLE = "Monitor Sterk Techniekonderwijs"


@dataclass(frozen=True)
class _Entry:
    """A page in the menu; without a right it is everybody's."""

    section: str
    file: str
    title: str
    url: str
    right: Right | None

    @property
    def path(self) -> Path:
        return _ROOT / self.file

    def is_for(self, person: Person) -> bool:
        return self.right is None or person.may(self.right)


_RESULTS, _YEARS, _FIELDWORK = "Resultaten", "Jaar op jaar", "Veldwerk"
_STUDY, _MANAGEMENT = "Onderzoek", "Beheer"
_START = _Entry(
    _RESULTS, "analysis/pages/summary.py", "In het kort", "in-het-kort", Right.SEE_RESULTS
)
_PRIVACY = _Entry(_STUDY, "surveys/pages/privacy.py", "Privacy", "privacy", None)
_MENU = [
    _START,
    *(
        _Entry(section, f"analysis/pages/{name}.py", title, url, Right.SEE_RESULTS)
        for section, name, title, url in (
            (_RESULTS, "priorities", "Prioriteiten", "prioriteiten"),
            (
                _RESULTS,
                "logic_model",
                "Van aanleiding tot resultaat",
                "van-aanleiding-tot-resultaat",
            ),
            (_RESULTS, "report", "Rapport", "rapport"),
            (_YEARS, "urgency", "Urgentie", "urgentie"),
            (_YEARS, "yields", "Opbrengsten", "opbrengsten"),
            (_YEARS, "attention", "Aandacht", "aandacht"),
            (_YEARS, "grades", "Rapportcijfers", "rapportcijfers"),
            (_YEARS, "anchoring", "Borging", "borging"),
            (_YEARS, "groups", "Groepen", "groepen"),
        )
    ),
    *(
        _Entry(_FIELDWORK, f"surveys/pages/{name}.py", title, url, Right.DO_FIELDWORK)
        for name, title, url in (
            ("fieldwork", "Stand van zaken", "veldwerk"),
            ("waves", "Metingen", "metingen"),
            ("regions", "Regio's", "regios"),
            ("invitations", "Uitnodigen", "uitnodigen"),
            ("entry", "Invoer en correctie", "invoer"),
            ("import_wave", "Eerdere meting", "eerdere-meting"),
            ("quotes", "Open antwoorden", "open-antwoorden"),
        )
    ),
    _Entry(_STUDY, "analysis/pages/planner.py", "Planner", "planner", Right.DO_FIELDWORK),
    _Entry(_STUDY, "analysis/pages/method.py", "Methode", "methode", Right.SEE_RESULTS),
    _PRIVACY,
    _Entry(_MANAGEMENT, "surveys/pages/accounts.py", "Gebruikers", "gebruikers", Right.ADMINISTER),
    _Entry(
        _MANAGEMENT, "surveys/pages/settings.py", "Instellingen", "instellingen", Right.ADMINISTER
    ),
    _Entry(_MANAGEMENT, "surveys/pages/trail.py", "Logboek", "logboek", Right.READ_TRAIL),
]
_FORM = _Entry("", "surveys/pages/fill_in.py", "Vragenlijst", "vragenlijst", Right.FILL_IN)
_OWN_REGION = _Entry("", "analysis/pages/own_region.py", "Mijn regio", "mijn-regio", Right.FILL_IN)


def main() -> None:
    st.set_page_config(_TITLE, page_icon=ICON, layout="wide")
    handle = _link_in_address()
    if handle:
        st.session_state["person"] = VISITOR
        _draw_window(VISITOR)
        _show_form(handle)
    elif st.query_params.get("organisatie") and has_organisation():
        st.login()
    else:
        _show_menu()


def _link_in_address() -> str:
    """Which personal link this window opened; its address keeps saying so on every page."""
    handle: str = st.query_params.get("vragenlijst") or st.session_state.get("link", "")
    if handle:
        st.session_state["link"] = handle
        if st.query_params.get("vragenlijst") != handle:
            st.query_params["vragenlijst"] = handle
    return handle


def _draw_window(person: Person) -> None:
    shows_results = person.may(Right.SEE_RESULTS)
    is_wide = person is not VISITOR
    open_window(width="66rem" if is_wide else "46rem", shows_results=shows_results)


def _show_form(handle: str) -> None:
    """The questionnaire, or once the wave is closed what the region answered to it."""
    page = st.navigation(_pages([_FORM, _OWN_REGION, _PRIVACY], VISITOR), position="hidden")
    token = st.session_state["token"] = token_of(handle)
    try:
        if token and st.session_state.get("admitted") != token:
            invitations = current_store().invitations
            # Streamlit gives no address to who sits at this machine
            invitations.admit(token, st.context.ip_address or "127.0.0.1")
            invitations.mark_opened(token)
            st.session_state["admitted"] = token
    except LinkRefused as refused:
        show_refusal(LINK_TITLE, refused.message)
    except TooManyAttempts as refused:
        show_refusal("Even wachten", TOO_MANY_LINKS.format(wait=refused.wait))
    else:
        wanted = _OWN_REGION if current_store().own_region.is_open(token) else _FORM
        if page.title not in (wanted.title, _PRIVACY.title):
            st.switch_page(wanted.path)
        page.run()


def _show_menu() -> None:
    fault: type[Exception] | None = None
    try:
        person = identify()
    except (SignInRefused, SignInEnded) as refused:
        person, fault = VISITOR, type(refused)
    st.session_state["person"] = person
    _draw_window(person)
    is_known = person is not VISITOR
    page = st.navigation(
        _pages(_MENU, person), position="sidebar" if is_known else "hidden", expanded=True
    )
    st.set_page_config(f"{page.title} – {_TITLE}")
    if is_known and person is not OWNER:
        with st.sidebar:
            st.text(f"{person.label}\n{person.role.value}")
            show_sign_out()
    entry = next(entry for entry in _MENU if entry.title == page.title)
    if fault is SignInEnded:
        st.logout()
    elif entry.is_for(person):
        page.run()
    elif fault is SignInRefused:
        show_no_account()
    elif not is_known:
        show_sign_in_needed()
    elif entry is _START:  # of an administrator
        st.switch_page(next(e.path for e in _MENU if e is not _PRIVACY and e.is_for(person)))
    else:
        page.run()  # which refuses


def _pages(entries: list[_Entry], person: Person) -> dict[str, list[st.Page]]:
    """Every page by section, those hidden that are not for this person: whoever goes to their
    address must be told so in Dutch."""
    pages: dict[str, list[st.Page]] = {}
    for entry in entries:
        page = st.Page(
            entry.path,
            title=entry.title,
            url_path=entry.url,
            default=entry is entries[0],
            visibility="visible" if entry.is_for(person) else "hidden",
        )
        pages.setdefault(entry.section, []).append(page)
    return pages


main()

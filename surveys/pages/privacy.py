"""What is kept of people and why; for the evaluator also the way to erase names and addresses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

import streamlit as st

from db.store import Store
from surveys.dutch import format_date, format_list
from surveys.erasing import HeldContact, WaveNotClosed
from surveys.fieldwork import WaveState
from surveys.pages.storage import current_store
from surveys.plain_text import escape_html, escape_markdown
from surveys.privacy import ERASING, KEPT, RIGHTS, WHOM_TO_ASK, tell_months
from surveys.roles import VISITOR, Right
from surveys.settings import RETENTION


def show_page() -> None:
    store = current_store()
    months = store.settings.read(RETENTION)
    st.title("Privacy", anchor=False)
    st.text(
        "De monitor bewaart zo weinig mogelijk over personen. Hier leest u wat we bewaren, waarom, "
        "hoe lang en wie het ziet."
    )
    _show_kept(months)
    st.header("Uw rechten", anchor=False)
    st.markdown("\n".join(f"- {right}" for right in RIGHTS))
    st.text(WHOM_TO_ASK)
    st.header("Wat wissen doet, en wat niet", anchor=False)
    for text in ERASING:
        st.text(text)
    if store.person == VISITOR:
        st.text("Kwam u hier vanuit de vragenlijst? Die staat nog open in het andere venster.")
    if store.person.may(Right.DO_FIELDWORK):
        _show_erasing(store, months)


def _show_kept(months: int) -> None:
    st.header("Wat we bewaren", anchor=False)
    for kept in KEPT:
        st.subheader(kept.what, anchor=False)
        st.markdown(
            f"- **Waarom:** {kept.why}\n"
            f"- **Hoe lang:** {tell_months(kept.how_long, months)}\n"
            f"- **Wie ziet het:** {kept.who_sees}"
        )


# For the evaluator


def _show_erasing(store: Store, months: int) -> None:
    st.header("Namen en e-mailadressen wissen", anchor=False)
    _show_due(store, months)
    _show_person(store)
    _show_wave(store)


def _show_due(store: Store, months: int) -> None:
    st.subheader("Wat nu aan de beurt is", anchor=False)
    _tell_done("aan-de-beurt")
    due = store.privacy.due()
    term = tell_months("De bewaartermijn is {maanden}.", months)
    if not due:
        st.text(f"{term} Er is nu niemand van wie de gegevens gewist moeten worden.")
        return
    st.text(f"{term} Voorbij is die van {_count(due)}:")
    st.html(_list(map(_tell, due)))
    _ask_first(
        "aan-de-beurt",
        f"Wis {_count(due)}",
        tuple(held.contact for held in due),
        f"U wist de naam en het e-mailadres van {_count(due)}. De antwoorden blijven.",
        lambda: f"Gewist: naam en e-mailadres van {_people(store.privacy.erase_due())}.",
    )


def _show_person(store: Store) -> None:
    st.subheader("Eén persoon", anchor=False)
    _tell_done("een-persoon")
    contacts = {held.contact: held for held in store.privacy.held()}
    if not contacts:
        st.text("Er zijn geen namen of e-mailadressen van programmaleiders bewaard.")
        return
    chosen = st.selectbox(
        "Programmaleider, op volgorde van regio",
        list(contacts),
        format_func=lambda contact: _tell(contacts[contact]),
        index=None,
        placeholder="Kies een persoon",
        key="persoon",
    )
    if chosen not in contacts:
        return
    held = contacts[chosen]
    st.text("Kijk ook de open antwoorden van deze regio na op namen, ook wat is vrijgegeven.")
    _ask_first(
        "een-persoon",
        "Wis deze persoon",
        chosen,
        f"U wist de naam en het e-mailadres van: {_tell(held)}. De antwoorden van de regio "
        "blijven. Berichten die nog klaarstaan, worden niet meer verstuurd.",
        lambda: (
            f"Gewist: naam en e-mailadres van een programmaleider van regio {held.region}."
            if store.privacy.erase(chosen)
            else "Deze persoon was al gewist."
        ),
    )


def _show_wave(store: Store) -> None:
    st.subheader("Iedereen van een meting", anchor=False)
    _tell_done("een-meting")
    closed = [wave.name for wave in store.waves.all() if wave.state is WaveState.CLOSED]
    if not closed:
        st.text("Dit kan pas als er een meting gesloten is.")
        return
    wave = st.selectbox(
        "Gesloten meting", closed, index=None, placeholder="Kies een meting", key="meting"
    )
    if wave not in closed:
        return
    found = store.privacy.of_wave(wave)
    if found.needed:
        st.text("Deze personen blijven, want ze zijn nodig voor een meting die niet gesloten is:")
        st.html(_list(f"{_tell(held)} (meting {format_list(w)})" for held, w in found.needed))
    if not found.erasable:
        st.text("Er is niemand om te wissen.")
        return
    st.text(f"Te wissen: {_count(found.erasable)}.")
    st.html(_list(map(_tell, found.erasable)))
    _ask_first(
        "een-meting",
        f"Wis {_count(found.erasable)}",
        (wave, *(held.contact for held in found.erasable)),
        f"U wist de naam en het e-mailadres van {_count(found.erasable)}. De antwoorden op meting "
        f"{wave} blijven.",
        lambda: _erase_wave(store, wave),
    )


def _erase_wave(store: Store, wave: str) -> str:
    try:
        erased = store.privacy.erase_wave(wave)
    except WaveNotClosed as refused:
        return str(refused)
    return f"Gewist: naam en e-mailadres van {_people(erased)} van meting {wave}."


def _ask_first(key: str, label: str, what: Hashable, told: str, erase: Callable[[], str]) -> None:
    """A button; after it what will be done, with yes and no. `what` is asked about: where it has
    become another, the question is put again."""
    asked = f"{key}-gevraagd"
    if st.session_state.get(asked) != what:
        if st.button(label, key=key):
            st.session_state[asked] = what
            st.rerun()
        return
    with st.container(border=True):
        st.text(told)
        st.text("Dit kan niet ongedaan worden gemaakt. Weet u het zeker?")
        with st.container(horizontal=True):
            yes = st.button("Ja, definitief wissen", type="primary", key=f"{key}-ja")
            no = st.button("Nee, niet wissen", key=f"{key}-nee")
    if yes or no:
        del st.session_state[asked]
        if yes:
            st.session_state[f"{key}-gewist"] = erase()
        st.rerun()


def _tell_done(key: str) -> None:
    if done := st.session_state.pop(f"{key}-gewist", None):
        st.info(escape_markdown(done))


def _tell(held: HeldContact) -> str:
    parts = [part for part in (held.name, held.email) if part]
    ended = f", tot {format_date(held.until)}" if held.until else ""
    return f"{held.region} {held.region_name}: {', '.join(parts)}{ended}"


def _count(contacts: Sequence[HeldContact]) -> str:
    return _people(len(contacts))


def _people(count: int) -> str:
    return "1 persoon" if count == 1 else f"{count} personen"


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li><bdi>{escape_html(text)}</bdi></li>' for text in texts)}</ul>"


show_page()

"""Writing the text of invitations and reminders, and seeing what a region gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from surveys.mailing.app_address import personal_link
from surveys.mailing.characters import clean_line, clean_lines
from surveys.mailing.default_texts import DEFAULT_TEXTS
from surveys.mailing.standing import Standing
from surveys.mailing.texts import (
    FIELDS,
    InvalidMailText,
    MailKind,
    MailText,
    check_text,
    merge,
)
from surveys.pages.parts.mail_run import MailSetup
from surveys.pages.parts.messages import draw_faults, draw_told, tell_done
from surveys.pages.parts.tables import draw_table
from surveys.pages.storage import current_store
from surveys.plain_text import escape_html

_KINDS = {MailKind.INVITATION: "De uitnodiging", MailKind.REMINDER: "De herinnering"}
_TURN = "mailtekst-beurt"  # after a change the fields are new ones, that show what is stored
_NO_SENDER = "(de afzender)"
_EXPLANATION = (
    "Wat tussen {{ }} staat, is een veld: in elke mail komt daar wat bij de regio hoort. Wat "
    "tussen {% if sluit_op %} en {% endif %} staat, komt alleen in de mail als dat veld gevuld is."
)


def draw_texts(wave: str, regions: Sequence[Standing], setup: MailSetup) -> None:
    draw_told("mailtekst")
    kind = st.radio(
        "Welke tekst?", _KINDS, format_func=_KINDS.get, horizontal=True, key="mailtekst-soort"
    )
    stored = current_store().mail_texts.read(wave, kind)
    place = f"{kind}-{wave}-{st.session_state.setdefault(_TURN, 0)}"
    with st.expander("Velden die u kunt gebruiken", key="mailtekst-velden"):
        st.text(_EXPLANATION)
        fields = [["{{ " + name + " }}", meaning] for name, meaning in FIELDS.items()]
        draw_table("De velden", ["Veld", "Wat er komt te staan"], fields)
    typed = MailText(
        st.text_input("Onderwerp", stored.subject, key=f"onderwerp-{place}"),
        st.text_area("Tekst", stored.body, height=420, key=f"mailtekst-{place}"),
    )
    is_refused = _draw_buttons(wave, kind, stored, typed)
    faults = check_text(typed)
    if faults:
        told = "Zo kan de tekst nog niet verstuurd worden:"
        draw_faults(f"De tekst is niet bewaard. {told}" if is_refused else told, faults)
    else:
        _draw_preview(wave, typed, regions, setup)


def _draw_buttons(wave: str, kind: MailKind, stored: MailText, typed: MailText) -> bool:
    """True where the text was to be kept, and could not be."""
    is_usual = _clean(stored) == _clean(DEFAULT_TEXTS[kind])
    is_changed = _clean(typed) != _clean(stored)
    note = "Dit is de standaardtekst." if is_usual else "Deze meting heeft een eigen tekst."
    st.text("Wat u veranderde, is nog niet bewaard." if is_changed else note)
    with st.container(horizontal=True):
        keep = st.button("Tekst bewaren", key=f"bewaren-{kind}", type="primary")
        if not is_usual or is_changed:
            reset = st.button("Terug naar de standaardtekst", key=f"terug-{kind}")
        else:
            reset = False
    if reset:
        current_store().mail_texts.reset(wave, kind)
        _show_stored("De standaardtekst is terug.")
    return keep and not _keep(wave, kind, typed)


def _keep(wave: str, kind: MailKind, typed: MailText) -> bool:
    try:
        current_store().mail_texts.keep(wave, kind, typed)
    except InvalidMailText:
        return False
    _show_stored("De tekst is bewaard. Mails van deze meting krijgen hem voortaan.")


def _show_stored(told: str) -> NoReturn:
    st.session_state[_TURN] += 1
    tell_done("mailtekst", told)
    st.rerun()


def _clean(text: MailText) -> tuple[str, str]:
    return clean_line(text.subject), clean_lines(text.body)


def _draw_preview(wave: str, text: MailText, regions: Sequence[Standing], setup: MailSetup) -> None:
    st.subheader("Zo ziet de mail eruit", anchor=False)
    active = {region.number: region for region in regions if not region.ended}
    mailable = [place for place, region in enumerate(active.values()) if region.address]
    number = st.selectbox(
        "Voor regio",
        [*active],
        index=mailable[0] if mailable else 0,
        format_func=lambda number: f"{number} {active[number].region}",
        placeholder="Kies een regio",
        width=400,
        key="mailtekst-regio",
    )
    if number not in active:
        return
    sender = setup.settings and setup.settings.sender
    fields = replace(
        current_store().outbox.fields(wave, number),
        link=personal_link(setup.address, "voorbeeld"),
        afzender=(sender.name or sender.address) if sender else _NO_SENDER,
    )
    try:
        subject, body = merge(text, fields)
    except InvalidMailText as invalid:
        draw_faults("Voor deze regio kan de tekst zo niet:", invalid.faults)
        return
    region = active[number]
    to = f"{region.name} <{region.address}>" if region.address else "geen e-mailadres bekend"
    lines = {
        "Van": f"{sender.name} <{sender.address}>" if sender else _NO_SENDER,
        "Aan": to,
        "Onderwerp": subject,
    }
    head = "".join(
        f"<p><b>{name}:</b> <bdi>{escape_html(line.strip())}</bdi></p>"
        for name, line in lines.items()
    )
    with st.container(border=True, key="voorbeeldmail"):
        st.html(f'{head}<p style="overflow-wrap:anywhere"><bdi>{escape_html(body)}</bdi></p>')
    st.caption("De link is hier een voorbeeld: elke mail krijgt een eigen link.")

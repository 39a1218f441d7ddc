"""Inviting and reminding: by mail, or by a sheet of links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState
from surveys.mailing.app_address import is_here_only
from surveys.mailing.messages import Message
from surveys.mailing.standing import Standing
from surveys.monitoring.response import MailState
from surveys.pages.parts.invitation_links import draw_links
from surveys.pages.parts.invitation_log import draw_log
from surveys.pages.parts.invitation_sending import draw_run, draw_sending
from surveys.pages.parts.invitation_texts import draw_texts
from surveys.pages.parts.mail_run import MailSetup, read_mail_setup
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.roles import Right

_STATES = {
    WaveState.PLANNED: "nog niet open. Uitnodigen per mail kan zodra zij open is",
    WaveState.OPEN: "open",
    WaveState.CLOSING: "bijna gesloten. Alleen wie al begon, kan nog een herinnering krijgen",
    WaveState.CLOSED: "gesloten. Er gaan geen mails meer uit",
}


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Uitnodigen", anchor=False)
    store, setup = current_store(), read_mail_setup()
    waves = {wave.name: wave for wave in store.waves.all()}
    if not waves:
        st.text("Er zijn nog geen metingen. Plan er eerst een bij Metingen.")
        return
    wave = waves[_choose_wave(waves)]
    regions, messages = store.outbox.standings(wave.name), store.outbox.messages(wave.name)
    _tell_state(wave, regions, messages)
    if not regions:
        st.text("Er zijn nog geen regio's. Voeg ze toe bij Regio's.")
        return
    draw_run(messages, setup)
    _warn(setup)
    sending, texts, log, links = st.tabs(["Versturen", "Teksten", "Mails", "Links"])
    with sending:
        draw_sending(wave, regions, setup)
    with texts:
        draw_texts(wave.name, regions, setup)
    with log:
        draw_log(messages, setup)
    with links:
        draw_links(wave, regions, setup.address)


def _choose_wave(waves: dict[str, Wave]) -> str:
    """At first the last that is not closed; an example only where there is nothing else."""
    names = [*waves]
    real = [name for name in names if not waves[name].is_example] or names
    alive = [name for name in real if waves[name].state is not WaveState.CLOSED]
    first = names.index((alive or real)[-1])
    return st.selectbox(
        "Meting",
        names,
        index=first,
        width=250,
        placeholder="Kies een meting",
        key="uitnodigen-meting",
    )


def _tell_state(wave: Wave, regions: Sequence[Standing], messages: Sequence[Message]) -> None:
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    active = [region for region in regions if not region.ended]
    invited = sum(region.invited and not region.is_refused for region in active)
    st.text(
        f"De meting is {_STATES[wave.state]}. Uitgenodigd: {invited} van de {len(active)} regio's. "
        f"{_tell_mails(messages)}"
    )


def _tell_mails(messages: Sequence[Message]) -> str:
    states = Counter(message.state for message in messages)
    counts = {
        "verstuurd": states[MailState.SENT],
        "geweigerd": states[MailState.REFUSED],
        "onzeker of hij aankwam": states[MailState.UNCERTAIN],
        "wachtend": states[MailState.QUEUED] + states[MailState.SENDING],
    }
    told = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    return f"Mails: {told}." if told else "Er is nog geen mail verstuurd."


def _warn(setup: MailSetup) -> None:
    if setup.faults:
        st.error(
            "De instellingen voor het versturen van mail kloppen niet, dus mailen kan nu niet. "
            "Vraag de beheerder van de server ze te verbeteren. De melding, in het Engels:"
        )
        st.code("\n".join(setup.faults), language=None, wrap_lines=True)
    elif is_here_only(setup.address):
        st.warning(
            f"De links beginnen met `{setup.address.replace('`', '')}` en gaan alleen op deze "
            "computer open. Open de monitor op het adres dat de regio's gebruiken, of vraag de "
            "beheerder van de server om MONITOR_ADDRESS in te stellen."
        )


show_page()

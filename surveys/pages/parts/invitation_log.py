"""The mails of a wave: what became of each, and what to do with those of which nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from surveys.dutch import format_short_day, format_time, local_day
from surveys.mailing.messages import Message, NotMailable
from surveys.mailing.smtp_settings import SmtpSettings
from surveys.monitoring.response import MAIL_STATES, MailState, name_mail
from surveys.pages.parts.mail_run import MailSetup, mail_run
from surveys.pages.parts.messages import draw_told, tell_done, tell_refused
from surveys.pages.parts.tables import draw_table
from surveys.pages.storage import current_store

_ALL = "alle"


def draw_log(messages: Sequence[Message], setup: MailSetup) -> None:
    draw_told("mails")
    if not messages:
        st.text("Er is nog geen mail klaargezet of verstuurd.")
        return
    uncertain = {m.id: m for m in messages if m.state is MailState.UNCERTAIN}
    if uncertain:
        _draw_uncertain(uncertain, setup)
    present = {message.state for message in messages}
    state = st.selectbox(
        "Stand",
        [_ALL, *(state for state in MailState if state in present)],
        format_func=lambda state: MAIL_STATES.get(state, _ALL),
        placeholder="Kies een stand",
        width=300,
        key="mails-stand",
    )
    shown = [message for message in messages if state in (_ALL, message.state)]
    draw_table(
        f"{len(shown)} van de {len(messages)} mails, de laatste eerst",
        ["Regio", "Mail", "Stand", "Klaargezet", "Geprobeerd", "Keer", "Melding"],
        map(_tell, shown),
    )


def _tell(message: Message) -> list[str]:
    return [
        f"{message.number} {message.region}",
        name_mail(message.turn),
        MAIL_STATES[message.state],
        _tell_moment(message.queued_at),
        _tell_moment(message.tried_at),
        str(message.tries),
        message.reply or "–",
    ]


def _tell_moment(moment: datetime | None) -> str:
    """'3 mrt 2024, 14.02 uur'"""
    if moment is None:
        return "–"
    day = local_day(moment)
    return f"{format_short_day(day)} {day.year}, {format_time(moment)}"


def _draw_uncertain(uncertain: dict[int, Message], setup: MailSetup) -> None:
    with st.container(border=True, key="onzeker"):
        st.subheader("Onzeker of de mail aankwam", anchor=False)
        st.text(
            "Bij deze mails brak de verbinding af op het moment dat de mailserver ze aannam, of "
            "stopte de monitor net dan. Ze kunnen dus zijn aangekomen. Daarom stuurt de monitor ze "
            "niet vanzelf nog eens. Vraag de regio of de mail er is. Verstuurt u hem opnieuw, dan "
            "kan hij twee keer aankomen; beide links werken."
        )
        chosen = st.selectbox(
            "Mail",
            [*uncertain],
            format_func=lambda number: (
                f"{uncertain[number].number} {uncertain[number].region}: "
                f"{name_mail(uncertain[number].turn)}, {_tell_moment(uncertain[number].tried_at)}"
            ),
            placeholder="Kies een mail",
            width=500,
            key="onzeker-mail",
        )
        resend = st.button(
            "Toch opnieuw versturen", key="onzeker-opnieuw", disabled=setup.settings is None
        )
    if resend and chosen in uncertain and setup.settings is not None:
        _resend(uncertain[chosen], setup.settings, setup.address)


def _resend(message: Message, settings: SmtpSettings, address: str) -> None:
    store, run = current_store(), mail_run()
    name = f"De {name_mail(message.turn)} aan regio {message.number} {message.region}"
    try:
        store.outbox.resend(message.id, settings.sender)
        run.start(store, settings, address)
        tell_done("mails", f"{name} gaat opnieuw uit.")
    except NotMailable as refused:
        tell_refused("mails", f"{name} gaat niet opnieuw uit.", [refused.reason])
    st.rerun()

"""Choosing who gets a mail, sending it, and seeing how that goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from surveys.fieldwork import Wave
from surveys.mailing.messages import MOST_TRIES, Message
from surveys.mailing.smtp_settings import SmtpSettings
from surveys.mailing.standing import IS_EXAMPLE, Standing, find_reason_against_mail
from surveys.mailing.texts import MailKind
from surveys.monitoring.response import MailState
from surveys.pages.parts.mail_run import MailSetup, mail_run
from surveys.pages.parts.messages import draw_told, tell_done, tell_refused
from surveys.pages.parts.tables import draw_table
from surveys.pages.parts.turning import draw_turn, turn_page
from surveys.pages.storage import current_store
from surveys.plain_text import escape_markdown

_KINDS = {MailKind.INVITATION: "Uitnodiging", MailKind.REMINDER: "Herinnering"}
_PLURALS = {MailKind.INVITATION: "uitnodigingen", MailKind.REMINDER: "herinneringen"}
_ALL, _SOME = "Alle regio's die hem kunnen krijgen", "Regio's die ik kies"
_ASKED = "versturen-gevraagd"
_REFRESH = 1.0  # seconds


# How it goes


def draw_run(messages: Sequence[Message], setup: MailSetup) -> None:
    """The round of mails under way, or how the last one went and what still waits."""
    run = mail_run()
    if run.is_running:
        st.fragment(_draw_progress, run_every=_REFRESH)()
        return
    told, is_well = run.tell()
    if told:
        (st.info if is_well else st.error)(escape_markdown(told))
    waiting = [message for message in messages if message.state is MailState.QUEUED]
    if waiting and setup.settings is not None:
        _draw_waiting(waiting, setup.settings, setup.address)


def _draw_waiting(waiting: Sequence[Message], settings: SmtpSettings, address: str) -> None:
    count = len(waiting)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(
            "1 mail wacht op versturen." if count == 1 else f"{count} mails wachten op versturen."
        )
        if st.button("Wachtende mails versturen", key="wachtende-versturen"):
            mail_run().start(current_store(), settings, address)
            st.rerun()
    if any(message.tries for message in waiting):
        st.text(
            "De mailserver nam nog niet alles aan; waarom, staat op het tabblad Mails. Probeer het "
            f"over een kwartier weer. Na {MOST_TRIES} keer geldt een mail als geweigerd."
        )


def _draw_progress() -> None:
    """Runs again by itself; nothing is entered here that it could lose."""
    run = mail_run()
    if not run.is_running:
        st.rerun()
    done, total = run.progress
    st.progress(
        done / total if total else 0.0,
        f"Er worden mails verstuurd: {done} van {total}. U kunt dit venster sluiten.",
    )


# Who gets it


def draw_sending(wave: Wave, regions: Sequence[Standing], setup: MailSetup) -> None:
    draw_told("versturen")
    if wave.is_example:
        st.text(f"{IS_EXAMPLE} Proberen kan met de links op het tabblad Links.")
        return
    if setup.settings is None:
        why = "de instellingen kloppen niet" if setup.faults else "er is geen mailserver ingesteld"
        st.text(
            f"Mailen kan hier nu niet: {why}. Op het tabblad Links staat een Excelblad met alle "
            "links, om ze op een andere manier te versturen."
        )
        return
    kind = st.radio(
        "Wat wilt u versturen?", _KINDS, format_func=_KINDS.get, horizontal=True, key="mail-soort"
    )
    now = datetime.now(UTC)
    against = {region.number: find_reason_against_mail(kind, region, now) for region in regions}
    names = {region.number: f"{region.number} {region.region}" for region in regions}
    may = [number for number, reason in against.items() if reason is None]
    if may:
        _draw_choice(
            wave.name, kind, {number: names[number] for number in may}, setup.settings, setup
        )
    else:
        st.text(f"Geen enkele regio kan nu een {_KINDS[kind].lower()} krijgen.")
    rest = [[names[number], reason] for number, reason in against.items() if reason]
    if rest:
        title = f"{_tell_regions(len(rest))} {'krijgt' if len(rest) == 1 else 'krijgen'} hem niet"
        with st.expander(title, key=f"niet-{kind}"):
            draw_table(f"Waarom geen {_KINDS[kind].lower()}", ["Regio", "Waarom niet"], rest)
    draw_turn()


def _draw_choice(
    wave: str, kind: MailKind, may: Mapping[str, str], settings: SmtpSettings, setup: MailSetup
) -> None:
    whom = st.radio("Voor wie?", [f"{_ALL} ({len(may)})", _SOME], key=f"mail-wie-{kind}")
    chosen = [*may]
    if whom == _SOME:
        picked = st.multiselect(
            "Regio's",
            [*may],
            format_func=lambda number: may.get(number, number),
            placeholder="Kies regio's",
            key=f"mail-regios-{kind}",
        )
        chosen = [number for number in picked if number in may]
    choice = wave, kind, tuple(chosen)
    label = f"{_tell_kind(kind, len(chosen))} versturen"
    if st.button(label, key=f"versturen-{kind}", type="primary", disabled=not chosen):
        st.session_state[_ASKED] = choice
    if st.session_state.get(_ASKED) == choice:
        _confirm(wave, kind, chosen, settings, setup)


def _confirm(
    wave: str, kind: MailKind, numbers: Sequence[str], settings: SmtpSettings, setup: MailSetup
) -> None:
    sender = settings.sender
    by = f"{sender.name} ({sender.address})" if sender.name else sender.address
    with st.container(border=True, key="bevestigen"):
        st.text(
            f"Er {_go(len(numbers))} {_tell_kind(kind, len(numbers))} uit, van {by}. Klopt dat?"
        )
        with st.container(horizontal=True):
            is_sure = st.button("Ja, versturen", key="versturen-ja", type="primary")
            if st.button("Nee, nog niet", key="versturen-nee"):
                del st.session_state[_ASKED]
                turn_page(f"versturen-{kind}")
                st.rerun()
    if is_sure:
        store, run = current_store(), mail_run()
        told = store.outbox.queue(wave, kind, sender, numbers)
        run.start(store, settings, setup.address)
        st.session_state.pop(_ASKED, None)
        _tell_queued(kind, told)
        st.rerun()


def _tell_queued(kind: MailKind, told: Mapping[str, str | None]) -> None:
    queued = sum(reason is None for reason in told.values())
    staan = "staat" if queued == 1 else "staan"
    done = f"{_tell_kind(kind, queued).capitalize()} {staan} klaar en {_go(queued)} nu uit."
    dropped = [f"Regio {number}: {reason}" for number, reason in told.items() if reason]
    if dropped:
        tell_refused("versturen", f"{done} Deze regio's kregen hem toch niet:", dropped)
    else:
        tell_done("versturen", f"{done} Hoe het gaat, ziet u op het tabblad Mails.")


def _go(count: int) -> str:
    return "gaat" if count == 1 else "gaan"


def _tell_kind(kind: MailKind, count: int) -> str:
    return f"{count} {_KINDS[kind].lower() if count == 1 else _PLURALS[kind]}"


def _tell_regions(count: int) -> str:
    return "1 regio" if count == 1 else f"{count} regio's"

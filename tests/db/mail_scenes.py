"""An open wave with leaders to mail, and a server that takes their mail."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from db.store import Store
from surveys.fieldwork import LinkRefused
from surveys.mailing.letters import Mailbox
from surveys.mailing.sending import send_all
from surveys.mailing.smtp import Outcome
from surveys.mailing.smtp_settings import SmtpSettings, read_smtp_settings
from surveys.mailing.texts import MailKind
from surveys.monitoring.response import MailState
from surveys.regions.contacts import Contact
from surveys.regions.register import Register
from tests.db.scenes import open_wave, save
from tests.surveys.mailing.servers import Mailroom

ADDRESS = "https://monitor.example"
SENDER = Mailbox("veldwerk@bureau.example", "Bureau Meetwerk")
INVITATION, REMINDER = MailKind


class Clock:
    """A clock that goes on a second each time it is looked at, and further when told to."""

    def __init__(self) -> None:
        self.at = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


def address_of(number: str) -> str:
    return f"leider{number}@regio.example"


def number_regions(count: int) -> list[str]:
    return [f"{n:03}" for n in range(1, count + 1)]


def open_mailing(store: Store, *numbers: str) -> None:
    """An open wave, and regions with a leader each."""
    open_wave(store, *numbers)
    tell_leaders(
        store, {number: Contact(f"Leider {number}", address_of(number)) for number in numbers}
    )


def tell_leaders(store: Store, leaders: dict[str, Contact]) -> None:
    store.regions.keep_register(Register({number: {} for number in leaders}, (), {}, leaders))


def settings_for(port: int) -> SmtpSettings:
    settings = read_smtp_settings(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": f"{SENDER.name} <{SENDER.address}>",
        }
    )
    assert settings is not None
    return settings


def deliver(store: Store, port: int) -> Counter[Outcome]:
    return Counter(send_all(store.outbox, settings_for(port), ADDRESS))


def invite_by_mail(store: Store, port: int, *numbers: str) -> Counter[Outcome]:
    told = store.outbox.queue("2024", INVITATION, SENDER, numbers or None)
    assert set(told.values()) == {None}
    return deliver(store, port)


class Moody(Mailroom):
    """Hangs up after it took a mail for these recipients, before it has said so."""

    def __init__(self, *hung_up_on: str, refusals: dict[str, str] | None = None) -> None:
        super().__init__(refusals)
        self.hung_up_on = hung_up_on

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if envelope.rcpt_tos[0] in self.hung_up_on:
            server.transport.abort()
        return answer


def read_mails(room: Mailroom) -> list[EmailMessage]:
    mails = []
    for envelope in room.received:
        assert isinstance(envelope.content, bytes)
        mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
    return mails


def recipients(room: Mailroom) -> list[str]:
    return [envelope.rcpt_tos[0] for envelope in room.received]


def find_token(mail: EmailMessage) -> str:
    """The token in the link of a mail, after which the line ends."""
    return mail.get_content().split(f"{ADDRESS}/?uitnodiging=", 1)[1].split("\n", 1)[0].strip()


def states(store: Store) -> dict[str, MailState]:
    """That of the last mail to each region."""
    return {message.number: message.state for message in reversed(store.outbox.messages("2024"))}


def why_not(store: Store, kind: MailKind, number: str = "01") -> str | None:
    """Why no such mail was queued for the region; None where it was."""
    return store.outbox.queue("2024", kind, SENDER, [number])[number]


def submit(store: Store, token: str) -> None:
    visit = store.forms.visit(token)
    form = save(store, visit, store.forms.begin(visit), {"schaal": "2"})
    store.forms.submit(visit, form)


def opens(store: Store, token: str) -> bool:
    try:
        store.forms.visit(token)
    except LinkRefused:
        return False
    return True

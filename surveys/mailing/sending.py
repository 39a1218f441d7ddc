"""Sending what is queued: the order of things that lets no mail come twice.

Before a mail goes to the server, the database knows that it is being sent; after it, what became of
it. Who dies in between leaves a mail of which nobody knows whether it arrived.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from surveys.mailing.app_address import personal_link
from surveys.mailing.letters import Letter, Mailbox, write_letter
from surveys.mailing.smtp import Delivery, NoPostbox, Outcome, Postbox, open_postbox
from surveys.mailing.smtp_settings import SmtpSettings
from surveys.mailing.texts import InvalidMailText, MailFields, MailText, merge


@dataclass(frozen=True)
class Posting:
    """What it takes to write one mail. `token`: of its own link, kept nowhere else than here;
    `fields` lack the link and the sender."""

    message: int
    message_id: str
    recipient: Mailbox
    text: MailText
    fields: MailFields
    token: str = field(repr=False)
    at: datetime


class Outbox(Protocol):
    """The queue; db/mailing/outbox.py has it."""

    def sending(self) -> AbstractContextManager[datetime]:
        """The turn to send, and the moment at which it began. Raises AlreadySending."""

    def count_left(self, begun_at: datetime) -> int:
        """How many mails are queued that were not tried since `begun_at`."""

    def take_next(self, begun_at: datetime) -> Posting | None:
        """The next mail that was not tried since `begun_at`, from now on being sent."""

    def record(self, posting: Posting, delivery: Delivery) -> None:
        """Keep what became of a mail."""


def send_all(outbox: Outbox, settings: SmtpSettings, address: str) -> Iterator[Outcome]:
    """Try every queued mail once; what became of each, as it happens. `address`: of the app.

    Raises AlreadySending, or NoPostbox where the server cannot be reached (any more): what has
    not been tried then stays queued.
    """
    with outbox.sending() as begun_at:
        while outbox.count_left(begun_at):
            with open_postbox(settings) as postbox:
                yield from _send_until_closed(outbox, postbox, settings, address, begun_at)


def _send_until_closed(
    outbox: Outbox, postbox: Postbox, settings: SmtpSettings, address: str, begun_at: datetime
) -> Iterator[Outcome]:
    """Over one connection: some servers close it after a number of mails."""
    is_fresh = True
    while postbox.is_open:
        posting = outbox.take_next(begun_at)
        if posting is None:
            return
        delivery = _deliver(postbox, posting, settings, address)
        outbox.record(posting, delivery)
        yield delivery.outcome
        if delivery.outcome is Outcome.NOT_SENT and is_fresh:
            raise NoPostbox(delivery.words, "the connection to the mail server breaks at once")
        is_fresh = False


def _deliver(postbox: Postbox, posting: Posting, settings: SmtpSettings, address: str) -> Delivery:
    try:
        letter = write_posting(posting, settings, address)
    except InvalidMailText as invalid:
        return Delivery(Outcome.REFUSED, " ".join(invalid.faults))
    return postbox.send(letter)


def write_posting(posting: Posting, settings: SmtpSettings, address: str) -> Letter:
    """Raises InvalidMailText, where a text that is right otherwise cannot be with these fields."""
    link = personal_link(address, posting.token)
    sender = settings.sender
    fields = replace(posting.fields, link=link, afzender=sender.name or sender.address)
    subject, body = merge(posting.text, fields)
    return write_letter(
        sender=sender,
        recipient=posting.recipient,
        subject=subject,
        body=body,
        message_id=posting.message_id,
        written_at=posting.at,
        reply_to=settings.reply_to,
    )

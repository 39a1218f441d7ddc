"""The steps of a mail through the queue, within a session that the outbox has opened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from db import clock
from db.fieldwork import links
from db.mailing.standings import read_standings
from db.mailing.texts import fill_fields, read_text
from db.responses.records import key
from db.tables import ContactRow, InvitationRow, MessageRow, WaveRow
from surveys.mailing.letters import Mailbox, new_message_id
from surveys.mailing.messages import MOST_TRIES
from surveys.mailing.sending import Posting
from surveys.mailing.smtp import Outcome
from surveys.mailing.standing import Standing, find_reason_against_sending
from surveys.mailing.texts import MailKind
from surveys.monitoring.response import MailState


def add_message(
    session: Session, invitation: InvitationRow, turn: int, sender: Mailbox, queued_by: str
) -> None:
    """Queue a mail to who leads the region now; NoResultFound where that is not known."""
    leader = session.scalars(
        select(ContactRow).where(
            col(ContactRow.region_id) == invitation.region_id, col(ContactRow.until).is_(None)
        )
    ).one()
    session.add(
        MessageRow(
            invitation_id=key(invitation),
            contact_id=key(leader),
            kind=MailKind.REMINDER if turn else MailKind.INVITATION,
            number=turn,
            state=MailState.QUEUED,
            message_id=new_message_id(sender),
            queued_at=clock.now(),
            queued_by=queued_by,
        )
    )
    session.flush()


def queued(begun_at: datetime) -> Select[MessageRow]:
    """What waits and was not tried since, fewest tries first: none holds up the others."""
    return (
        select(MessageRow)
        .where(
            col(MessageRow.state) == MailState.QUEUED.value,
            or_(col(MessageRow.tried_at).is_(None), col(MessageRow.tried_at) < begun_at),
        )
        .order_by(col(MessageRow.tries), col(MessageRow.id))
    )


def prepare(session: Session, message: MessageRow) -> Posting | None:
    """Let a queued mail go, with a link of its own; None where it may not go any more, which
    cancels it."""
    invitation = session.get_one(InvitationRow, message.invitation_id)
    wave = session.get_one(WaveRow, invitation.wave_id)
    region = standing_of(session, invitation, wave)
    reason = _find_reason_in_leader(session, message) or find_reason(invitation, message, region)
    if reason is not None:
        cancel(message, reason)
        return None
    message.state, message.reply = MailState.SENDING, None
    message.tried_at = clock.now()
    message.tries += 1
    return Posting(
        message=key(message),
        message_id=message.message_id,
        recipient=Mailbox(region.address, region.name),
        text=read_text(session, wave, MailKind(message.kind)),
        fields=fill_fields(wave, region),
        token=links.new_link(session, invitation),
        at=message.tried_at,
    )


def standing_of(session: Session, invitation: InvitationRow, wave: WaveRow) -> Standing:
    return read_standings(session, wave, invitation.region_id)[invitation.region_id]


def find_reason(invitation: InvitationRow, message: MessageRow, region: Standing) -> str | None:
    """Why a mail may not go out any more, in Dutch; None if it may."""
    if invitation.withdrawn_at is not None:
        return "De uitnodiging is ingetrokken."
    return find_reason_against_sending(MailKind(message.kind), region)


def _find_reason_in_leader(session: Session, message: MessageRow) -> str | None:
    leader = session.get_one(ContactRow, message.contact_id)
    if leader.erased_at is not None:
        return "De naam en het e-mailadres zijn gewist."
    return "De regio heeft een andere programmaleider gekregen." if leader.until else None


def cancel(message: MessageRow, reason: str) -> None:
    message.state, message.done_at, message.reply = MailState.CANCELLED, clock.now(), reason


def state_after(outcome: Outcome, tries: int) -> MailState:
    match outcome:
        case Outcome.ACCEPTED:
            return MailState.SENT
        case Outcome.UNKNOWN:
            return MailState.UNCERTAIN
        case Outcome.REFUSED:
            return MailState.REFUSED
        case Outcome.DEFERRED | Outcome.NOT_SENT:
            return MailState.QUEUED if tries < MOST_TRIES else MailState.REFUSED

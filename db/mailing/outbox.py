"""The outbox: who is asked by mail, the queue of mails, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from db import clock, steps
from db.access import Desk, needs
from db.fieldwork import links
from db.mailing import postings
from db.mailing.standings import read_standings
from db.mailing.texts import fill_fields
from db.responses.records import key
from db.tables import ContactRow, InvitationRow, LinkRow, MessageRow, RegionRow, WaveRow
from db.turns import Taken
from surveys.erasing import clean_reply
from surveys.fieldwork import WaveState, hash_token
from surveys.mailing.app_address import personal_link
from surveys.mailing.letters import Mailbox
from surveys.mailing.link_sheet import PersonalLink
from surveys.mailing.messages import AlreadySending, Message, NotMailable
from surveys.mailing.sending import Posting
from surveys.mailing.smtp import Delivery, Outcome
from surveys.mailing.standing import (
    NO_SUCH_REGION,
    Standing,
    find_reason_against_link,
    find_reason_against_mail,
)
from surveys.mailing.texts import MailFields, MailKind
from surveys.monitoring.response import MailState
from surveys.roles import Right

_INVITING = (WaveState.PLANNED, WaveState.OPEN)


class Outbox(Desk):
    """The verbs on invitations by mail or by a sheet of links. The audit trail has what people
    asked for; what became of each mail is in the messages themselves."""

    @needs(Right.DO_FIELDWORK)
    def standings(self, wave: str) -> list[Standing]:
        """How every region stands in the wave, by number."""
        with self._read() as session:
            return [*read_standings(session, steps.wave_row(session, wave)).values()]

    @needs(Right.DO_FIELDWORK)
    def fields(self, wave: str, number: str) -> MailFields:
        """What a mail to this region says now, without the link and the sender."""
        with self._read() as session:
            row, region = steps.wave_row(session, wave), steps.region_row(session, number)
            return fill_fields(row, read_standings(session, row, key(region))[key(region)])

    @needs(Right.DO_FIELDWORK)
    def messages(self, wave: str) -> list[Message]:
        """Every mail of the wave, the last queued first."""
        with self._read() as session:
            found = session.execute(
                select(MessageRow, RegionRow)
                .join(InvitationRow, col(InvitationRow.id) == col(MessageRow.invitation_id))
                .join(RegionRow, col(RegionRow.id) == col(InvitationRow.region_id))
                .where(col(InvitationRow.wave_id) == key(steps.wave_row(session, wave)))
                .order_by(col(MessageRow.id).desc())
            )
            return [_to_message(row, region) for row, region in found]

    # Asking without mail

    @needs(Right.DO_FIELDWORK)
    def invite(self, wave: str, numbers: Collection[str] | None = None) -> int:
        """Invite regions that have not ended and have no invitation, without mailing them: those
        with these numbers, or all; how many that were. Raises NotMailable."""
        with self._write() as session:
            row = steps.wave_row(session, wave)
            if row.state not in _INVITING:
                raise NotMailable("De meting wordt of is gesloten: uitnodigen kan niet meer.")
            new = [
                region
                for region, standing in read_standings(session, row).items()
                if not standing.invited and not standing.ended
                if numbers is None or standing.number in numbers
            ]
            for region in new:
                links.invite(session, session.get_one(RegionRow, region), row)
            if new:
                self._log(session, "invitations.made", f"wave {wave}", new=str(len(new)))
        return len(new)

    @needs(Right.DO_FIELDWORK)
    def make_links(self, wave: str, address: str) -> list[PersonalLink]:
        """A new link for every region that is invited and may still answer, by number; earlier
        ones go on working. `address`: of the app."""
        with self._write() as session:
            row = steps.wave_row(session, wave)
            made = []
            for region, standing in read_standings(session, row).items():
                if find_reason_against_link(standing) is None:
                    token = links.new_link(session, _invitation(session, region, row))
                    made.append(
                        PersonalLink(
                            standing.number,
                            standing.region,
                            standing.name,
                            standing.address,
                            personal_link(address, token),
                        )
                    )
            if made:
                self._log(session, "links.made", f"wave {wave}", new=str(len(made)))
        return made

    # The queue

    @needs(Right.DO_FIELDWORK)
    def queue(
        self,
        wave: str,
        kind: MailKind,
        sender: Mailbox,
        numbers: Collection[str] | None = None,
    ) -> dict[str, str | None]:
        """Put a mail in the queue for every region that may get it, of those with these numbers or
        of all: by number why it gets none, in Dutch, or None. `sender` names the messages."""
        with self._write() as session:
            row = steps.wave_row(session, wave)
            standings = read_standings(session, row)
            told: dict[str, str | None] = dict.fromkeys(numbers or (), NO_SUCH_REGION)
            for region, standing in standings.items():
                if numbers is None or standing.number in numbers:
                    reason = find_reason_against_mail(kind, standing, clock.now())
                    told[standing.number] = reason
                    if reason is None:
                        turn = 0 if kind is MailKind.INVITATION else standing.last_turn + 1
                        postings.add_message(
                            session,
                            _invitation(session, region, row),
                            turn,
                            sender,
                            self.person.name,
                        )
            count = sum(reason is None for reason in told.values())
            if count:
                self._log(session, "mail.queued", f"wave {wave}, {kind}", new=str(count))
        return told

    @needs(Right.DO_FIELDWORK)
    def resend(self, message: int, sender: Mailbox) -> None:
        """Queue a mail again of which nobody knows whether it arrived: it may come twice.

        Raises NotMailable.
        """
        with self._write() as session:
            old = session.get_one(MessageRow, message)
            if old.state != MailState.UNCERTAIN:
                raise NotMailable("Van deze mail is niet meer onzeker of hij aankwam.")
            invitation = session.get_one(InvitationRow, old.invitation_id)
            wave = session.get_one(WaveRow, invitation.wave_id)
            region = postings.standing_of(session, invitation, wave)
            reason = postings.find_reason(invitation, old, region)
            if reason is not None:
                raise NotMailable(reason)
            postings.cancel(old, "Toch opnieuw verstuurd.")
            session.flush()
            postings.add_message(session, invitation, old.number, sender, self.person.name)
            self._log(session, "mail.resent", f"message {message}")

    # Sending: surveys/mailing/sending.py has the order of these

    @needs(Right.DO_FIELDWORK)
    @contextmanager
    def sending(self) -> Iterator[datetime]:
        """The turn to send, and the moment at which it began. What is found half sent was left by
        one who died: nobody knows whether it arrived. Raises AlreadySending."""
        try:
            with self._database.take_turn(_TURN):
                begun_at = clock.now()
                with self._write() as session:
                    session.connection().execute(_BREAK_OFF, {"moment": begun_at})
                    count = len(session.scalars(postings.queued(begun_at)).all())
                    if count:
                        self._log(session, "mail.sending", "outbox", new=str(count))
                yield begun_at
        except Taken:
            raise AlreadySending from None

    @needs(Right.DO_FIELDWORK)
    def count_left(self, begun_at: datetime) -> int:
        """How many mails are queued, in all waves, that were not tried since `begun_at`."""
        with self._read() as session:
            return len(session.scalars(postings.queued(begun_at)).all())

    @needs(Right.DO_FIELDWORK)
    def take_next(self, begun_at: datetime) -> Posting | None:
        """The next mail that was not tried since `begun_at`, from now on being sent, with a link of
        its own. Those that need not or may not go any more are cancelled on the way."""
        with self._write() as session:
            while (row := session.scalars(postings.queued(begun_at).limit(1)).first()) is not None:
                posting = postings.prepare(session, row)
                if posting is not None:
                    return posting
        return None

    @needs(Right.DO_FIELDWORK)
    def record(self, posting: Posting, delivery: Delivery) -> None:
        """Keep what became of a mail. The link of one that certainly did not go is withdrawn."""
        with self._write() as session:
            row = session.get_one(MessageRow, posting.message)
            row.state = postings.state_after(delivery.outcome, row.tries)
            row.done_at = None if row.state == MailState.QUEUED else clock.now()
            is_erased = session.get_one(ContactRow, row.contact_id).erased_at is not None
            row.reply = clean_reply(delivery.words) if is_erased else delivery.words
            if delivery.outcome not in (Outcome.ACCEPTED, Outcome.UNKNOWN):
                link = session.get_one(LinkRow, hash_token(posting.token))
                link.withdrawn_at = clock.now()


_TURN = "sending"
_BREAK_OFF = (
    update(MessageRow)
    .where(col(MessageRow.state) == MailState.SENDING.value)
    .values(
        state=MailState.UNCERTAIN.value,
        done_at=bindparam("moment"),
        reply="Het versturen brak af. De mail kan zijn aangekomen.",
    )
)


def _invitation(session: Session, region_id: int, wave: WaveRow) -> InvitationRow:
    """The region's invitation; a new one where it has none."""
    region = session.get_one(RegionRow, region_id)
    found = links.live_invitation(session, region, wave)
    return found or links.invite(session, region, wave)


def _to_message(row: MessageRow, region: RegionRow) -> Message:
    return Message(
        id=key(row),
        number=region.number,
        region=region.name,
        turn=row.number,
        state=MailState(row.state),
        queued_at=row.queued_at,
        tried_at=row.tried_at,
        done_at=row.done_at,
        tries=row.tries,
        reply=row.reply or "",
    )

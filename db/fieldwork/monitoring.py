"""The wave at a glance: how far every region is, what was sent, what was skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlmodel import Session, col

from db import clock, steps
from db.access import Desk, needs
from db.fieldwork.progress import ASKED, SKIPPED, invitations, read_progress
from db.responses.records import key
from db.tables import AnswerRow, InvitationRow, MessageRow, ResponseRow
from surveys.dutch import local_day
from surveys.monitoring.response import (
    ItemNonResponse,
    MailState,
    RegionProgress,
    ResponseCounts,
    SentMail,
    count_responses,
    sort_nonresponse,
)
from surveys.roles import Right


class Monitoring(Desk):
    """The verbs that watch a wave."""

    @needs(Right.DO_FIELDWORK)
    def progress(self, wave: str) -> list[RegionProgress]:
        """Every region that the wave concerns with how far it is, by number; its answers stay
        where they are."""
        with self._read() as session:
            row = steps.wave_row(session, wave)
            return read_progress(session, row, local_day(row.opened_at or clock.now()))

    @needs(Right.DO_FIELDWORK)
    def sent_mails(self, wave: str) -> list[SentMail]:
        """The mails that the server took, earliest first."""
        with self._read() as session:
            sent = (
                select(col(MessageRow.done_at), col(MessageRow.number))
                .join(InvitationRow, col(InvitationRow.id) == MessageRow.invitation_id)
                .where(
                    col(InvitationRow.wave_id) == key(steps.wave_row(session, wave)),
                    col(MessageRow.state) == MailState.SENT.value,
                    col(MessageRow.done_at).is_not(None),
                )
                .order_by(col(MessageRow.done_at))
            )
            rows: Iterable[Row[Any]] = session.connection().execute(sent)
            return [SentMail(row.done_at, row.number > 0) for row in rows]

    @needs(Right.DO_FIELDWORK)
    def nonresponse(self, wave: str) -> list[ItemNonResponse]:
        """How often each question was skipped in the responses that count, most skipped first."""
        counted: defaultdict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
        with self._read() as session:
            wave_id = key(steps.wave_row(session, wave))
            for version, item, asked, skipped in session.connection().execute(_items(wave_id)):
                counted[version][item] = asked, skipped
            asked_in = {version: steps.questionnaire_of(session, version) for version in counted}
        return sort_nonresponse(
            [
                ItemNonResponse(section.title, question.text, *counted[version][question.id])
                for version in sorted(counted, reverse=True)
                for section in asked_in[version].sections
                for question in section.questions
                if question.id in counted[version]
            ]
        )

    @needs(Right.SEE_RESULTS, Right.DO_FIELDWORK)
    def response_counts(self, wave: str) -> ResponseCounts:
        """How many regions were invited, began and submitted: never which."""
        with self._read() as session:
            return count_wave(session, key(steps.wave_row(session, wave)))


# What is asked of the database


def count_wave(session: Session, wave_id: int) -> ResponseCounts:
    run = session.connection().execute
    asked = run(invitations(wave_id))
    invited = {region for region, live, _, refused in asked if live and not refused}
    states = run(
        select(col(ResponseRow.region_id), col(ResponseRow.state)).where(
            col(ResponseRow.wave_id) == wave_id, col(ResponseRow.state) != "superseded"
        )
    ).all()
    submitted = {region for region, state in states if state == "final"}
    return count_responses(invited, {region for region, _ in states}, submitted)


def _items(wave_id: int) -> Select[*tuple[Any, ...]]:
    """Rows (the latest questionnaire with the item, item, asked, skipped), over the responses
    that count, of the items that were asked."""
    latest = func.max(col(AnswerRow.questionnaire_id))
    return (
        select(latest, col(AnswerRow.item), ASKED, SKIPPED)
        .join(ResponseRow, col(ResponseRow.id) == AnswerRow.response_id)
        .where(col(ResponseRow.wave_id) == wave_id, col(ResponseRow.state) == "final")
        .group_by(col(AnswerRow.item))
        .having(ASKED > 0)
    )

"""Entry for a region: answers by telephone or on paper, corrections, and what is set invalid; and
all answers of a wave taken out."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from db import steps
from db.access import Desk, needs
from db.responses import drafts, microdata
from db.responses.records import key
from db.tables import AnswerRow, RegionRow, ResponseRow, WaveRow
from surveys.answers import MissingReason
from surveys.entries import EntryRefused, Version, check_entry, check_reason
from surveys.fieldwork import Entry, Form, Mode, ResponseState, Visit, Wave, WaveState
from surveys.microdata import Export
from surveys.roles import Right

_NOT_ANSWERED = (MissingReason.SKIPPED.value, MissingReason.NOT_ASKED.value)


class Entries(Desk):
    """The evaluator's verbs on the answers of one region in one wave, by number and name."""

    @needs(Right.DO_FIELDWORK)
    def visit(self, number: str, wave: str, mode: Mode, reason: str | None = None) -> Visit:
        """Enter answers for a region with the verbs of `Forms`, or correct with a reason what it
        submitted. Raises EntryRefused, or NoResultFound for an unknown region or wave."""
        with self._read() as session:
            region, row = steps.region_row(session, number), steps.wave_row(session, wave)
            has_final = bool(_versions(session, region, row, ResponseState.FINAL))
            kept = check_entry(WaveState(row.state), has_final=has_final, reason=reason)
            content_hash = steps.hash_of(session, row.questionnaire_id)
            told = Wave(row.name, WaveState(row.state), content_hash, row.is_example)
            entry = Entry(self.person.name, mode, kept)
            return Visit(None, key(region), region.name, told, entry=entry)

    @needs(Right.DO_FIELDWORK)
    def versions(self, number: str, wave: str) -> list[Version]:
        """All versions of the region's answers, latest first."""
        with self._read() as session:
            region, row = steps.region_row(session, number), steps.wave_row(session, wave)
            found = _versions(session, region, row, *ResponseState)
            answered = _count_answers(session, [key(response) for response in found])
            told = [_to_version(response, answered.get(key(response), 0)) for response in found]
            return sorted(told, key=lambda version: -version.number)

    @needs(Right.DO_FIELDWORK)
    def read(self, number: str, wave: str, version: int) -> Form:
        """One version with its answers. NoResultFound where there is none."""
        with self._read() as session:
            return steps.to_form(session, _one_version(session, number, wave, version))

    @needs(Right.DO_FIELDWORK)
    def discard(self, number: str, wave: str) -> None:
        """Throw away what was entered and not submitted; never what the region worked on itself.
        Raises EntryRefused."""
        with self._write() as session:
            region, row = steps.region_row(session, number), steps.wave_row(session, wave)
            drafts = _versions(session, region, row, ResponseState.DRAFT)
            if not drafts:
                raise EntryRefused("no_draft")
            if drafts[0].entered_by is None:
                raise EntryRefused("own_draft")
            response = key(drafts[0])
            session.connection().execute(delete(ResponseRow).where(col(ResponseRow.id) == response))
            subject = f"response {response}, {_place(number, wave, drafts[0].version)}"
            self._log(session, "response.discarded", subject, drafts[0].reason)

    @needs(Right.DO_FIELDWORK)
    def set_invalid(self, number: str, wave: str, reason: str) -> None:
        """The final version counts no longer; it is kept. Raises EntryRefused."""
        kept = check_reason(reason)
        with self._write() as session:
            region, row = steps.region_row(session, number), steps.wave_row(session, wave)
            finals = _versions(session, region, row, ResponseState.FINAL)
            if not finals:
                raise EntryRefused("no_final")
            finals[0].state, finals[0].invalid_reason = ResponseState.INVALID, kept
            subject = _place(number, wave, finals[0].version)
            self._log(session, "response.set_invalid", subject, None, kept)

    @needs(Right.DO_FIELDWORK)
    def make_valid(self, number: str, wave: str, version: int, reason: str) -> None:
        """A version that was set invalid counts again, where no other does. Raises
        EntryRefused, or NoResultFound where there is no such version."""
        kept = check_reason(reason)
        with self._write() as session:
            response = _one_version(session, number, wave, version)
            if response.state != ResponseState.INVALID:
                raise EntryRefused("not_invalid")
            if drafts.response_rows(session, response.region_id, wave, ResponseState.FINAL):
                raise EntryRefused("other_final")
            before = response.invalid_reason
            response.state, response.invalid_reason = ResponseState.FINAL, None
            subject = _place(number, wave, version)
            self._log(session, "response.made_valid", subject, before, kept)

    @needs(Right.DO_FIELDWORK)
    def export(self, wave: str) -> Export:
        """All final responses of a wave, to be written to a file; that is in the trail.
        NoResultFound where there is no such wave."""
        with self._write() as session:
            export = microdata.read_export(session, steps.wave_row(session, wave))
            regions = str(len(export.responses))
            self._log(session, "answers.exported", f"wave {wave}", new=regions)
            return export


def _versions(
    session: Session, region: RegionRow, wave: WaveRow, *states: ResponseState
) -> list[ResponseRow]:
    return list(drafts.response_rows(session, key(region), wave.name, *states))


def _one_version(session: Session, number: str, wave: str, version: int) -> ResponseRow:
    return session.exec(
        select(ResponseRow)
        .join(RegionRow, col(RegionRow.id) == ResponseRow.region_id)
        .join(WaveRow, col(WaveRow.id) == ResponseRow.wave_id)
        .where(RegionRow.number == number, WaveRow.name == wave, ResponseRow.version == version)
    ).one()


def _count_answers(session: Session, responses: list[int]) -> dict[int, int]:
    given = col(AnswerRow.code).is_(None) | col(AnswerRow.code).not_in(_NOT_ANSWERED)
    counted = session.exec(
        select(AnswerRow.response_id, func.count())
        .where(col(AnswerRow.response_id).in_(responses), given)
        .group_by(col(AnswerRow.response_id))
    )
    return dict(counted.all())


def _to_version(response: ResponseRow, answered: int) -> Version:
    return Version(
        number=response.version,
        state=ResponseState(response.state),
        mode=Mode(response.mode),
        entered_by=response.entered_by,
        answered=answered,
        begun_at=response.begun_at,
        saved_at=response.saved_at,
        submitted_at=response.submitted_at,
        reason=response.reason,
        invalid_reason=response.invalid_reason,
    )


def _place(number: str, wave: str, version: int) -> str:
    return f"region {number}, wave {wave}, version {version}"

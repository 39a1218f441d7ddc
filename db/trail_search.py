"""Searching the audit trail, and taking what was found out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, String, cast, func, literal, not_, or_, select
from sqlmodel import Session, col

from db.access import Desk, needs
from db.tables import AccountRow, AuditRow, RegionRow, ResponseRow, WaveRow
from surveys.dutch import start_of_day
from surveys.roles import Right
from surveys.trail.query import (
    ANSWER_ACTIONS,
    HIDDEN,
    PAGE_SIZE,
    TrailChoices,
    TrailLine,
    TrailPage,
    TrailQuery,
    count_pages,
    tell_query,
)
from surveys.trail.words import subject_spellings

_ACCOUNT = re.compile(r"account (\d{1,9})")
_RESPONSE = re.compile(r"response (\d{1,9})")
_REGION = re.compile(r"\bregion ([^\s,]+)", re.IGNORECASE)
_WAVE = re.compile(r"\bwave ([^,]*[^\s,])", re.IGNORECASE)


class Trail(Desk):
    """The verbs that read the audit trail. Who does no fieldwork does not see what regions
    answered, and cannot look for it either."""

    @needs(Right.READ_TRAIL)
    def find(self, query: TrailQuery, page: int = 1) -> TrailPage:
        """The lines of one page, newest first; of the last page where there are not as many."""
        conditions = self._conditions(query)
        with self._read() as session:
            counted = session.scalar(select(func.count()).select_from(AuditRow).where(*conditions))
            total = counted or 0
            number = min(max(page, 1), count_pages(total))
            rows = session.scalars(
                select(AuditRow)
                .where(*conditions)
                .order_by(col(AuditRow.id).desc())
                .limit(PAGE_SIZE)
                .offset((number - 1) * PAGE_SIZE)
            ).all()
            return TrailPage(self._to_lines(session, rows), total, number)

    @needs(Right.READ_TRAIL)
    def export(self, query: TrailQuery) -> list[TrailLine]:
        """All lines that are found, newest first. That they were taken is a line of its own."""
        with self._write() as session:
            rows = session.scalars(
                select(AuditRow).where(*self._conditions(query)).order_by(col(AuditRow.id).desc())
            ).all()
            self._log(session, "trail.exported", "trail", new=tell_query(query, len(rows)))
            return self._to_lines(session, rows)

    @needs(Right.READ_TRAIL)
    def choices(self) -> TrailChoices:
        """The actors and actions that the trail holds, in alphabetical order."""
        with self._read() as session:
            actors = session.scalars(select(col(AuditRow.actor)).distinct()).all()
            actions = session.scalars(select(col(AuditRow.action)).distinct()).all()
            names = _account_names(session, actors)
            shown = {actor: names.get(actor, actor) for actor in sorted(actors, key=_by_number)}
            return TrailChoices(shown, sorted(actions))

    def _conditions(self, query: TrailQuery) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if query.since:
            asked.append(col(AuditRow.at) >= start_of_day(query.since))
        if query.until:
            asked.append(col(AuditRow.at) < start_of_day(query.until + timedelta(days=1)))
        if query.actor:
            asked.append(col(AuditRow.actor) == query.actor)
        if query.action:
            asked.append(col(AuditRow.action) == query.action)
        if query.subject:
            spellings = subject_spellings(query.subject)
            holds = [_holds(AuditRow.subject, spelling) for spelling in spellings]
            theirs = [found for each in spellings if (found := _is_of_region(each)) is not None]
            asked.append(or_(*holds, *theirs))
        if query.text:
            asked.append(or_(_holds(AuditRow.old, query.text), _holds(AuditRow.new, query.text)))
            if self._hides_answers():
                asked.append(not_(col(AuditRow.action).startswith(ANSWER_ACTIONS)))
        return asked

    def _hides_answers(self) -> bool:
        return not self.person.may(Right.DO_FIELDWORK)

    def _to_lines(self, session: Session, rows: Sequence[AuditRow]) -> list[TrailLine]:
        names = _account_names(session, (text for row in rows for text in (row.actor, row.subject)))
        places = _response_places(session, (row.subject for row in rows))
        return [self._to_line(row, names, places) for row in rows]

    def _to_line(
        self, row: AuditRow, names: Mapping[str, str], places: Mapping[str, Sequence[str]]
    ) -> TrailLine:
        about = ", ".join([row.subject, *places.get(_first_part(row.subject), ())])
        is_hidden = self._hides_answers() and row.action.startswith(ANSWER_ACTIONS)
        return TrailLine(
            row.at,
            names.get(row.actor, row.actor),
            row.action,
            names.get(row.subject, about),
            HIDDEN if is_hidden else row.old,
            HIDDEN if is_hidden else row.new,
        )


def _holds(column: str | None, text: str) -> ColumnElement[bool]:
    """Whether the text stands in it, in any case; % and _ are signs as any other."""
    return col(column).icontains(text, autoescape=True)


def _account_names(session: Session, texts: Iterable[str]) -> dict[str, str]:
    """Per text that is 'account <number>' of an account: the same with its present name."""
    asked = {int(found[1]) for text in texts if (found := _ACCOUNT.fullmatch(text))}
    if not asked:
        return {}
    rows = session.execute(select(col(AccountRow.id), col(AccountRow.name))).all()
    return {
        f"account {number}": f"account {number} ({'gewist' if name is None else name})"
        for number, name in rows
        if number in asked
    }


def _first_part(subject: str) -> str:
    return subject.partition(",")[0]


def _response_places(session: Session, subjects: Iterable[str]) -> dict[str, list[str]]:
    """Per 'response <number>' that a subject begins with: whose it is, and of which wave."""
    asked = {int(found[1]) for text in subjects if (found := _RESPONSE.match(text))}
    rows = session.execute(
        select(col(ResponseRow.id), col(RegionRow.number), col(WaveRow.name))
        .join(RegionRow, col(RegionRow.id) == col(ResponseRow.region_id))
        .join(WaveRow, col(WaveRow.id) == col(ResponseRow.wave_id))
        .where(col(ResponseRow.id).in_(asked))
    ).all()
    return {f"response {id}": [f"region {number}", f"wave {wave}"] for id, number, wave in rows}


def _is_of_region(text: str) -> ColumnElement[bool] | None:
    """Whether a line is about a response of the region, and the wave, that the text names. Such
    a line holds the number of the response only."""
    region, wave = _REGION.search(text), _WAVE.search(text)
    if region is None:
        return None
    responses = (
        select(literal("response ").concat(cast(col(ResponseRow.id), String)))
        .join(RegionRow, col(RegionRow.id) == col(ResponseRow.region_id))
        .join(WaveRow, col(WaveRow.id) == col(ResponseRow.wave_id))
        .where(col(RegionRow.number) == region[1])
    )
    if wave is not None:
        responses = responses.where(col(WaveRow.name) == wave[1])
    subject = col(AuditRow.subject)
    first = func.substr(subject, 1, func.instr(subject.concat(","), ",") - 1)
    return first.in_(responses)


def _by_number(actor: str) -> tuple[str, int]:
    """So that 'account 10' comes after 'account 9'."""
    word, _, number = actor.partition(" ")
    return (word, int(number)) if number.isdecimal() else (actor, 0)

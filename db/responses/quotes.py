"""Open answers: which there are, and what of them was cleared for showing.

A verdict belongs to one response, one question and one text: where the region answers anew, or the
response counts no longer, it stops by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select
from sqlmodel import Session, col

from db import clock, steps
from db.access import Desk, needs
from db.counting import require_released
from db.tables import (
    BY_NUMBER,
    TEXT_KINDS,
    AnswerRow,
    ClearedAnswerRow,
    QuestionRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from surveys.fieldwork import ResponseState
from surveys.quotes import (
    ItemQuotes,
    OpenAnswer,
    QuoteRefused,
    Verdict,
    check_quote,
    hash_text,
    may_show,
    mix,
)
from surveys.roles import Right


class Quotes(Desk):
    """The verbs that clear open answers for showing, and the one that shows them."""

    @needs(Right.DO_FIELDWORK)
    def open_answers(self, wave: str) -> list[OpenAnswer]:
        """What regions wrote in the responses that count, in the order of the questionnaire in
        use and then by region. NoResultFound where there is no such wave."""
        with self._read() as session:
            steps.wave_row(session, wave)
            return [found.told for found in _find(session, wave)]

    @needs(Right.DO_FIELDWORK)
    def clear(self, wave: str, answer: OpenAnswer, text: str) -> None:
        """Let this text be shown of an answer. Raises QuoteRefused where it may not be, or where
        the answer is no longer as `open_answers` gave it."""
        with self._write() as session:
            self._judge(session, wave, answer, check_quote(answer.text, text))

    @needs(Right.DO_FIELDWORK)
    def withdraw(self, wave: str, answer: OpenAnswer) -> None:
        """Let nothing be shown of an answer, whether it was cleared before or not looked at yet.
        Raises QuoteRefused where it is no longer as `open_answers` gave it."""
        with self._write() as session:
            self._judge(session, wave, answer, None)

    @needs(Right.SEE_RESULTS)
    def shown(self, wave: str) -> list[ItemQuotes]:
        """What may be shown, in the order of the questionnaire in use: of questions that enough
        regions answered and of which something was cleared. Raises NotReleased where the wave is
        not closed, but for who does the fieldwork."""
        answers: defaultdict[tuple[str, str, str], list[OpenAnswer]] = defaultdict(list)
        with self._read() as session:
            require_released(session, self.person, [wave])
            for found in _find(session, wave):
                told = found.told
                answers[told.section, found.concept, told.item].append(told)
        quotes = [
            ItemQuotes(*place, mix(each.cleared for each in given if each.cleared is not None))
            for place, given in answers.items()
            if may_show(len(given))
        ]
        return [each for each in quotes if each.texts]

    def _judge(self, session: Session, wave: str, answer: OpenAnswer, text: str | None) -> None:
        """Keep a verdict; nothing is written where it was the same already."""
        found = _find_again(session, wave, answer)
        told = found.told
        if told.verdict is not Verdict.OPEN and told.cleared == text:
            return
        if (told.verdict, told.cleared) != (answer.verdict, answer.cleared):
            raise QuoteRefused("changed")
        session.merge(
            ClearedAnswerRow(
                response_id=found.response,
                item=told.item,
                original_hash=hash_text(told.text),
                text=text,
                judged_at=clock.now(),
            )
        )
        action = "quote.withdrawn" if text is None else "quote.cleared"
        subject = f"response {found.response}, {told.item}"
        self._log(session, action, subject, _tell(told.cleared), _tell(text))


@dataclass(frozen=True)
class _Found:
    """An open answer, where it is kept, and what its question is about."""

    response: int
    concept: str
    told: OpenAnswer


def _find(session: Session, wave: str) -> list[_Found]:
    """All open answers of a wave to questions of the version in use, in its order."""
    rows = session.connection().execute(_answers(wave)).all()
    if not rows:
        return []
    in_use = steps.questionnaire_of(session, rows[0].in_use)
    place = {question.id: number for number, question in enumerate(in_use.questions)}
    return sorted((_to_found(row) for row in rows), key=lambda found: place[found.told.item])


def _find_again(session: Session, wave: str, answer: OpenAnswer) -> _Found:
    """The answer that somebody looked at, as it is now. Raises QuoteRefused where the region's
    response counts no longer, or says something else there."""
    looked_at = (answer.region, answer.item, answer.text)
    for found in _find(session, wave):
        if (found.told.region, found.told.item, found.told.text) == looked_at:
            return found
    raise QuoteRefused("changed")


def _answers(wave: str) -> Select[*tuple[Any, ...]]:
    """One row per open answer, with its verdict if there is one, by region."""
    asked = and_(
        col(QuestionRow.questionnaire_id) == col(WaveRow.questionnaire_id),
        col(QuestionRow.item) == col(AnswerRow.item),
        col(QuestionRow.kind).in_(TEXT_KINDS),
    )
    judged = and_(
        col(ClearedAnswerRow.response_id) == col(AnswerRow.response_id),
        col(ClearedAnswerRow.item) == col(AnswerRow.item),
    )
    return (
        select(
            col(WaveRow.questionnaire_id).label("in_use"),
            col(RegionRow.number),
            col(RegionRow.name),
            col(QuestionRow.section),
            col(QuestionRow.concept),
            col(AnswerRow.response_id),
            col(AnswerRow.item),
            col(AnswerRow.text),
            col(ClearedAnswerRow.original_hash),
            col(ClearedAnswerRow.text).label("cleared"),
        )
        .join(ResponseRow, col(ResponseRow.wave_id) == col(WaveRow.id))
        .join(RegionRow, col(RegionRow.id) == col(ResponseRow.region_id))
        .join(AnswerRow, col(AnswerRow.response_id) == col(ResponseRow.id))
        .join(QuestionRow, asked)
        .outerjoin(ClearedAnswerRow, judged)
        .where(
            col(WaveRow.name) == wave,
            col(ResponseRow.state) == ResponseState.FINAL.value,
            col(AnswerRow.text).is_not(None),
        )
        .order_by(*BY_NUMBER)
    )


def _to_found(row: Any) -> _Found:
    is_judged = row.original_hash == hash_text(row.text)
    cleared = row.cleared if is_judged else None
    verdict = Verdict.OPEN
    if is_judged:
        verdict = Verdict.WITHHELD if cleared is None else Verdict.CLEARED
    told = OpenAnswer(row.number, row.name, row.section, row.item, row.text, verdict, cleared)
    return _Found(row.response_id, row.concept, told)


def _tell(text: str | None) -> str | None:
    """Enough of its hash to know a text again: the trail holds no answers."""
    return None if text is None else f"tekst {hash_text(text)[:12]}"

"""The final responses of a wave, read as a whole: a few queries, however many regions."""

from __future__ import annotations

from sqlmodel import Session, col, select

from db import steps
from db.responses import previous
from db.responses.records import key, read_all_answers
from db.tables import BY_NUMBER, QuestionnaireRow, RegionRow, ResponseRow, WaveRow
from surveys.answers import Answers, MissingReason
from surveys.fieldwork import Mode, ResponseState
from surveys.microdata import Export, ExportedResponse
from surveys.questionnaire import Questionnaire


def read_export(session: Session, wave: WaveRow) -> Export:
    found = session.exec(
        select(RegionRow.number, QuestionnaireRow.content_hash, ResponseRow)
        .join(ResponseRow, col(ResponseRow.region_id) == RegionRow.id)
        .join(QuestionnaireRow, col(QuestionnaireRow.id) == ResponseRow.questionnaire_id)
        .where(ResponseRow.wave_id == wave.id, ResponseRow.state == ResponseState.FINAL)
        .order_by(*BY_NUMBER)
    ).all()
    answered = {
        key(response): steps.questionnaire_by_hash(session, content_hash)
        for _, content_hash, response in found
    }
    answers = read_all_answers(session, answered)
    in_use = steps.questionnaire_of(session, wave.questionnaire_id)
    return Export(
        wave=wave.name,
        is_example=wave.is_example,
        questionnaire=in_use,
        responses=tuple(
            _to_exported(number, content_hash, response, _complete(in_use, answers[key(response)]))
            for number, content_hash, response in found
        ),
        shown=tuple(previous.list_shown(session, wave.name)),
    )


def _complete(in_use: Questionnaire, answers: Answers) -> Answers:
    """In the order of the questionnaire; what another version dropped has no given answers."""
    return {
        question.id: answers.get(question.id, MissingReason.NOT_ASKED)
        for question in in_use.questions
    }


def _to_exported(
    number: str, content_hash: str, response: ResponseRow, answers: Answers
) -> ExportedResponse:
    return ExportedResponse(
        region=number,
        version=response.version,
        mode=Mode(response.mode),
        begun_at=response.begun_at,
        submitted_at=response.submitted_at,
        consented_at=response.consented_at,
        questionnaire_hash=content_hash,
        answers=answers,
    )

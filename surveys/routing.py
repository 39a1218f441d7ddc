"""Which questions are asked, given the answers so far, and what is still open."""

from __future__ import annotations

from surveys.answers import Answers, MissingReason, Value
from surveys.items import Question
from surveys.questionnaire import Questionnaire, Section


def asked_questions(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """The questions whose condition holds, in order.

    A question that hangs on one that is not asked is not asked either.
    """
    asked: list[Question] = []
    seen: set[str] = set()
    for question in questionnaire.questions:
        condition = question.condition
        if condition is not None and (
            condition.item not in seen or not _holds(condition.codes, answers.get(condition.item))
        ):
            continue
        asked.append(question)
        seen.add(question.id)
    return tuple(asked)


def _holds(codes: tuple[str, ...], value: Value | None) -> bool:
    if isinstance(value, MissingReason):
        return False
    given = value if isinstance(value, tuple) else (value,)
    return any(code in codes for code in given)


def asked_sections(questionnaire: Questionnaire, answers: Answers) -> tuple[Section, ...]:
    """The sections with at least one question that is asked."""
    asked = {question.id for question in asked_questions(questionnaire, answers)}
    return tuple(
        section
        for section in questionnaire.sections
        if any(question.id in asked for question in section.questions)
    )


def open_questions(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """The questions that are asked and have no answer yet ('weet niet' is an answer)."""
    return tuple(
        question
        for question in asked_questions(questionnaire, answers)
        if question.id not in answers
    )


def settle(questionnaire: Questionnaire, answers: Answers) -> dict[str, Value]:
    """An answer for every question: what was given, or SKIPPED, or NOT_ASKED.

    An answer given before its question was hidden by a changed condition counts as
    NOT_ASKED: it may no longer be true.
    """
    asked = {question.id for question in asked_questions(questionnaire, answers)}
    return {
        question.id: answers.get(question.id, MissingReason.SKIPPED)
        if question.id in asked
        else MissingReason.NOT_ASKED
        for question in questionnaire.questions
    }

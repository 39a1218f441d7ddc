"""Answers of a running wave that would lose their place in a new version of the questionnaire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from surveys.answers import MISSING_LABELS, AnswerError, MissingReason, validate
from surveys.items import Question
from surveys.questionnaire import Questionnaire
from surveys.versions.words import TYPES

_NOT_GIVEN = {MissingReason.SKIPPED, MissingReason.NOT_ASKED}


@dataclass(frozen=True)
class Usage:
    """What was answered to one question of a running wave.

    `type`: as the definition in use names it; a row of a matrix is 'scale'. `answers`: the
    number of responses that answered it; a chosen reason counts, skipped or not asked does
    not. `codes`: how often each code was given, or each number as text (7.5), or each reason;
    of a text only the reasons.
    """

    type: str
    answers: int
    codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Orphan:
    """Answers that would lose their place: `count` of them, on `code` ('' is the whole item)."""

    item: str
    code: str
    count: int
    sentence: str


def find_orphans(new: Questionnaire, used: Mapping[str, Usage]) -> tuple[Orphan, ...]:
    """The answers, by question, that have no place in a new version, in the order of `used`.

    Empty: the new version may be taken into use. An answer has a place where its question is
    still asked, with the same type, and takes that answer by the rules of `surveys/answers.py`.
    """
    asked = {question.id: question for question in new.questions}
    found: list[Orphan] = []
    for item, usage in used.items():
        question = asked.get(item)
        if question is None:
            found += _without_question(item, usage, "vervalt")
        elif question.type != usage.type:
            types = f"is nu '{TYPES[usage.type]}' en wordt '{TYPES[question.type]}'"
            found += _without_question(item, usage, types)
        else:
            found += _without_code(new, question, usage)
    return tuple(found)


def _without_question(item: str, usage: Usage, fate: str) -> Iterator[Orphan]:
    if usage.answers:
        given = "1 antwoord" if usage.answers == 1 else f"{usage.answers} antwoorden"
        sentence = f"Vraag '{item}' {fate}, maar heeft al {given}."
        yield Orphan(item, "", usage.answers, sentence)


def _without_code(new: Questionnaire, question: Question, usage: Usage) -> Iterator[Orphan]:
    for code, count in usage.codes.items():
        if count and code not in _NOT_GIVEN and not _takes(new, question, code):
            answer = MISSING_LABELS[MissingReason(code)] if code in MISSING_LABELS else code
            sentence = (
                f"Vraag '{question.id}': het antwoord '{answer}' kan niet meer, "
                f"maar is {count} keer gegeven."
            )
            yield Orphan(question.id, code, count, sentence)


def _takes(questionnaire: Questionnaire, question: Question, code: str) -> bool:
    """Whether the question can be answered so. Options of a multiple item are taken one by one."""
    try:
        validate(questionnaire, question, MissingReason(code) if code in MISSING_LABELS else code)
    except AnswerError:
        return False
    return True

"""From what a person or a file gives to an answer, or to an error that says what to do.

One rule per question type stands in RULES; the widget of the same type stands in
`surveys/pages/parts/widgets.py` under the same key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from surveys.items import (
    GradeItem,
    LongTextItem,
    MultipleItem,
    NumberItem,
    Question,
    ScaleItem,
    ShortTextItem,
    YesNoItem,
)
from surveys.plain_text import holds_invisible
from surveys.questionnaire import Questionnaire


class MissingReason(StrEnum):
    """Why a question has no valid answer. Kept apart, and never in the base of a figure."""

    DONT_KNOW = "weet_niet"
    NOT_APPLICABLE = "nvt"
    SKIPPED = "overgeslagen"
    NOT_ASKED = "niet_gevraagd"


MISSING_LABELS = {
    MissingReason.DONT_KNOW: "Weet niet",
    MissingReason.NOT_APPLICABLE: "N.v.t.",
    MissingReason.SKIPPED: "Overgeslagen",
    MissingReason.NOT_ASKED: "Niet gevraagd",
}

# A code, the codes of a multiple item in the order of its choices, a number, a text,
# or the reason why there is none of these.
Value = str | tuple[str, ...] | Decimal | MissingReason
Answers = Mapping[str, Value]


class AnswerError(ValueError):
    """An answer that cannot be kept: which item, what is wrong (code), what to do (message)."""

    def __init__(self, item: str, code: str, message: str) -> None:
        super().__init__(message)
        self.item = item
        self.code = code
        self.message = message


# Every error that an answer can have, with the Dutch text shown beside the question.
MESSAGES = {
    "unknown_code": "Dit antwoord hoort niet bij deze vraag. Kies een van de antwoorden.",
    "exclusive": "'{label}' kan niet samen met andere antwoorden. Maak een keuze.",
    "repeated": "Een antwoord is twee keer gekozen. Kies elk antwoord een keer.",
    "not_a_number": "Dit is geen getal. Vul een getal in, bijvoorbeeld {example}.",
    "thousands": "Schrijf het getal zonder punten, bijvoorbeeld 1500. Een komma mag wel.",
    "decimals": "Gebruik achter de komma niet meer dan {digits}.",
    "whole": "Vul een heel getal in, zonder cijfers achter de komma.",
    "too_low": "Vul een getal in van {minimum} of meer.",
    "too_high": "Vul een getal in van {maximum} of minder.",
    "outside": "Vul een heel cijfer in van {minimum} tot en met {maximum}.",
    "too_long": "De tekst is {length} tekens lang. Kort de tekst in tot {maximum} tekens.",
    "line_break": "Gebruik hier een regel, zonder nieuwe regels.",
    "control_character": "De tekst bevat een onzichtbaar teken. Typ de tekst opnieuw.",
    "missing_reason": "Dit antwoord is bij deze vraag niet mogelijk.",
}


def _fail(question: Question, code: str, **values: object) -> AnswerError:
    return AnswerError(question.id, code, MESSAGES[code].format(**values))


def missing_reasons(question: Question) -> tuple[MissingReason, ...]:
    """The reasons that a respondent can choose on this question."""
    reasons = []
    if question.dont_know:
        reasons.append(MissingReason.DONT_KNOW)
    if question.not_applicable:
        reasons.append(MissingReason.NOT_APPLICABLE)
    return tuple(reasons)


def validate(questionnaire: Questionnaire, question: Question, raw: Any) -> Value | None:
    """The answer that `raw` stands for; None where nothing was filled in.

    `raw` is a string, for a multiple item a sequence of strings, or a MissingReason.
    Raises AnswerError.
    """
    if isinstance(raw, str) and not isinstance(raw, MissingReason):
        raw = raw.strip()
    if raw is None or (isinstance(raw, Sequence) and len(raw) == 0):
        return None
    reason = _missing_reason(raw)
    if reason in missing_reasons(question):
        return reason
    is_text = isinstance(question, ShortTextItem | LongTextItem)
    if reason is not None and not (is_text and raw is not reason):  # a text may read 'nvt'
        raise _fail(question, "missing_reason")
    return RULES[type(question)](questionnaire, question, raw)


def _missing_reason(raw: Any) -> MissingReason | None:
    only = raw[0] if isinstance(raw, list | tuple) and len(raw) == 1 else raw
    return next((reason for reason in MissingReason if only == reason.value), None)


def _choice(questionnaire: Questionnaire, question: Question, raw: Any) -> str:
    if raw not in {choice.code for choice in questionnaire.choices(question)}:
        raise _fail(question, "unknown_code")
    return str(raw)


def _several_choices(
    questionnaire: Questionnaire, question: MultipleItem, raw: Any
) -> tuple[str, ...]:
    chosen = [raw] if isinstance(raw, str) else list(raw)
    known = {choice.code: choice for choice in question.choices}
    reasons = {reason.value for reason in missing_reasons(question)}
    if len(set(chosen)) < len(chosen):
        raise _fail(question, "repeated")
    alone = {code: choice.label for code, choice in known.items() if choice.exclusive}
    alone |= {r.value: MISSING_LABELS[r] for r in MissingReason if r.value in reasons}
    for code in chosen:
        if code not in known and code not in reasons:
            raise _fail(question, "unknown_code")
        if code in alone and len(chosen) > 1:
            raise _fail(question, "exclusive", label=alone[code])
    return tuple(code for code in known if code in chosen)


# In Dutch 1.500 is fifteen hundred, and Decimal would make it 1.5.
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]*)?")


def _number_of(question: Question, raw: Any, example: str) -> Decimal:
    """A number the Dutch way (7,5) or with a point; nothing else that Decimal would take."""
    text = str(raw).replace(",", ".")
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise _fail(question, "not_a_number", example=example)
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise _fail(question, "not_a_number", example=example) from error


def _grade(questionnaire: Questionnaire, question: GradeItem, raw: Any) -> str:
    number = _number_of(question, raw, example=str(question.maximum - 2))
    if number != int(number) or not question.minimum <= number <= question.maximum:
        raise _fail(question, "outside", minimum=question.minimum, maximum=question.maximum)
    return str(int(number))


def _number(questionnaire: Questionnaire, question: NumberItem, raw: Any) -> Decimal:
    if question.decimals < 3 and _THOUSANDS.fullmatch(str(raw)):
        raise _fail(question, "thousands")
    number = _number_of(question, raw, example="7,5" if question.decimals else "7")
    normal = number.normalize()
    exponent = normal.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > question.decimals:
        digits = f"{question.decimals} cijfer" + ("s" if question.decimals > 1 else "")
        raise _fail(question, "decimals" if question.decimals else "whole", digits=digits)
    if question.minimum is not None and number < Decimal(str(question.minimum)):
        raise _fail(question, "too_low", minimum=_plain(question.minimum))
    if question.maximum is not None and number > Decimal(str(question.maximum)):
        raise _fail(question, "too_high", maximum=_plain(question.maximum))
    return Decimal(f"{abs(normal) if normal == 0 else normal:f}")


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _text(questionnaire: Questionnaire, question: ShortTextItem | LongTextItem, raw: Any) -> Value:
    text = clean_text(question.id, str(raw), question.max_length)
    if isinstance(question, ShortTextItem) and "\n" in text:
        raise _fail(question, "line_break")
    return text


def clean_text(item: str, raw: str, max_length: int) -> str:
    """A text as it is kept, with one kind of line end. Raises AnswerError, of `item`."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > max_length:
        message = MESSAGES["too_long"].format(length=len(text), maximum=max_length)
        raise AnswerError(item, "too_long", message)
    if holds_invisible(text):
        raise AnswerError(item, "control_character", MESSAGES["control_character"])
    return text


RULES: dict[type, Callable[..., Value]] = {
    ScaleItem: _choice,
    YesNoItem: _choice,
    MultipleItem: _several_choices,
    GradeItem: _grade,
    NumberItem: _number,
    ShortTextItem: _text,
    LongTextItem: _text,
}


def describe_value(questionnaire: Questionnaire, question: Question, value: Value) -> str:
    """The answer in words, for the review and receipt pages."""
    if isinstance(value, MissingReason):
        return MISSING_LABELS[value]
    if isinstance(value, Decimal):
        unit = f" {question.unit}" if isinstance(question, NumberItem) and question.unit else ""
        return f"{value:f}".replace(".", ",") + unit
    labels = {choice.code: choice.label for choice in questionnaire.choices(question)}
    if isinstance(value, tuple):
        return "; ".join(labels[code] for code in value)
    return labels.get(value, value)

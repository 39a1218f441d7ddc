"""What the values in a column seem to stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from surveys.answers import MissingReason, missing_reasons
from surveys.importing.faults import Fault, Place, describe_fault, quote
from surveys.importing.mapping import CHOSEN, NOT_CHOSEN
from surveys.importing.matching import measure_likeness, normalise
from surveys.importing.table import Column
from surveys.items import NO, YES, LongTextItem, MultipleItem, Question, ShortTextItem, YesNoItem
from surveys.questionnaire import Questionnaire

# Usual words, as `normalise` leaves them. A number such as 99 says nothing without a label.
_REASON_WORDS = {
    MissingReason.DONT_KNOW: "weet niet|weet ik niet|geen mening|weet niet geen mening|onbekend"
    "|don t know|dont know|do not know",
    MissingReason.NOT_APPLICABLE: "nvt|n v t|niet van toepassing|not applicable|n a",
    MissingReason.SKIPPED: "overgeslagen|geen antwoord|niet ingevuld|niet beantwoord|geen opgave"
    "|no answer|skipped|missing",
    MissingReason.NOT_ASKED: "niet gevraagd|niet gesteld|niet voorgelegd|niet getoond|not asked",
}
_REASONS = {word: reason for reason, words in _REASON_WORDS.items() for word in words.split("|")}
_TICK_WORDS = {
    CHOSEN: "1|ja|x|v|waar|true|yes|gekozen|wel gekozen|aangevinkt|genoemd|checked|selected",
    NOT_CHOSEN: "0|nee|onwaar|false|no|niet gekozen|niet aangevinkt|niet genoemd|unchecked"
    "|not selected",
}
_TICKS = {word: meaning for meaning, words in _TICK_WORDS.items() for word in words.split("|")}
_YES_NO = {"yes": YES, "j": YES, "waar": YES, "true": YES}
_YES_NO |= {"no": NO, "n": NO, "onwaar": NO, "false": NO}
_SEPARATORS = (";", "|", "\n", ",", "/")


@dataclass
class Meanings:
    """Value in the file -> code or reason, and what is doubtful about that."""

    values: dict[str, str] = field(default_factory=dict)
    doubts: list[Fault] = field(default_factory=list)


def propose_values(
    questionnaire: Questionnaire, question: Question, column: Column, values: Iterable[str]
) -> Meanings:
    """What the values (those in the column, and those with a label) stand for.

    A value that is a code is there too, as itself. Of a number or a text there are only the
    values that stand for a reason why there is none.
    """
    found = Meanings()
    choices = questionnaire.choices(question)
    codes = [choice.code for choice in choices]
    plain = Counter(normalise(choice.label) for choice in choices)
    known = {
        text: choice.code
        for choice in choices
        if (text := normalise(choice.label)) and plain[text] == 1  # not so of '+' and '-'
    }
    known |= {choice.label: choice.code for choice in choices}
    if isinstance(question, YesNoItem):
        known |= _YES_NO
    everything = list(dict.fromkeys([*values, *column.value_labels]))
    unlabelled = [value for value in everything if value not in column.value_labels]
    ordered = _in_order(question, codes, [v for v in unlabelled if v not in column.user_missing])
    if ordered:
        found.doubts.append(
            describe_fault("ordered_values", Place(column=column.name, item=question.id))
        )
    for value in everything:
        if value in ordered:
            found.values[value] = ordered[value]
        elif not codes:
            _propose_reason(question, column, value, found)
        else:
            _propose_meaning(question, column, value, known, codes, found)
    return found


def _propose_meaning(
    question: Question,
    column: Column,
    value: str,
    known: dict[str, str],
    codes: list[str],
    found: Meanings,
) -> None:
    """Of a closed question: a label says more than the number that it is the label of."""
    label = column.value_labels.get(value, "")
    said = normalise(label or value)
    if not label and value in codes:
        found.values[value] = value
    elif code := known.get(label or value) or known.get(said):
        found.values[value] = code
    elif not _propose_reason(question, column, value, found):
        alike = {} if said.isdigit() else measure_likeness(said, known)
        best = known[max(alike, key=lambda text: alike[text])] if alike else ""
        meaning = value if value in codes else best
        if meaning:
            found.values[value] = meaning
        doubt = "doubtful_value" if meaning else "unknown_value"
        found.doubts.append(_doubt(doubt, question, column, value, meaning))


def _propose_reason(question: Question, column: Column, value: str, found: Meanings) -> bool:
    """Whether a value stands for a reason; of a text only where SPSS or a label says so, or
    where it is the monitor's own word in a file of answers."""
    label = column.value_labels.get(value, "")
    is_marked = value in column.user_missing
    is_text = isinstance(question, ShortTextItem | LongTextItem)
    if is_text and not (label or is_marked or value in said_of_text(question)):
        return False
    reason = _REASONS.get(normalise(label or value))
    if reason is None and not is_marked:
        return False
    if reason is None:
        reason = MissingReason.SKIPPED
        found.doubts.append(_doubt("doubtful_value", question, column, value, reason))
    offered = (*missing_reasons(question), MissingReason.SKIPPED, MissingReason.NOT_ASKED)
    if reason not in offered:
        found.doubts.append(_doubt("reason_not_offered", question, column, value, reason))
        reason = MissingReason.SKIPPED
    found.values[value] = reason.value
    return True


def said_of_text(question: Question) -> set[str]:
    """The reasons that a file of `surveys.tidy` writes of an open question, which count as such
    only where the mapping says so: a text may read the same."""
    is_text = isinstance(question, ShortTextItem | LongTextItem)
    return {MissingReason.NOT_ASKED.value} if is_text else set()


def _doubt(code: str, question: Question, column: Column, value: str, meaning: str) -> Fault:
    label = column.value_labels.get(value, "")
    given = quote(value) + (f" ({quote(label)})" if label else "")
    place = Place(column=column.name, item=question.id)
    return describe_fault(code, place, given=given, meaning=str(meaning))


def _in_order(question: Question, codes: list[str], values: Collection[str]) -> dict[str, str]:
    """Numbers that are not the codes, from 1 (or 0) on, in the order of the choices."""
    numbers = [value for value in values if value.isascii() and value.isdigit()]
    if not numbers or not codes or set(numbers) <= set(codes):
        return {}
    if isinstance(question, YesNoItem) and set(numbers) <= {"0", "1"}:
        order = {"1": YES, "0": NO}
    else:
        first = 0 if "0" in numbers else 1
        order = {str(place): code for place, code in enumerate(codes, start=first)}
    return {n: order[n] for n in numbers} if set(numbers) <= set(order) else {}


def propose_ticks(
    question: MultipleItem, option: str, column: Column, values: Iterable[str]
) -> Meanings:
    """What the values in the column of one option stand for."""
    found = Meanings()
    labels = {normalise(choice.label) for choice in question.choices if choice.code == option}
    for value in dict.fromkeys([*values, *column.value_labels]):
        said = normalise(column.value_labels.get(value, value))
        if said in labels or value == option:
            found.values[value] = CHOSEN
        elif said in _TICKS:
            found.values[value] = _TICKS[said]
        elif not _propose_reason(question, column, value, found):
            found.doubts.append(_doubt("unknown_value", question, column, value, ""))
    return found


def split_values(
    questionnaire: Questionnaire, question: MultipleItem, values: Collection[str]
) -> tuple[str, list[str]]:
    """The sign between several answers in one cell ('' where there is none), and the parts."""
    labels = [normalise(choice.label) for choice in questionnaire.choices(question)]
    known = {*labels, *(normalise(choice.code) for choice in question.choices), *_REASONS}
    found: dict[str, list[str]] = {"": list(values)}
    for sign in _SEPARATORS:
        if any(sign in value for value in values):
            found[sign] = list(dict.fromkeys(_parts(values, sign)))
    best = max(found, key=lambda sign: _share_known(found[sign], known))
    return best, found[best]


def _parts(values: Iterable[str], sign: str) -> Iterator[str]:
    for value in values:
        yield from filter(None, (part.strip() for part in value.split(sign)))


def _share_known(parts: list[str], known: set[str]) -> float:
    return sum(normalise(part) in known for part in parts) / len(parts) if parts else 0.0

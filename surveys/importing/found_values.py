"""The values that a file has on each question, and what a mapping says that they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from surveys.answers import MISSING_LABELS, AnswerError, MissingReason, missing_reasons, validate
from surveys.importing.mapping import CHOSEN, NOT_CHOSEN, WaveMapping
from surveys.importing.matching import normalise
from surveys.importing.table import Column, Table
from surveys.items import GradeItem, LongTextItem, Question, ScaleItem, ShortTextItem
from surveys.questionnaire import Questionnaire

_TICKS = {"1": CHOSEN, "0": NOT_CHOSEN}
_LABELS = {reason.value: label for reason, label in MISSING_LABELS.items()}


@dataclass(frozen=True)
class FoundValue:
    """A value in the file, its label in SPSS, in how many cells it is ('' is the empty cell), and
    the code or reason that it stands for: '' where that is not known or need not be said."""

    text: str
    label: str
    count: int
    meaning: str

    @property
    def is_unknown(self) -> bool:
        return bool(self.text) and not self.meaning


@dataclass(frozen=True)
class ValueGroup:
    """The values of all questions on a `scale`, or else of one question, `item`. `meanings`: what
    a value can stand for, with its words. A number or a text stands for itself: of those there
    are only the values that do not."""

    scale: str
    item: str
    values: tuple[FoundValue, ...]
    meanings: tuple[tuple[str, str], ...]


def group_values(
    table: Table, mapping: WaveMapping, questionnaire: Questionnaire, items: Collection[str]
) -> list[ValueGroup]:
    """The values of these questions. Those on a scale go together with all other questions on it;
    a question where a value means something else has a group of its own for that value."""
    groups = []
    asked = [questionnaire.question(item) for item in items if item in mapping.items]
    for scale in dict.fromkeys(q.scale for q in asked if isinstance(q, ScaleItem)):
        together = [
            question
            for question in questionnaire.questions
            if isinstance(question, ScaleItem)
            and question.scale == scale
            and question.id in mapping.items
        ]
        groups.append(_group_scale(table, mapping, questionnaire, scale, together))
    groups += [_group_item(table, mapping, questionnaire, question) for question in asked]
    return [group for group in groups if group.values]


def _group_scale(
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    scale: str,
    questions: list[ScaleItem],
) -> ValueGroup:
    cells = _Cells()
    for question in questions:
        cells.add(table, mapping, question, but=mapping.items[question.id].values)
    said = mapping.scales.get(scale, {})
    meanings = _meanings(questionnaire, questions)
    return ValueGroup(scale, "", cells.found(said, meanings, said), meanings)


def _group_item(
    table: Table, mapping: WaveMapping, questionnaire: Questionnaire, question: Question
) -> ValueGroup:
    source = mapping.items[question.id]
    meanings = _meanings(questionnaire, [question])
    if source.options:
        meanings = ((CHOSEN, "gekozen"), (NOT_CHOSEN, "niet gekozen"), *meanings)
        codes = {choice.code for choice in questionnaire.choices(question)}
        meanings = tuple((code, label) for code, label in meanings if code not in codes)
    cells = _Cells()
    cells.add(table, mapping, question)
    said = {**_TICKS, **source.values} if source.options else source.values
    values = cells.found(said, meanings, source.values)
    if isinstance(question, ScaleItem):
        values = tuple(value for value in values if value.text in source.values)
    elif isinstance(question, GradeItem):
        values = tuple(value for value in values if not value.text or value.text != value.meaning)
    elif not questionnaire.choices(question):
        values = tuple(
            value
            for value in values
            if value.meaning
            or not value.text
            or value.text in cells.marked
            or not _is_answer(questionnaire, question, value.text)
        )
    return ValueGroup("", question.id, values, meanings)


def _is_answer(questionnaire: Questionnaire, question: Question, text: str) -> bool:
    if isinstance(question, ShortTextItem | LongTextItem):
        return True  # one that is too long is not made right by another meaning
    try:
        validate(questionnaire, question, text)
    except AnswerError:
        return False
    return True


def _meanings(
    questionnaire: Questionnaire, questions: Iterable[Question]
) -> tuple[tuple[str, str], ...]:
    """Codes with their labels, then the reasons why there is no answer."""
    found: dict[str, str] = {}
    offered: set[str] = {MissingReason.SKIPPED.value, MissingReason.NOT_ASKED.value}
    for question in questions:
        for choice in questionnaire.choices(question):
            is_same = choice.label == choice.code
            found[choice.code] = choice.label if is_same else f"{choice.code}: {choice.label}"
        offered |= {reason.value for reason in missing_reasons(question)}
    found |= {reason: label for reason, label in _LABELS.items() if reason in offered}
    return tuple(found.items())


class _Cells:
    """What stands in the cells of one or more questions."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.labels: dict[str, str] = {}
        self.marked: set[str] = set()

    def add(
        self, table: Table, mapping: WaveMapping, question: Question, but: Collection[str] = ()
    ) -> None:
        source = mapping.items[question.id]
        for column, texts in _texts(table, mapping, question):
            for text in texts:
                parts = text.split(source.separator) if source.separator and text else [text]
                self.counts.update(part.strip() for part in parts if part.strip() not in but)
            self.labels |= {v: label for v, label in column.value_labels.items() if v not in but}
            self.marked |= {value for value in column.user_missing if value not in but}

    def found(
        self,
        said: Mapping[str, str],
        meanings: tuple[tuple[str, str], ...],
        own: Collection[str],
    ) -> tuple[FoundValue, ...]:
        """Those that are in the file or that the mapping has of its own, in the order of the
        answers that they are worded as, then of numbers; the empty cell last. `said`: what
        values stand for that do not stand for themselves."""
        texts = {*self.counts, *own}
        known = {code for code, _ in meanings}
        places = {
            normalise(words.removeprefix(f"{code}: ")): place
            for place, (code, words) in enumerate(meanings)
        }

        def order(text: str) -> tuple[bool, int, int, str]:
            place = places.get(normalise(self.labels.get(text, text)), len(places))
            number = int(text) if text.isascii() and text.isdigit() else 0
            return not text, place, number, text

        return tuple(
            FoundValue(
                text,
                self.labels.get(text, ""),
                self.counts[text],
                said.get(text) or ("" if text in self.marked or text not in known else text),
            )
            for text in sorted(texts, key=order)
        )


def _texts(
    table: Table, mapping: WaveMapping, question: Question
) -> Iterable[tuple[Column, list[str]]]:
    source = mapping.items[question.id]
    if mapping.layout == "long":
        needed = [mapping.item, mapping.value]
        if all(name in table.places for name in needed):
            item, value = (table.places[name] for name in needed)
            name = source.name or question.id
            texts = [row.cells[value] for row in table.rows if row.cells[item] == name]
            yield table.column(mapping.value), texts
        return
    for name in source.columns:
        if name in table.places:
            place = table.places[name]
            yield table.column(name), [row.cells[place] for row in table.rows]


def find_unused(table: Table, mapping: WaveMapping) -> list[str]:
    """Columns with data, in a long file also names of questions, that are not used and not left
    out on purpose."""
    used = {mapping.region, mapping.item, mapping.value, *mapping.left_out}
    used |= {column for source in mapping.items.values() for column in source.columns}
    names = [column for column in table.places if table.count_values(column)]
    if mapping.layout == "long" and mapping.item in table.places:
        used |= {source.name or item for item, source in mapping.items.items()}
        names += table.count_values(mapping.item)
    return [name for name in names if name not in used]

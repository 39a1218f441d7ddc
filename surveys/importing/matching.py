"""Which column of a file holds which question, by what they are called."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from surveys.importing.table import Column
from surveys.items import MultipleItem, Question, ScaleItem
from surveys.questionnaire import Questionnaire

# By trial on reworded questions: below this, texts are on something else.
ALIKE = 0.72
_BY_ID = 2.0  # a name that is the question's id is above any likeness of texts
_NAME_WEIGHT = 0.1  # names decide between columns whose texts are equally alike
_TIE = 0.02


@dataclass(frozen=True)
class Target:
    """A question, or an option of a multiple item, and what it can be called."""

    item: str
    option: str
    id: str
    texts: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A column and what it holds. `alike` is from 0 to 1, where the words are the same; tied: it
    fits something else too."""

    column: str
    target: Target
    alike: float
    is_tied: bool

    @property
    def is_doubtful(self) -> bool:
        return self.alike < 1 or self.is_tied


def normalise(text: str) -> str:
    """Lower case letters and digits with single spaces: no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept).split())


def measure_likeness(text: str, others: Iterable[str]) -> dict[str, float]:
    """How alike a normalised text is to each of the others, from 0 to 1: those from ALIKE on."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(text)  # of which the matcher keeps what it knows
    found = {}
    for other in others:
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
            continue  # a bound that is cheaper to reckon
        if (ratio := matcher.ratio()) >= ALIKE:
            found[other] = ratio
    return found


def name_questions(questionnaire: Questionnaire) -> list[Target]:
    """Every question with its id, texts and concept."""
    concepts = Counter(question.concept for question in questionnaire.questions)
    targets = []
    for question in questionnaire.questions:
        texts = _called(question)
        texts.add(f"{questionnaire.section_of(question.id).title} {question.text}")
        if concepts[question.concept] == 1:
            texts.add(question.concept)
        targets.append(_target(question.id, "", question.id, texts))
    return targets


def name_options(questionnaire: Questionnaire) -> list[Target]:
    """Every option of every multiple item."""
    return [
        _target(
            question.id,
            choice.code,
            f"{question.id} {choice.code}",
            {choice.label, *(f"{text} {choice.label}" for text in _called(question))},
        )
        for question in questionnaire.questions
        if isinstance(question, MultipleItem)
        for choice in question.choices
    ]


def _called(question: Question) -> set[str]:
    """A row of a matrix also goes with the text of the matrix, before or behind it."""
    texts = {question.id, question.text}
    if isinstance(question, ScaleItem) and question.stem:
        texts |= {f"{question.stem} {question.text}", f"{question.text} {question.stem}"}
    return texts


def _target(item: str, option: str, name: str, texts: Iterable[str]) -> Target:
    return Target(item, option, normalise(name), frozenset(filter(None, map(normalise, texts))))


def match_columns(columns: Iterable[Column], targets: list[Target]) -> list[Match]:
    """The best match of each column, one to one: the most alike first, ties by order."""
    named = [(c.name, normalise(c.name), normalise(c.label)) for c in columns]
    scores: dict[tuple[int, int], float] = {}
    exact = {
        (place, number)
        for place, (_, *texts) in enumerate(named)
        for number, target in enumerate(targets)
        if not target.texts.isdisjoint(texts) or target.id in texts
    }
    done = {place for place, _ in exact}
    called = {text for target in targets for text in target.texts}
    for place, (_, name, label) in enumerate(named):
        likely = {} if place in done else _measure_both(name, label, called)
        for number, target in enumerate(targets):
            likeness = max((likely.get(text, 0.0) for text in target.texts), default=0.0)
            if alike := 1.0 if (place, number) in exact else likeness:
                by_name = SequenceMatcher(None, name, target.id, autojunk=False).ratio()
                by_id = _BY_ID if name == target.id else 0.0
                scores[place, number] = by_id or alike + _NAME_WEIGHT * by_name
    return _assign([name for name, *_ in named], targets, scores)


def _measure_both(name: str, label: str, called: set[str]) -> dict[str, float]:
    """How alike each text is to the name or the label of a column, whichever is more."""
    by_name, by_label = measure_likeness(name, called), measure_likeness(label, called)
    texts = {*by_name, *by_label}
    return {text: max(by_name.get(text, 0.0), by_label.get(text, 0.0)) for text in texts}


def _assign(
    names: list[str], targets: list[Target], scores: dict[tuple[int, int], float]
) -> list[Match]:
    matches: dict[int, Match] = {}
    taken: set[int] = set()
    for (place, number), score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        if place in matches or number in taken:
            continue
        rivals = [
            rival
            for pair, rival in scores.items()
            if pair != (place, number) and (pair[0] == place or pair[1] == number)
        ]
        is_tied = any(abs(rival - score) < _TIE for rival in rivals)
        matches[place] = Match(names[place], targets[number], min(score, 1.0), is_tied)
        taken.add(number)
    return [matches[place] for place in sorted(matches)]

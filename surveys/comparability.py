"""One concept over the waves: may its answers be compared, and with which footnote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

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
from surveys.questionnaire import Change, Index, Questionnaire, Score

Asked = Question | Index | Score


@dataclass(frozen=True)
class Match:
    """The question on one concept of one section in two versions.

    `refusal` is empty where the comparison may run. `recode` turns codes of the
    first version into codes of the last; codes without an entry stay as they are.
    """

    section: str
    concept: str
    before: Asked | None
    after: Asked | None
    recode: dict[str, str] | None = None
    footnote: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class _Verdict:
    """What holds for one concept from a version to a later one, before it is put in words."""

    refusal: str = ""
    recode: dict[str, str] | None = None
    reworded: bool = False
    notes: tuple[str, ...] = ()


def match_concepts(*versions: Questionnaire) -> tuple[Match, ...]:
    """Pair the closed questions, numbers, indexes and scores of the first version with the
    last, by section and concept.

    A version only declares how it compares with the one before it, so versions further apart
    are compared through those in between: give all of them, in order. ValueError for fewer than
    two. Texts are left out. Order: that of the last version, then what was dropped.
    """
    if len(versions) < 2:
        raise ValueError("a comparison takes two versions or more")
    known = [asked_concepts(version) for version in versions]
    keys = dict.fromkeys([*known[-1], *known[0]])
    return tuple(_match(versions, key, [asked.get(key) for asked in known]) for key in keys)


def asked_concepts(questionnaire: Questionnaire) -> dict[tuple[str, str], Asked]:
    """What a questionnaire asks that can be counted, by section and concept; texts are left out."""
    asked: dict[tuple[str, str], Asked] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            if not isinstance(question, ShortTextItem | LongTextItem):
                asked[section.id, question.concept] = question
        if section.score:
            asked[section.id, section.score.concept] = section.score
    for index in questionnaire.indexes:
        asked[questionnaire.section_of(index.id).id, index.concept] = index
    return asked


def _match(
    versions: tuple[Questionnaire, ...], key: tuple[str, str], asked: list[Asked | None]
) -> Match:
    steps = pairwise(zip(versions, asked, strict=True))
    verdict = reduce(
        _join,
        (_judge(before, after, key, earlier, later) for (before, earlier), (after, later) in steps),
    )
    footnote = _footnote(versions[0].wave, asked[-1], verdict)
    return Match(*key, asked[0], asked[-1], verdict.recode, footnote, verdict.refusal)


def _join(first: _Verdict, second: _Verdict) -> _Verdict:
    """Two steps as one: codes go through both recodes."""
    if first.refusal or second.refusal:
        return _Verdict(first.refusal or second.refusal)
    recode = second.recode
    if first.recode is not None:
        later = second.recode or {}
        recode = {code: later.get(new, new) for code, new in first.recode.items()}
    notes = tuple(dict.fromkeys([*first.notes, *second.notes]))
    return _Verdict("", recode, first.reworded or second.reworded, notes)


def _footnote(wave: str, asked: Asked | None, verdict: _Verdict) -> str:
    told = []
    if verdict.reworded and isinstance(asked, Score):
        told.append(f"Een of meer vragen van de blokscore waren in {wave} anders geformuleerd.")
    elif verdict.reworded:
        told.append(f"De vraag was in {wave} anders geformuleerd.")
    if verdict.recode is not None:
        told.append(f"De antwoorden van {wave} zijn omgezet naar de huidige antwoordschaal.")
    return " ".join([*told, *verdict.notes])


def _judge(
    before: Questionnaire,
    after: Questionnaire,
    key: tuple[str, str],
    earlier: Asked | None,
    later: Asked | None,
) -> _Verdict:
    """One step: a version and the next one. Nothing to say of what neither of them has."""
    if earlier is None and later is None:
        return _Verdict()
    if isinstance(earlier, Score) or isinstance(later, Score):
        return _judge_scores(before, after, key[0], earlier, later)
    section, concept = key
    change = _change(before, after, section, _declared_concept(after, later) or concept)
    if later is None:
        return _refuse(f"Niet meer gevraagd in {after.wave}.", change)
    if earlier is None or (change is not None and change.status == "new"):
        return _refuse(f"Voor het eerst gevraagd in {after.wave}.", change)
    if before is not after and before != after and change is None:
        return _refuse(
            f"De vragenlijst van {after.wave} (versie {after.version}) zegt niet hoe deze vraag "
            f"zich verhoudt tot die van {before.wave} (versie {before.version})."
        )
    if change is not None and change.recode is not None:
        obstacle = _obstacle_to_recode(before, earlier, later, change.recode)
    elif _same_scale(before, earlier, after, later):
        obstacle = ""
    else:
        obstacle = "De antwoordschaal verschilt en er is geen omzetting."
    if obstacle:
        return _refuse(obstacle, change)
    if change is None or change.status == "identical":
        return _Verdict()
    notes = (change.note,) if change.note else ()
    return _Verdict("", change.recode, change.status == "reworded", notes)


def _judge_scores(
    before: Questionnaire,
    after: Questionnaire,
    section: str,
    earlier: Asked | None,
    later: Asked | None,
) -> _Verdict:
    """A score is the same where it is the mean of the same questions, on the same scale."""
    if not isinstance(earlier, Score):
        return _Verdict(f"De blokscore bestaat niet in {before.wave}.")
    if not isinstance(later, Score):
        return _Verdict(f"De blokscore bestaat niet in {after.wave}.")
    questions = {question.concept: question for question in before.scored_questions(earlier)}
    items = after.scored_questions(later)
    if questions.keys() != {item.concept for item in items}:
        return _Verdict(f"De blokscore bestaat in {before.wave} uit andere vragen.")
    verdicts = []
    for item in items:
        found = _judge(before, after, (section, item.concept), questions[item.concept], item)
        refusal = found.refusal
        if found.recode is not None:
            refusal = "Die is omgezet naar een andere schaal."
        if refusal:
            return _Verdict(
                f"De blokscore is niet te vergelijken door de vraag '{item.text}'. {refusal}"
            )
        verdicts.append(found)
    if earlier.minimum != later.minimum:
        note = (
            f"De blokscore telt in {before.wave} vanaf {earlier.minimum} beantwoorde vragen, "
            f"in {after.wave} vanaf {later.minimum}."
        )
        verdicts.append(_Verdict(notes=(note,)))
    return reduce(_join, verdicts)


def _declared_concept(questionnaire: Questionnaire, asked: Asked | None) -> str | None:
    """An index compares as the item that it is made of."""
    if isinstance(asked, Index):
        return questionnaire.question(asked.item).concept
    return None


def _change(
    before: Questionnaire, after: Questionnaire, section: str, concept: str
) -> Change | None:
    declared = after.comparability
    if declared is None or declared.previous != before.version:
        return None
    return next(
        (c for c in declared.changes if c.section == section and concept in c.concepts), None
    )


def _refuse(reason: str, change: Change | None = None) -> _Verdict:
    return _Verdict(f"{reason} {change.note if change else ''}".strip())


def _obstacle_to_recode(
    before: Questionnaire, earlier: Asked, later: Asked, recode: Iterable[str]
) -> str:
    """Why these answers cannot be recoded; empty where they can."""
    if isinstance(later, Index):
        return f"De antwoorden die deze index telt, zijn veranderd sinds {before.wave}."
    one_from_a_list = ScaleItem | GradeItem | YesNoItem
    if not (isinstance(earlier, one_from_a_list) and isinstance(later, one_from_a_list)):
        return "Omzetten kan alleen bij een vraag met één antwoord uit een lijst."
    lost = [code for code in _codes(before, earlier) if code not in recode]
    return f"De omzetting zegt niets over antwoordcode(s) {', '.join(lost)}." if lost else ""


def _codes(questionnaire: Questionnaire, asked: Question) -> tuple[str, ...]:
    return tuple(choice.code for choice in questionnaire.choices(asked))


def _same_scale(before: Questionnaire, earlier: Asked, after: Questionnaire, later: Asked) -> bool:
    """Equal codes, levels or unit. Options of a multiple item are compared one by one."""
    match earlier, later:
        case Index(), Index():
            return [(x.code, x.minimum) for x in earlier.levels] == [
                (x.code, x.minimum) for x in later.levels
            ]
        case NumberItem(), NumberItem():
            return earlier.unit == later.unit
        case MultipleItem(), MultipleItem():
            return True
        case ((ScaleItem() | GradeItem() | YesNoItem()), _) if type(earlier) is type(later):
            return _codes(before, earlier) == _codes(after, later)
    return False

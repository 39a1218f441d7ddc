"""One concept over two waves: may its answers be compared, and with which footnote."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.items import LongTextItem, MultipleItem, NumberItem, Question, ShortTextItem
from surveys.questionnaire import Change, Index, Questionnaire

Asked = Question | Index


@dataclass(frozen=True)
class Match:
    """The question on one concept of one section in two versions.

    `refusal` is empty where the comparison may run. `recode` turns codes of the
    version before into codes of this one; codes without an entry stay as they are.
    """

    section: str
    concept: str
    before: Asked | None
    after: Asked | None
    recode: dict[str, str] | None = None
    footnote: str = ""
    refusal: str = ""


def match_concepts(before: Questionnaire, after: Questionnaire) -> tuple[Match, ...]:
    """Pair the closed questions, numbers and indexes of two versions by section and concept.

    Texts are left out. Order: that of `after`, then what was dropped.
    """
    earlier, later = _asked(before), _asked(after)
    keys = list(later) + [key for key in earlier if key not in later]
    return tuple(_match(before, after, *key, earlier.get(key), later.get(key)) for key in keys)


def _asked(questionnaire: Questionnaire) -> dict[tuple[str, str], Asked]:
    asked: dict[tuple[str, str], Asked] = {
        (section.id, question.concept): question
        for section in questionnaire.sections
        for question in section.questions
        if not isinstance(question, ShortTextItem | LongTextItem)
    }
    for index in questionnaire.indexes:
        asked[questionnaire.section_of(index.id).id, index.concept] = index
    return asked


def _match(
    before: Questionnaire,
    after: Questionnaire,
    section: str,
    concept: str,
    earlier: Asked | None,
    later: Asked | None,
) -> Match:
    pair = Match(section, concept, earlier, later)
    change = _change(before, after, section, _declared_concept(after, later) or concept)
    if later is None:
        return _refused(pair, f"Niet meer gevraagd in {after.wave}.", change)
    if earlier is None or (change is not None and change.status == "new"):
        return _refused(pair, f"Voor het eerst gevraagd in {after.wave}.", change)
    if before is not after and before != after and change is None:
        return _refused(
            pair,
            f"De vragenlijst van {after.wave} (versie {after.version}) zegt niet hoe deze vraag "
            f"zich verhoudt tot die van {before.wave} (versie {before.version}).",
            None,
        )
    recode = change.recode if change is not None else None
    if recode is not None:
        lost = [code for code in _codes(before, earlier) if code not in recode]
        if lost:
            return _refused(
                pair, f"De omzetting zegt niets over antwoordcode(s) {', '.join(lost)}.", change
            )
    elif not _same_scale(before, earlier, after, later):
        return _refused(pair, "De antwoordschaal verschilt en er is geen omzetting.", change)
    return Match(section, concept, earlier, later, recode, _footnote(before, change))


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


def _refused(pair: Match, reason: str, change: Change | None) -> Match:
    note = f" {change.note}" if change is not None and change.note else ""
    return Match(pair.section, pair.concept, pair.before, pair.after, refusal=reason + note)


def _footnote(before: Questionnaire, change: Change | None) -> str:
    if change is None or change.status == "identical":
        return ""
    told = {
        "reworded": f"De vraag was in {before.wave} anders geformuleerd.",
        "rescaled": f"De antwoorden van {before.wave} zijn omgezet naar de huidige antwoordschaal.",
    }[change.status]
    return f"{told} {change.note}".strip()


def _codes(questionnaire: Questionnaire, asked: Asked) -> tuple[str, ...]:
    if isinstance(asked, Index):
        return tuple(level.code for level in asked.levels)
    return tuple(choice.code for choice in questionnaire.choices(asked))


def _same_scale(before: Questionnaire, earlier: Asked, after: Questionnaire, later: Asked) -> bool:
    """Equal codes, levels or unit. Options of a multiple item are compared one by one."""
    if type(earlier) is not type(later):
        return False
    if isinstance(earlier, Index) and isinstance(later, Index):
        return [(x.code, x.minimum) for x in earlier.levels] == [
            (x.code, x.minimum) for x in later.levels
        ]
    if isinstance(earlier, NumberItem) and isinstance(later, NumberItem):
        return earlier.unit == later.unit
    if isinstance(later, MultipleItem):
        return True
    return _codes(before, earlier) == _codes(after, later)

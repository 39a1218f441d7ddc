"""The readable difference between two versions of a questionnaire.

A wave that is open keeps its questionnaire. A changed definition is a new version: what it
changes is shown before it is taken into use; `surveys/versions/orphans.py` says whether it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any, TypeVar

from surveys.definition import Definition, parse_definition
from surveys.items import MAIN_LANGUAGE, Choice, MatrixItem, Question, Row, Scale, Share
from surveys.questionnaire import Change as Declared
from surveys.questionnaire import Index, Level, Questionnaire, Score, Section
from surveys.versions.words import (
    FIELDS,
    TRANSLATED,
    describe_field,
    tell_change,
    tell_values,
)

_Entry = Question | MatrixItem | Row
_Holder = Section | MatrixItem
_Part = _Entry | Section | Score | Index | Scale | Choice | Level | Share
_P = TypeVar("_P", bound=_Part)


@dataclass(frozen=True)
class Where:
    """Ids from the definition file; empty where a change is not in such a part.

    `item`: also a row of a matrix, a score, an index, or a concept that is compared.
    `choice`: also a level of an index, or a share of a scale.
    """

    section: str = ""
    item: str = ""
    scale: str = ""
    choice: str = ""


@dataclass(frozen=True)
class Change:
    """One difference between two versions.

    `kind`: 'added', 'removed', 'moved', or the field of the definition that changed, such as
    'text' or 'maximum'. `old` and `new` are in words, in full, and empty where there is
    none. `sentence` says it in Dutch.
    """

    kind: str
    where: Where
    sentence: str
    old: str = ""
    new: str = ""

    @property
    def heading(self) -> str:
        """The sentence without the values, for a table that has them beside it."""
        told = f": '{self.old or self.new}'.", f" {tell_values(self.old, self.new)}."
        return self.sentence.removesuffix(told[0]).removesuffix(told[1])


def compare_definitions(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Every difference in the order of the questionnaire, then those in the translations.

    Empty where the two mean the same, though comments or the order of keys may differ.
    """
    changes = list(compare_questionnaires(old.questionnaire, new.questionnaire))
    told = {(change.kind, change.where, change.old, change.new) for change in changes}
    languages = {*old.questionnaire.languages, *new.questionnaire.languages} - {MAIN_LANGUAGE}
    for language in sorted(languages):
        before, after = (parse_definition(version.source, language) for version in (old, new))
        for change in compare_questionnaires(before.questionnaire, after.questionnaire):
            key = (change.kind, change.where, change.old, change.new)
            if change.kind in TRANSLATED and key not in told:
                sentence = f"Vertaling ({language}). {change.sentence}"
                changes.append(replace(change, sentence=sentence))
    return tuple(changes)


def compare_questionnaires(old: Questionnaire, new: Questionnaire) -> tuple[Change, ...]:
    """Every difference in one language, in the order of the questionnaire."""
    versions = _Versions(old, new, _entries(old), _entries(new))
    return (
        *_compare_fields(versions, Where(), "De vragenlijst", old, new),
        *_compare_parts(versions, Where(), "scale", "Antwoordschaal", old.scales, new.scales),
        *_compare_sections(versions),
        *_compare_parts(versions, Where(), "item", "Index", old.indexes, new.indexes),
        *_compare_comparability(versions),
    )


@dataclass(frozen=True)
class _Versions:
    """Both versions, and per version every item and row by its id, with what it stands in."""

    old: Questionnaire
    new: Questionnaire
    old_entries: dict[str, tuple[_Entry, _Holder]]
    new_entries: dict[str, tuple[_Entry, _Holder]]


def _entries(questionnaire: Questionnaire) -> dict[str, tuple[_Entry, _Holder]]:
    found: dict[str, tuple[_Entry, _Holder]] = {}
    for section in questionnaire.sections:
        for item in section.items:
            found[item.id] = item, section
            if isinstance(item, MatrixItem):
                found |= {row.id: (row, item) for row in item.rows}
    return found


def _rows(entry: _Entry | None) -> tuple[Row, ...]:
    return entry.rows if isinstance(entry, MatrixItem) else ()


def _key(part: _Part) -> str:
    return part.code if isinstance(part, Choice | Level) else part.id


def _title(part: _Part) -> str:
    match part:
        case Section():
            return part.title
        case Scale():
            return ", ".join(choice.label for choice in part.choices)
        case Choice() | Level() | Share():
            return part.label
        case _:
            return part.text


def _pair(old: Iterable[_P], new: Iterable[_P]) -> Iterator[tuple[_P, _P | None, _P | None, bool]]:
    """Every part, as it was, as it becomes, and whether it moved among those that stay.

    In the new order; what was removed stands behind what it stood behind.
    """
    before, after = {_key(part): part for part in old}, {_key(part): part for part in new}
    was = [key for key in before if key in after]
    stays = [key for key in after if key in before]
    blocks = SequenceMatcher(None, was, stays, autojunk=False).get_matching_blocks()
    in_place = {key for block in blocks for key in stays[block.b : block.b + block.size]}
    order, behind = list(after), 0
    for key in before:
        if key not in after:
            order.insert(behind, key)
        behind = order.index(key) + 1
    for key in order:
        moved = key in stays and key not in in_place
        yield after.get(key) or before[key], before.get(key), after.get(key), moved


def _compare_parts(
    versions: _Versions, holder: Where, slot: str, noun: str, old: Iterable[_P], new: Iterable[_P]
) -> Iterator[Change]:
    """Lists of parts that hold no questions. `slot`: the field of Where for their ids."""
    for part, before, after, moved in _pair(old, new):
        where, subject = replace(holder, **{slot: _key(part)}), f"{noun} '{_key(part)}'"
        yield from _tell_place(where, subject, before, after, moved)
        yield from _compare_part(versions, where, subject, before, after)


def _tell_place(
    where: Where, subject: str, before: _Part | None, after: _Part | None, moved: bool
) -> Iterator[Change]:
    if before is None and after is not None:
        title = _title(after)
        yield Change("added", where, f"{subject} is nieuw: '{title}'.", new=title)
    elif before is not None and after is None:
        title = _title(before)
        yield Change("removed", where, f"{subject} vervalt: '{title}'.", old=title)
    elif moved:
        yield Change("moved", where, f"{subject} staat op een andere plaats.")


def _compare_part(
    versions: _Versions, where: Where, subject: str, before: _Part | None, after: _Part | None
) -> Iterator[Change]:
    if before is None or after is None:
        return
    yield from _compare_fields(versions, where, subject, before, after)
    for name, noun in (("choices", "antwoord"), ("levels", "niveau"), ("shares", "aandeel")):
        if hasattr(before, name) and hasattr(after, name):
            old, new = getattr(before, name), getattr(after, name)
            yield from _compare_parts(versions, where, "choice", f"{subject}, {noun}", old, new)


def _compare_fields(
    versions: _Versions, where: Where, subject: str, before: Any, after: Any
) -> Iterator[Change]:
    """The fields that both have: a question of another type has some others."""
    for name in (field.name for field in fields(after) if field.name in FIELDS):
        if hasattr(before, name) and getattr(before, name) != getattr(after, name):
            old = describe_field(versions.old, name, getattr(before, name))
            new = describe_field(versions.new, name, getattr(after, name))
            yield Change(name, where, tell_change(subject, FIELDS[name], old, new), old, new)


def _compare_sections(versions: _Versions) -> Iterator[Change]:
    for section, before, after, moved in _pair(versions.old.sections, versions.new.sections):
        where, subject = Where(section=section.id), f"Blok '{section.title}'"
        yield from _tell_place(where, subject, before, after, moved)
        yield from _compare_part(versions, where, subject, before, after)
        old_score = [before.score] if before and before.score else []
        new_score = [after.score] if after and after.score else []
        yield from _compare_parts(versions, where, "item", "Blokscore", old_score, new_score)
        old_items = before.items if before else ()
        new_items = after.items if after else ()
        yield from _compare_entries(versions, where, old_items, new_items)


def _compare_entries(
    versions: _Versions, section: Where, old: Iterable[_Entry], new: Iterable[_Entry]
) -> Iterator[Change]:
    """The items of a section, or the rows of a matrix. What goes elsewhere is told there."""
    for entry, before, after, moved in _pair(old, new):
        where, subject = replace(section, item=entry.id), f"Vraag '{entry.id}'"
        if after is None and entry.id in versions.new_entries:
            continue
        if before is None and entry.id in versions.old_entries:
            before, origin = versions.old_entries[entry.id]
            was, becomes = _name(origin), _name(versions.new_entries[entry.id][1])
            sentence = f"{subject} gaat van {was} naar {becomes}."
            yield Change("moved", where, sentence, was, becomes)
            # what a matrix says of all its rows may be otherwise here
            old_whole, new_whole = _whole(versions.old, before), _whole(versions.new, entry)
            yield from _compare_part(versions, where, subject, old_whole, new_whole)
        else:
            yield from _tell_place(where, subject, before, after, moved)
            yield from _compare_part(versions, where, subject, before, after)
        yield from _compare_entries(versions, section, _rows(before), _rows(after))


def _name(holder: _Holder) -> str:
    return f"blok '{holder.title}'" if isinstance(holder, Section) else f"matrix '{holder.id}'"


def _whole(questionnaire: Questionnaire, entry: _Entry) -> Question | MatrixItem:
    return entry if isinstance(entry, MatrixItem) else questionnaire.question(entry.id)


def _compare_comparability(versions: _Versions) -> Iterator[Change]:
    """What each version says of the one before it, concept by concept."""
    said = (versions.old.comparability, versions.new.comparability)
    was, becomes = (comparability.previous if comparability else "" for comparability in said)
    if was != becomes:
        sentence = tell_change("De vragenlijst", "de versie om mee te vergelijken", was, becomes)
        yield Change("comparability", Where(), sentence, was, becomes)
    old, new = _declared(versions.old), _declared(versions.new)
    for section, concept in dict.fromkeys([*new, *old]):
        subject = f"Aandachtspunt '{concept}' in blok '{section}'"
        for name in ("status", "recode", "note"):
            values = (
                getattr(changes.get((section, concept)), name, None) for changes in (old, new)
            )
            was, becomes = (describe_field(versions.new, name, value) for value in values)
            if was != becomes:
                sentence = tell_change(subject, FIELDS[name], was, becomes)
                yield Change(name, Where(section, concept), sentence, was, becomes)


def _declared(questionnaire: Questionnaire) -> dict[tuple[str, str], Declared]:
    said = questionnaire.comparability
    changes = said.changes if said else ()
    return {(change.section, concept): change for change in changes for concept in change.concepts}

"""A mapping proposed from the names and labels in a file, and what a person should check."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from surveys.importing.faults import Fault, Place, describe_fault
from surveys.importing.mapping import REASONS, ItemSource, WaveMapping
from surveys.importing.matching import (
    Match,
    match_columns,
    name_options,
    name_questions,
    normalise,
)
from surveys.importing.table import Column, Table
from surveys.importing.values import (
    Meanings,
    propose_ticks,
    propose_values,
    said_of_text,
    split_values,
)
from surveys.items import MultipleItem, Question, ScaleItem
from surveys.questionnaire import Questionnaire

# Usual names of the columns that every row has, as `normalise` leaves them.
_REGION_NAMES = (
    "region",
    "regio",
    "regionummer",
    "regio nummer",
    "regionr",
    "regio nr",
    "nummer regio",
    "nummer van de regio",
    "regiocode",
    "regio code",
    "region number",
    "nummer",
    "nr",
)
_ITEM_NAMES = ("item", "vraag", "vraag id", "question", "variabele", "variable")
_VALUE_NAMES = ("value", "waarde", "antwoord", "answer", "score")


@dataclass(frozen=True)
class Proposal:
    """A mapping to check. `doubts` say what; `unmatched_columns` hold data of no question, and
    of `unmatched_items` no column was found: a person decides on both."""

    mapping: WaveMapping
    doubts: tuple[Fault, ...]
    unmatched_columns: tuple[str, ...]
    unmatched_items: tuple[str, ...]

    @property
    def remarks(self) -> dict[str, list[str]]:
        """The doubts per question, as comments for `write_mapping`."""
        remarks: dict[str, list[str]] = {}
        for doubt in self.doubts:
            remarks.setdefault(doubt.place.item, []).append(str(doubt))
        if self.unmatched_columns:
            names = ", ".join(self.unmatched_columns)
            remarks.setdefault("", []).append(f"no question was found for: {names}")
        if self.unmatched_items:
            names = ", ".join(self.unmatched_items)
            remarks.setdefault("", []).append(f"no column was found for: {names}")
        return remarks


def propose(table: Table, questionnaire: Questionnaire, regions: Collection[str] = ()) -> Proposal:
    """A mapping of the columns and values that look like questions and codes.

    `regions` are the numbers in the register: they show which column has the region.
    """
    region = _find_named(table, _REGION_NAMES) or _find_regions(table, regions)
    long = _find_long(table, questionnaire, region)
    if long:
        return propose_long(table, questionnaire, region, *long)
    return propose_wide(table, questionnaire, region)


def _find_named(table: Table, names: Collection[str]) -> str:
    for column in table.columns:
        if normalise(column.name) in names or normalise(column.label) in names:
            return column.name
    return ""


def _find_regions(table: Table, regions: Collection[str]) -> str:
    known = {region.lstrip("0") for region in regions}
    for column in table.columns:
        values = table.count_values(column.name)
        if values and len(values) == len(table.rows) and known >= {v.lstrip("0") for v in values}:
            return column.name
    return ""


def _find_long(table: Table, questionnaire: Questionnaire, region: str) -> tuple[str, str] | None:
    """The columns with the question and with the value, where a file has these."""
    called = {text for target in name_questions(questionnaire) for text in target.texts}
    for column in table.columns:
        names = [normalise(value) for value in table.count_values(column.name)]
        hits = sum(name in called for name in names)
        is_named = normalise(column.name) in _ITEM_NAMES and hits > 0
        if column.name != region and (is_named or hits >= max(2, len(names) / 2)):
            rest = [c.name for c in table.columns if c.name not in (region, column.name)]
            value = _find_named(table, _VALUE_NAMES) or (rest[0] if len(rest) == 1 else "")
            return column.name, value
    return None


def _doubts_of(match: Match) -> list[Fault]:
    if not match.is_doubtful:
        return []
    code = "tied_column" if match.is_tied else "doubtful_column"
    place = Place(column=match.column, item=match.target.item)
    return [describe_fault(code, place, alike=round(match.alike * 100))]


def propose_wide(table: Table, questionnaire: Questionnaire, region: str) -> Proposal:
    """A mapping of a file with a row per region, whose number is in this column."""
    columns = [column for column in table.columns if column.name != region]
    targets = name_questions(questionnaire) + name_options(questionnaire)
    matches = match_columns(columns, targets)
    by_item: dict[str, list[Match]] = {}
    for match in matches:
        by_item.setdefault(match.target.item, []).append(match)
    items: dict[str, ItemSource] = {}
    doubts: list[Fault] = []
    for question in questionnaire.questions:
        found = by_item.get(question.id, [])
        options = [match for match in found if match.target.option]
        whole = [match for match in found if not match.target.option]
        found = options if len(options) > 1 or not whole else whole
        if not found:
            continue
        source, meant = _propose_source(table, questionnaire, question, found)
        items[question.id] = source
        doubts += [doubt for match in found for doubt in _doubts_of(match)] + meant.doubts
    mapping = WaveMapping("wide", region, items=items)
    return _complete(mapping, doubts, table, questionnaire)


def _propose_source(
    table: Table, questionnaire: Questionnaire, question: Question, found: list[Match]
) -> tuple[ItemSource, Meanings]:
    """Where one question stands; `values` still has the codes that stand for themselves."""
    if isinstance(question, MultipleItem) and found[0].target.option:
        meant = Meanings()
        options = {match.target.option: match.column for match in found}
        for option, name in options.items():
            values = list(table.count_values(name))
            ticks = propose_ticks(question, option, table.column(name), values)
            meant.values |= ticks.values
            meant.doubts += ticks.doubts
        missed = [c.code for c in question.choices if c.code not in options]
        meant.doubts += [
            describe_fault("no_option_column", Place(item=question.id), given=code)
            for code in missed
        ]
        return ItemSource(options=options, values=meant.values), meant
    column = table.column(found[0].column)
    values = list(table.count_values(column.name))
    meant, separator = propose_meanings(questionnaire, question, column, values)
    return ItemSource(column=column.name, separator=separator, values=meant.values), meant


def propose_meanings(
    questionnaire: Questionnaire, question: Question, column: Column, values: list[str]
) -> tuple[Meanings, str]:
    """What the values in a column seem to stand for, and the sign between several answers."""
    separator = ""
    if isinstance(question, MultipleItem):
        separator, values = split_values(questionnaire, question, values)
    return propose_values(questionnaire, question, column, values), separator


def propose_long(
    table: Table, questionnaire: Questionnaire, region: str, item: str, value: str
) -> Proposal:
    """A mapping of a file with a row per answer: which columns have the region's number, the
    question and the value."""
    names = [Column(name) for name in table.count_values(item)]
    matches = match_columns(names, name_questions(questionnaire))
    items: dict[str, ItemSource] = {}
    doubts: list[Fault] = []
    for match in matches:
        question = questionnaire.question(match.target.item)
        values = values_of_name(table, item, value, match.column)
        column = table.column(value) if value else Column(match.column)
        meant, separator = propose_meanings(
            questionnaire, question, replace(column, value_labels={}), values
        )
        name = "" if match.column == question.id else match.column
        items[question.id] = ItemSource(name=name, separator=separator, values=meant.values)
        doubts += [*_doubts_of(match), *meant.doubts]
    mapping = WaveMapping("long", region, item, value, items=items)
    return _complete(mapping, doubts, table, questionnaire)


def values_of_name(table: Table, item: str, value: str, name: str) -> list[str]:
    """The values in the rows of a long file that name one question."""
    if not value:
        return []
    rows = [row for row in table.rows if row.cells[table.places[item]] == name]
    return list(dict.fromkeys(filter(None, (row.cells[table.places[value]] for row in rows))))


def _complete(
    mapping: WaveMapping, doubts: list[Fault], table: Table, questionnaire: Questionnaire
) -> Proposal:
    """With the values that questions share moved to their scale, and what was not matched."""
    mapping = _share_values(mapping, table, questionnaire)
    used = {mapping.region, mapping.item, mapping.value}
    used |= {column for source in mapping.items.values() for column in source.columns}
    questions = [question.id for question in questionnaire.questions]
    return Proposal(
        mapping,
        tuple(doubts),
        tuple(c for c in table.places if c not in used and table.count_values(c)),
        tuple(item for item in questions if item not in mapping.items),
    )


def _share_values(mapping: WaveMapping, table: Table, questionnaire: Questionnaire) -> WaveMapping:
    """A value that means the same in every question on a scale is said once, at the scale; one
    that stands for itself is not said."""
    marked = {value for column in table.columns for value in column.user_missing}
    shared: dict[str, dict[str, str]] = {}
    items = dict(mapping.items)
    for scale in questionnaire.scales:
        on_scale = [
            question.id
            for question in questionnaire.questions
            if isinstance(question, ScaleItem)
            and question.scale == scale.id
            and question.id in items
        ]
        pairs = {pair for item in on_scale for pair in items[item].values.items()}
        if len({value for value, _ in pairs}) < len(pairs):
            continue  # a value means one thing here and another there
        values = {v: m for item in on_scale for v, m in items[item].values.items()}
        if said := needed(values, marked):
            shared[scale.id] = said
        items |= {item: replace(items[item], values={}) for item in on_scale}
    for item, source in items.items():
        kept = marked | said_of_text(questionnaire.question(item))
        items[item] = replace(source, values=needed(source.values, kept))
    return replace(mapping, scales=shared, items=items)


def needed(values: Mapping[str, str], marked: set[str]) -> dict[str, str]:
    """Without the values that are read as they stand; the marked ones never are. In the order of
    what they mean, reasons last."""
    pairs = [(value, m) for value, m in values.items() if value != m or value in marked]
    return dict(sorted(pairs, key=lambda pair: (pair[1] in REASONS, len(pair[1]), *pair[::-1])))

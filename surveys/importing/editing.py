"""A mapping is completed by a person: other columns, other meanings, what to leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from surveys.importing.faults import Fault
from surveys.importing.mapping import ItemSource, WaveMapping
from surveys.importing.proposal import needed, propose_meanings, values_of_name
from surveys.importing.table import Column, Table
from surveys.importing.values import propose_ticks, said_of_text
from surveys.items import MultipleItem, Question, ScaleItem
from surveys.questionnaire import Questionnaire


def connect(
    mapping: WaveMapping, table: Table, questionnaire: Questionnaire, item: str, place: str
) -> WaveMapping:
    """The question stands in this column, in a long file: under this name; '' is nowhere.

    The values that are found there get the meaning that they seem to have.
    """
    mapping = disconnect(mapping, item)
    if not place:
        return mapping
    question = questionnaire.question(item)
    column, values = _read_place(mapping, table, place)
    meant, separator = propose_meanings(questionnaire, question, column, values)
    source = ItemSource(
        column="" if mapping.layout == "long" else place,
        name=place if mapping.layout == "long" and place != item else "",
        separator=separator,
    )
    mapping = _with_source(mapping, item, source)
    mapping = replace(mapping, left_out=_without(mapping.left_out, [place]))
    return _with_meanings(mapping, question, meant.values, column.user_missing)


def _read_place(mapping: WaveMapping, table: Table, place: str) -> tuple[Column, list[str]]:
    if mapping.layout == "long":
        values = values_of_name(table, mapping.item, mapping.value, place)
        return Column(place), values
    return table.column(place), list(table.count_values(place))


def _with_meanings(
    mapping: WaveMapping, question: Question, meant: Mapping[str, str], marked: Iterable[str]
) -> WaveMapping:
    """What the scale does not say yet is said there; what it says otherwise, at the question."""
    said = needed(meant, {*marked, *said_of_text(question)})
    if isinstance(question, ScaleItem):
        shared = dict(mapping.scales.get(question.scale, {}))
        codes = {*meant.values()}
        shared |= {v: m for v, m in said.items() if v not in shared and v not in codes}
        said = {v: m for v, m in meant.items() if shared.get(v, v) != m}
        if shared:
            mapping = replace(mapping, scales={**mapping.scales, question.scale: shared})
    source = replace(mapping.items[question.id], values=said)
    return _with_source(mapping, question.id, source)


def disconnect(mapping: WaveMapping, item: str) -> WaveMapping:
    """The question stands nowhere in the file; whether it was asked is not said."""
    return replace(
        mapping,
        items={other: source for other, source in mapping.items.items() if other != item},
        not_asked=_without(mapping.not_asked, [item]),
    )


def set_not_asked(mapping: WaveMapping, items: Iterable[str]) -> WaveMapping:
    """These questions were not asked of anyone."""
    for item in items:
        mapping = disconnect(mapping, item)
        mapping = replace(mapping, not_asked=(*mapping.not_asked, item))
    return mapping


def leave_out(mapping: WaveMapping, names: Iterable[str]) -> WaveMapping:
    """These columns, in a long file also these names of questions, stay out on purpose."""
    return replace(mapping, left_out=tuple(dict.fromkeys([*mapping.left_out, *names])))


def set_region(mapping: WaveMapping, column: str) -> WaveMapping:
    """The numbers of the regions stand in this column."""
    return replace(mapping, region=column, left_out=_without(mapping.left_out, [column]))


def connect_option(
    mapping: WaveMapping, table: Table, question: MultipleItem, code: str, column: str
) -> WaveMapping:
    """The option stands in a column of its own; '' is nowhere."""
    source = mapping.items.get(question.id, ItemSource())
    options = {other: name for other, name in source.options.items() if other != code}
    values = dict(source.values) if source.options else {}
    if column:
        options[code] = column
        found = propose_ticks(question, code, table.column(column), table.count_values(column))
        values = {**needed(found.values, {*table.column(column).user_missing}), **values}
    mapping = disconnect(mapping, question.id)
    if not options:
        return mapping
    mapping = replace(mapping, left_out=_without(mapping.left_out, [column]))
    return _with_source(mapping, question.id, ItemSource(options=options, values=values))


def set_separator(mapping: WaveMapping, item: str, separator: str) -> WaveMapping:
    """The sign between several answers in one cell; '' where each cell has one."""
    return _with_source(mapping, item, replace(mapping.items[item], separator=separator))


def set_meaning(
    mapping: WaveMapping, scale: str, item: str, value: str, meaning: str
) -> WaveMapping:
    """What a value stands for on a whole scale, or else in one question; '' says nothing of it."""
    said = mapping.scales.get(scale, {}) if scale else mapping.items[item].values
    said = {other: meant for other, meant in said.items() if other != value}
    if meaning:
        said[value] = meaning
    if scale:
        return replace(mapping, scales={**mapping.scales, scale: said})
    return _with_source(mapping, item, replace(mapping.items[item], values=said))


def still_holds(doubt: Fault, mapping: WaveMapping) -> bool:
    """Whether a doubt of a proposal is about what the mapping still says."""
    source = mapping.items.get(doubt.place.item)
    if source is None:
        return False
    if doubt.code == "no_option_column":
        return bool(source.options)
    places = {*source.columns, source.name or doubt.place.item, mapping.value}
    return doubt.place.column in places


def _with_source(mapping: WaveMapping, item: str, source: ItemSource) -> WaveMapping:
    return replace(mapping, items={**mapping.items, item: source})


def _without(names: Iterable[str], gone: Iterable[str]) -> tuple[str, ...]:
    taken = {*gone}
    return tuple(name for name in names if name not in taken)

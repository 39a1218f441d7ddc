"""What a mapping must get right beside its questionnaire and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from surveys.importing.faults import Fault, Place, describe_fault, quote
from surveys.importing.mapping import CHOSEN, NOT_CHOSEN, REASONS, ItemSource, WaveMapping
from surveys.importing.table import Table
from surveys.items import MultipleItem, Question
from surveys.questionnaire import Questionnaire


def check_mapping(mapping: WaveMapping, table: Table, questionnaire: Questionnaire) -> list[Fault]:
    """Every fault in what the mapping names and in what it forgets."""
    return [
        *_check_roles(mapping, table),
        *_check_questions(mapping, questionnaire),
        *_check_columns(mapping, table),
        *_check_sources(mapping, questionnaire),
        *_check_names(mapping),
        *_check_meanings(mapping, questionnaire),
    ]


def _roles(mapping: WaveMapping) -> Iterator[tuple[str, str, str]]:
    """The column of each role that every row has: its name in English, in Dutch, the column."""
    yield "region", "de regio", mapping.region
    if mapping.layout == "long":
        yield "question", "de vraag", mapping.item
        yield "value", "de waarde", mapping.value


def _check_roles(mapping: WaveMapping, table: Table) -> Iterator[Fault]:
    for role, rol, column in _roles(mapping):
        if not column:
            yield describe_fault("no_role", Place(table.sheet), role=role, rol=rol)


def _check_questions(mapping: WaveMapping, questionnaire: Questionnaire) -> Iterator[Fault]:
    known = {question.id for question in questionnaire.questions}
    for item in dict.fromkeys([*mapping.items, *mapping.not_asked]):
        if item not in known:
            yield describe_fault("unknown_item", given=quote(item))
        elif item in mapping.items and item in mapping.not_asked:
            yield describe_fault("asked_and_not", Place(item=item))
    for question in questionnaire.questions:
        if question.id not in mapping.items and question.id not in mapping.not_asked:
            yield describe_fault("unmapped_item", Place(item=question.id))


def _check_columns(mapping: WaveMapping, table: Table) -> Iterator[Fault]:
    """Columns that the file does not have, that have two uses, or that have none."""
    users: dict[str, tuple[str, str]] = {}
    uses = [(column, role, rol, "") for role, rol, column in _roles(mapping) if column]
    for item, source in mapping.items.items():
        for column in [source.column, *source.options.values()]:
            if column:
                uses.append((column, f"question '{item}'", f"vraag '{item}'", item))
    for column, user, gebruiker, item in uses:
        where = Place(table.sheet, column=column, item=item)
        if column not in table.places:
            yield describe_fault("unknown_column", Place(item=item), given=quote(column))
        elif column in users:
            first, eerste = users[column]
            words = {"first": first, "second": user, "eerste": eerste, "tweede": gebruiker}
            yield describe_fault("column_twice", where, **words)
        users.setdefault(column, (user, gebruiker))
        if column in mapping.left_out:
            yield describe_fault("column_and_left_out", where)
    faulty = {column for _, column in table.cell_faults}
    for column in table.places:
        unused = column not in users and column not in mapping.left_out
        if unused and (column in faulty or table.count_values(column)):
            yield describe_fault("unmapped_column", Place(table.sheet, column=column))


def _check_sources(mapping: WaveMapping, questionnaire: Questionnaire) -> Iterator[Fault]:
    for question in questionnaire.questions:
        if source := mapping.items.get(question.id):
            yield from _check_source(mapping, questionnaire, question, source)


def _check_source(
    mapping: WaveMapping, questionnaire: Questionnaire, question: Question, source: ItemSource
) -> Iterator[Fault]:
    if mapping.layout == "long":
        if source.columns:
            yield describe_fault("not_wide", Place(item=question.id))
    elif source.name:
        yield describe_fault("not_long", Place(item=question.id))
    elif source.column and source.options:
        yield describe_fault("several_columns", Place(item=question.id))
    elif not source.columns:
        yield describe_fault("unmapped_item", Place(item=question.id))
    if not isinstance(question, MultipleItem):
        if source.options or source.separator:
            yield describe_fault("not_multiple", Place(item=question.id))
        return
    known = [choice.code for choice in questionnaire.choices(question)]
    for code in source.options:
        if code not in known and code not in REASONS:
            values = {"given": quote(code), "known": ", ".join(known)}
            yield describe_fault("unknown_option", Place(item=question.id), **values)


def _check_names(mapping: WaveMapping) -> Iterator[Fault]:
    """In a long file two questions cannot go by one name."""
    if mapping.layout == "long":
        users: dict[str, str] = {}
        for item, source in mapping.items.items():
            name = source.name or item
            if users.setdefault(name, item) != item:
                values = {"given": quote(name), "first": quote(users[name])}
                yield describe_fault("name_twice", Place(item=item), **values)


def _check_meanings(mapping: WaveMapping, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Values that stand for a code that the question or scale does not have."""
    scales = {scale.id: scale.codes for scale in questionnaire.scales}
    for scale, values in mapping.scales.items():
        if scale not in scales:
            known = ", ".join(scales) or "-"
            yield describe_fault("unknown_scale", given=quote(scale), known=known)
        else:
            yield from _check_values(values.items(), [*scales[scale], *sorted(REASONS)], "")
    for question in questionnaire.questions:
        source = mapping.items.get(question.id)
        codes = [choice.code for choice in questionnaire.choices(question)]
        if source and codes:  # of a number or a text, the answer itself is checked
            codes = [CHOSEN, NOT_CHOSEN] if source.options else codes
            known_codes = [*codes, *sorted(REASONS)]
            yield from _check_values(source.values.items(), known_codes, question.id)


def _check_values(
    values: Iterable[tuple[str, str]], known: list[str], item: str
) -> Iterator[Fault]:
    for value, meaning in values:
        if meaning not in known:
            words = {"given": quote(value), "meaning": quote(meaning), "known": ", ".join(known)}
            yield describe_fault("unknown_meaning", Place(item=item), **words)

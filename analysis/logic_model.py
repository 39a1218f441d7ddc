"""The logic model: columns of boxes from cause to result, and the questions that measure a box.

A data file defines it (see `logic_models/sto.toml`); all its faults are found at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from analysis.measures import measures_of
from surveys.comparability import asked_concepts
from surveys.definition import InvalidDefinition, decode_text, parse_document, read_content
from surveys.definition_document import Table, placed_tables
from surveys.definition_errors import DefinitionError, Place, describe_place, structure_errors
from surveys.items import STRICT, Code, FilledText, Identifier, MultipleItem
from surveys.questionnaire import Index, Questionnaire

STO = Path(__file__).parent / "logic_models" / "sto.toml"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MeasuredBy:
    """A question, index or score. `part` is the option, level or share of it; without one it is
    the figure that the question is reported by first."""

    section: Identifier
    concept: Identifier
    part: Code | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Box:
    """One cause, change or result; measured by nothing where `measured_by` is empty."""

    id: Identifier
    text: FilledText
    measured_by: tuple[MeasuredBy, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Column:
    id: Identifier
    title: FilledText
    boxes: Annotated[tuple[Box, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class LogicModel:
    """Columns in the order from cause to result, and the context that bears on all of them."""

    id: Identifier
    title: FilledText
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    context: Column | None = None

    @property
    def parts(self) -> tuple[Column, ...]:
        """The columns, and the context after them."""
        return self.columns if self.context is None else (*self.columns, self.context)

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(box for column in self.parts for box in column.boxes)


_MODEL = TypeAdapter(LogicModel)


def read_logic_model(
    path: Path = STO, questionnaires: Sequence[Questionnaire] | None = None
) -> LogicModel:
    """Read a model, see `parse_logic_model`."""
    return parse_logic_model(decode_text(read_content(path)), questionnaires)


def parse_logic_model(
    source: str, questionnaires: Sequence[Questionnaire] | None = None
) -> LogicModel:
    """Make a model of TOML text. Raises InvalidDefinition with every fault found.

    With `questionnaires`, a measure that none of them asks is a fault too.
    """
    document = parse_document(source)
    errors: list[DefinitionError] = []
    model = None
    try:
        model = _MODEL.validate_python(document)
    except ValidationError as invalid:
        found = structure_errors(document, invalid.errors())
        errors += [_name_whole(error) for error in found]
    errors += _check_ids(document)
    errors += _check_measures(document, questionnaires)
    if errors or model is None:
        raise InvalidDefinition(errors)
    return model


def _name_whole(error: DefinitionError) -> DefinitionError:
    whole = error.where == describe_place({}, ())
    return replace(error, where="logic model") if whole else error


# Checks of the bare document; what has the wrong shape is stepped over, for that is told already


def _parts(document: Table) -> Iterator[tuple[Place, Table]]:
    yield from placed_tables(document, "columns")
    context = document.get("context")
    if isinstance(context, dict):
        yield ("context",), context


def _boxes(document: Table) -> Iterator[tuple[Place, Table]]:
    for path, column in _parts(document):
        yield from placed_tables(column, "boxes", path)


def _check_ids(document: Table) -> Iterator[DefinitionError]:
    for kind, places in (("column", _parts(document)), ("box", _boxes(document))):
        seen = set()
        for path, table in places:
            name = table.get("id")
            if isinstance(name, str) and name in seen:
                yield DefinitionError(
                    describe_place(document, path),
                    f"an earlier {kind} has the id '{name}' too",
                    "rename one of them",
                )
            seen.add(str(name))


def _check_measures(
    document: Table, questionnaires: Sequence[Questionnaire] | None
) -> Iterator[DefinitionError]:
    for path, box in _boxes(document):
        seen = []
        for place, measure in placed_tables(box, "measured_by", path):
            where = describe_place(document, place)
            if measure in seen:
                yield DefinitionError(where, "stands in this box already", "remove one")
            seen.append(measure)
            if questionnaires is not None:
                yield from _check_asked(where, measure, questionnaires)


def _check_asked(
    where: str, measure: Table, questionnaires: Sequence[Questionnaire]
) -> Iterator[DefinitionError]:
    section, concept = measure.get("section"), measure.get("concept")
    if not (isinstance(section, str) and isinstance(concept, str)):
        return
    parts: dict[str, None] = {}
    needs_part = False
    for questionnaire in questionnaires:
        asked = asked_concepts(questionnaire).get((section, concept))
        if asked is not None:
            found = measures_of(questionnaire, section, asked)
            parts |= dict.fromkeys(figure.part for figure in found)
            needs_part |= isinstance(asked, MultipleItem | Index)
    if not parts:
        yield DefinitionError(
            where,
            f"no questionnaire asks '{concept}' in section '{section}' in a way that is counted",
            "mend the section or the concept, or leave the measure out",
        )
        return
    part = measure.get("part")
    names = ", ".join(filter(None, parts)) or "none: leave `part` out"
    if part is None and needs_part:
        yield DefinitionError(where, f"'{concept}' has several figures", f"add `part`: {names}")
    elif part is not None and str(part) not in parts:
        yield DefinitionError(where, f"'{concept}' has no part '{part}'", f"use one of: {names}")

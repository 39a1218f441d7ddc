"""What is asked: the sections of a questionnaire, its indexes, how it compares with before."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints
from pydantic.dataclasses import dataclass

from surveys.items import (
    MAIN_LANGUAGE,
    NO,
    STRICT,
    YES,
    Choice,
    Code,
    FilledText,
    GradeItem,
    Identifier,
    Item,
    MatrixItem,
    MultipleItem,
    Question,
    Scale,
    ScaleItem,
    Text,
    Whole,
    YesNoItem,
)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Section:
    """A block of the questionnaire: one page for the respondent."""

    id: Identifier
    title: FilledText
    introduction: Text = ""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The items with every matrix taken apart into its rows."""
        return tuple(
            question
            for item in self.items
            for question in (item.questions() if isinstance(item, MatrixItem) else (item,))
        )


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Level:
    """A level of an index: reached from `minimum` chosen options on."""

    code: Code
    label: FilledText
    minimum: Annotated[Whole, Field(ge=0)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Index:
    """A figure derived per region: how many options of a multiple item were chosen."""

    id: Identifier
    concept: Identifier
    text: FilledText
    item: Identifier
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Change:
    """How concepts of a section compare with the wave before.

    `recode` maps each code of the wave before to a code of this one (rescaled only).
    """

    section: Identifier
    concepts: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    status: Literal["identical", "reworded", "rescaled", "new", "dropped"]
    recode: dict[Code, Code] | None = None
    note: Text = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Comparability:
    """What this version says of the version before it."""

    previous: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Questionnaire:
    """A version of a questionnaire, in one language."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    version: FilledText
    wave: FilledText
    title: FilledText
    introduction: Text = ""
    languages: tuple[str, ...] = (MAIN_LANGUAGE,)
    scales: tuple[Scale, ...] = ()
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    indexes: tuple[Index, ...] = ()
    comparability: Comparability | None = None

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _question_by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _scale_by_id(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}

    def question(self, question_id: str) -> Question:
        """The question with this id; KeyError where there is none."""
        return self._question_by_id[question_id]

    def scale(self, question: ScaleItem) -> Scale:
        return self._scale_by_id[question.scale]

    def section_of(self, question_id: str) -> Section:
        """The section in which a question or index is reported."""
        asked = next((index.item for index in self.indexes if index.id == question_id), question_id)
        return next(
            section
            for section in self.sections
            if any(question.id == asked for question in section.questions)
        )

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """The choices of a closed question in their order; none for numbers and texts."""
        match question:
            case ScaleItem():
                return self.scale(question).choices
            case MultipleItem():
                return question.choices
            case YesNoItem():
                return (Choice(code=YES, label="Ja"), Choice(code=NO, label="Nee"))
            case GradeItem():
                grades = range(question.minimum, question.maximum + 1)
                return tuple(Choice(code=str(grade), label=str(grade)) for grade in grades)
            case _:
                return ()

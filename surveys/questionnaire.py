"""What is asked: the sections of a questionnaire, its indexes and scores, how it compares with
before."""

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
class Score:
    """A figure derived per region: the mean of a section's scale questions, or else its grades.

    Only of regions with a valid answer on `minimum` of them or more.
    """

    id: Identifier
    concept: Identifier
    text: FilledText
    minimum: Annotated[Whole, Field(ge=1)]
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Section:
    """A block of the questionnaire: one page for the respondent."""

    id: Identifier
    title: FilledText
    introduction: Text = ""
    score: Score | None = None
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
    def scores(self) -> tuple[Score, ...]:
        return tuple(section.score for section in self.sections if section.score)

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

    def section_of(self, asked_id: str) -> Section:
        """The section in which a question, index or score is reported."""
        item = next((index.item for index in self.indexes if index.id == asked_id), asked_id)
        return next(
            section
            for section in self.sections
            if (section.score and section.score.id == asked_id)
            or any(question.id == item for question in section.questions)
        )

    def scored_questions(self, score: Score) -> tuple[ScaleItem, ...] | tuple[GradeItem, ...]:
        """What a score is the mean of: all on one scale, or grades between the same bounds."""
        questions = self.section_of(score.id).questions
        on_scales = tuple(question for question in questions if isinstance(question, ScaleItem))
        grades = tuple(question for question in questions if isinstance(question, GradeItem))
        return on_scales or grades

    def score_values(self, question: ScaleItem | GradeItem) -> dict[str, float]:
        """What each code counts for in a score: its position on the scale (1 = lowest), or the
        grade itself."""
        codes = [choice.code for choice in self.choices(question)]
        if isinstance(question, GradeItem):
            return {code: float(code) for code in codes}
        return {code: float(position) for position, code in enumerate(codes, start=1)}

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

"""What is asked: a questionnaire, its sections, items, scales and conditions.

Every class is a frozen dataclass that pydantic fills from a definition file, so
that the shape of the file and the shape in memory are one. All codes are strings,
also those of a numeric scale; their order is the order of the choices.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AllowInfNan,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StringConstraints,
    ValidationInfo,
)
from pydantic.dataclasses import dataclass

MAIN_LANGUAGE = "nl"
YES, NO = "ja", "nee"


def _code_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _in_language(value: Any, info: ValidationInfo) -> Any:
    """A text is a string (Dutch), or a table with a string per language."""
    if not isinstance(value, dict):
        return value
    if MAIN_LANGUAGE not in value:
        raise ValueError(f"has no text in the main language '{MAIN_LANGUAGE}'")
    language = (info.context or {}).get("language", MAIN_LANGUAGE)
    return value.get(language, value[MAIN_LANGUAGE])


Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Code = Annotated[
    str,
    BeforeValidator(_code_as_text),
    StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=64),
]
Text = Annotated[str, BeforeValidator(_in_language), StringConstraints(strip_whitespace=True)]
FilledText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_in_language)
]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False)]
Grade = Annotated[Whole, Field(ge=0, le=100)]

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Choice:
    """One possible answer. An exclusive choice ('geen van deze') stands alone."""

    code: Code
    label: FilledText
    exclusive: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Share:
    """A part of a scale that is reported as a percentage, such as the top two."""

    id: Identifier
    label: FilledText
    codes: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Scale:
    """Ordered choices, lowest first. `ours`: not from the published questionnaire."""

    id: Identifier
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]
    shares: tuple[Share, ...] = ()
    ours: StrictBool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Condition:
    """The item is asked only of those who gave one of `codes` on `item`."""

    item: Identifier
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _Item:
    id: Identifier
    text: FilledText
    help: Text = ""
    required: StrictBool = False
    condition: Condition | None = None
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _Question(_Item):
    concept: Identifier
    dont_know: StrictBool = True
    not_applicable: StrictBool = True


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ScaleItem(_Question):
    """One choice on an ordered scale."""

    type: Literal["scale"]
    scale: Identifier
    stem: Text = ""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Row:
    """One line of a matrix: a question of its own on the scale of the matrix."""

    id: Identifier
    concept: Identifier
    text: FilledText
    help: Text = ""
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class MatrixItem(_Item):
    """Several questions under one stem, all on one scale."""

    type: Literal["matrix"]
    scale: Identifier
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    dont_know: StrictBool = True
    not_applicable: StrictBool = True

    def questions(self) -> tuple[ScaleItem, ...]:
        return self._questions

    @cached_property
    def _questions(self) -> tuple[ScaleItem, ...]:
        return tuple(
            ScaleItem(
                type="scale",
                id=row.id,
                concept=row.concept,
                text=row.text,
                help=row.help,
                ours=row.ours,
                stem=self.text,
                scale=self.scale,
                required=self.required,
                condition=self.condition,
                dont_know=self.dont_know,
                not_applicable=self.not_applicable,
            )
            for row in self.rows
        )


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class MultipleItem(_Question):
    """Any number of choices; an exclusive one cannot go with others."""

    type: Literal["multiple"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class GradeItem(_Question):
    """A whole report grade."""

    type: Literal["grade"]
    minimum: Grade = 1
    maximum: Grade = 10


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class NumberItem(_Question):
    """A number, with at most `decimals` decimals, in `unit`."""

    type: Literal["number"]
    minimum: Number | None = None
    maximum: Number | None = None
    decimals: Annotated[Whole, Field(ge=0, le=6)] = 0
    unit: Text = ""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class YesNoItem(_Question):
    """Yes or no, with the codes 'ja' and 'nee'."""

    type: Literal["yes_no"]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ShortTextItem(_Question):
    """One line of text, as plain text."""

    type: Literal["short_text"]
    max_length: Annotated[Whole, Field(ge=1, le=1000)] = 200
    dont_know: StrictBool = False
    not_applicable: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class LongTextItem(_Question):
    """Several lines of text, as plain text."""

    type: Literal["long_text"]
    max_length: Annotated[Whole, Field(ge=1, le=20000)] = 2000
    dont_know: StrictBool = False
    not_applicable: StrictBool = False


Question = (
    ScaleItem | MultipleItem | GradeItem | NumberItem | YesNoItem | ShortTextItem | LongTextItem
)
Item = Annotated[Question | MatrixItem, Field(discriminator="type")]
QUESTION_TYPES: tuple[type, ...] = (
    ScaleItem,
    MultipleItem,
    GradeItem,
    NumberItem,
    YesNoItem,
    ShortTextItem,
    LongTextItem,
)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
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


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Level:
    """A level of an index: reached from `minimum` chosen options on."""

    code: Code
    label: FilledText
    minimum: Annotated[Whole, Field(ge=0)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Index:
    """A figure derived per region: how many options of a multiple item were chosen."""

    id: Identifier
    concept: Identifier
    text: FilledText
    item: Identifier
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Change:
    """How concepts of a section compare with the wave before.

    `recode` maps each code of the wave before to a code of this one (rescaled only).
    """

    section: Identifier
    concepts: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    status: Literal["identical", "reworded", "rescaled", "new", "dropped"]
    recode: dict[Code, Code] | None = None
    note: Text = ""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Comparability:
    """What this version says of the version before it."""

    previous: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
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

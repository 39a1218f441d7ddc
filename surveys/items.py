"""The parts of a questionnaire: scales with their choices, and an item of each type.

Every class is a frozen dataclass that pydantic fills from a definition file, so that
the shape of the file and the shape in memory are one. All codes are strings, also those
of a numeric scale; their order is the order of the choices.
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

STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Choice:
    """One possible answer. An exclusive choice ('geen van deze') stands alone."""

    code: Code
    label: FilledText
    exclusive: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Share:
    """A part of a scale that is reported as a percentage, such as the top two."""

    id: Identifier
    label: FilledText
    codes: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Scale:
    """Ordered choices, lowest first. `ours`: not from the published questionnaire."""

    id: Identifier
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]
    shares: tuple[Share, ...] = ()
    ours: StrictBool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Condition:
    """The item is asked only of those who gave one of `codes` on `item`."""

    item: Identifier
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class _Item:
    """What items of every type have.

    `previous`: whether the respondent sees the region's own answer of the wave before, and
    when: never, after answering, or already before. `ask_about_move`: a change of so many
    steps or more against that answer asks 'Klopt dit?' (scale and grade items only).
    """

    id: Identifier
    text: FilledText
    help: Text = ""
    required: StrictBool = False
    condition: Condition | None = None
    previous: Literal["never", "after", "before"] = "never"
    ask_about_move: Annotated[Whole, Field(ge=1)] | None = None
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class _Question(_Item):
    concept: Identifier
    dont_know: StrictBool = True
    not_applicable: StrictBool = True


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ScaleItem(_Question):
    """One choice on an ordered scale."""

    type: Literal["scale"]
    scale: Identifier
    stem: Text = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Row:
    """One line of a matrix: a question of its own on the scale of the matrix."""

    id: Identifier
    concept: Identifier
    text: FilledText
    help: Text = ""
    ours: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MatrixItem(_Item):
    """Several questions under one stem, all on one scale; the rest holds for every row."""

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
                previous=self.previous,
                ask_about_move=self.ask_about_move,
                dont_know=self.dont_know,
                not_applicable=self.not_applicable,
            )
            for row in self.rows
        )


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MultipleItem(_Question):
    """Any number of choices; an exclusive one cannot go with others."""

    type: Literal["multiple"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GradeItem(_Question):
    """A whole report grade."""

    type: Literal["grade"]
    minimum: Grade = 1
    maximum: Grade = 10


@dataclass(frozen=True, kw_only=True, config=STRICT)
class NumberItem(_Question):
    """A number, with at most `decimals` decimals, in `unit`."""

    type: Literal["number"]
    minimum: Number | None = None
    maximum: Number | None = None
    decimals: Annotated[Whole, Field(ge=0, le=6)] = 0
    unit: Text = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class YesNoItem(_Question):
    """Yes or no, with the codes 'ja' and 'nee'."""

    type: Literal["yes_no"]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ShortTextItem(_Question):
    """One line of text, as plain text."""

    type: Literal["short_text"]
    max_length: Annotated[Whole, Field(ge=1, le=1000)] = 200
    dont_know: StrictBool = False
    not_applicable: StrictBool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
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

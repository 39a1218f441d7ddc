"""What a report says, whatever the format: one source for slides, documents, PDF and HTML."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from analysis.method_wording import tell_test_line
from analysis.results.exhibit import Exhibit
from surveys.dutch import format_day
from surveys.fieldwork import EXAMPLE_LABEL

_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")  # not the one that keeps words together


@dataclass(frozen=True)
class Chapter:
    """A block of the questionnaire."""

    title: str
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True)
class Passage:
    """A part of the text that explains."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """`findings`: the sentences that matter most; `response`: a sentence per wave. `source` and
    `data_version` tell which answers it was made of, `made_on` when."""

    title: str
    waves: tuple[str, ...]
    source: str
    data_version: str
    made_on: date
    is_example: bool
    findings: tuple[str, ...]
    response: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    method: tuple[Passage, ...]

    @property
    def subtitle(self) -> str:
        """'Metingen 2021 en 2024'."""
        return f"Metingen {' en '.join(self.waves)}"

    @property
    def edition(self) -> str:
        """What stands at the foot of every page."""
        return f"Gegevensversie {self.data_version}, {format_day(self.made_on)}"

    @property
    def warning(self) -> str:
        """What every page must say first; empty where the answers are real."""
        return EXAMPLE_LABEL if self.is_example else ""

    @property
    def origin(self) -> str:
        """The source without that warning."""
        return self.source.removeprefix(f"{EXAMPLE_LABEL}. ")

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        return tuple(exhibit for chapter in self.chapters for exhibit in chapter.exhibits)


def tell_footing(exhibit: Exhibit) -> str:
    """Over which regions the figures are, and how they were tested, in one line."""
    table = exhibit.table
    stars = "* p < 0,05" if any(row["stars"] and row["test"] for row in table.rows) else ""
    said = [f"Basis: {table.base}", tell_test_line(table), stars]
    return as_line("".join(f"{part}. " for part in said if part))


def tell_origin(exhibit: Exhibit) -> str:
    """Where the answers come from; the label of example data stands elsewhere on the page."""
    return as_line(exhibit.table.source.removeprefix(f"{EXAMPLE_LABEL}. "))


def as_line(text: str) -> str:
    """The text on one line; a sign that no document can hold, such as a control character or half
    a character, is replaced by one that says so."""
    return "".join(map(_hold, _SPACES.sub(" ", text).strip()))


def _hold(sign: str) -> str:
    is_none = unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffe\uffff"
    return "\N{REPLACEMENT CHARACTER}" if is_none else sign

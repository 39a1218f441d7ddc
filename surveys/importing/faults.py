"""One fault in a file to import or in its mapping: where it stands, what is wrong, what to do.

The command line prints `str` of a fault, a page shows its `sentence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from reprlib import Repr

from surveys.importing.fault_words import WORDS

_shortened = Repr()
_shortened.maxstring = 60


@dataclass(frozen=True)
class Place:
    """Where in a file or a questionnaire; what is empty or 0 does not apply.

    `row` is as a person sees it in the file.
    """

    sheet: str = ""
    row: int = 0
    column: str = ""
    region: str = ""
    item: str = ""

    def describe(self, sheet: str, row: str, column: str, region: str, item: str) -> str:
        """The place in a line, with these words for its parts."""
        parts = (
            (sheet, self.sheet and quote(self.sheet)),
            (row, self.row),
            (column, self.column and quote(self.column)),
            (region, self.region and quote(self.region)),
            (item, self.item and quote(self.item)),
        )
        return ", ".join(f"{word} {part}" for word, part in parts if part)


@dataclass(frozen=True)
class Fault:
    """One fault. `code` is its key in the catalogue, WORDS."""

    code: str
    place: Place
    english: str
    dutch: str

    def __str__(self) -> str:
        where = self.place.describe("sheet", "row", "column", "region", "question")
        return ": ".join(filter(None, (where, self.english)))

    @property
    def sentence(self) -> str:
        """The fault in Dutch, with its place."""
        where = self.place.describe("blad", "rij", "kolom", "regio", "vraag")
        return ": ".join(filter(None, (where[:1].upper() + where[1:], self.dutch)))


def describe_fault(code: str, place: Place | None = None, **values: object) -> Fault:
    """A fault of the catalogue; `values` fill its sentences."""
    english, dutch = (words.format(**values) for words in WORDS[code])
    return Fault(code, place or Place(), english, dutch)


def quote(text: str) -> str:
    """A text from a file between quotes: shortened, and with invisible signs written out."""
    return _shortened.repr(text)


class FaultyImport(Exception):
    """Something to import has faults; `faults` holds all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnreadableFile(FaultyImport):
    """A file that is not a table: not what its name says, empty, locked, damaged, too large."""


class InvalidMapping(FaultyImport):
    """A mapping file with faults."""


class InvalidWave(FaultyImport):
    """A file whose answers cannot be taken in as the mapping says."""

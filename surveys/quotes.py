"""Quotes: open answers that the evaluator cleared for showing, without the region.

The evaluator may shorten an answer and leave names out; what it said may not become something
else. A quote says nothing of its region where enough regions answered the question, and where its
place among the others does not depend on the region.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from surveys.answers import AnswerError, clean_text
from surveys.regions.register import holds_address
from surveys.smallest_group import SMALLEST_GROUP

_LONGEST = 20_000  # signs, as the longest answer that a question can allow
_ADDED = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"\w+")


class Verdict(StrEnum):
    """What the evaluator decided on an answer; shown as it is written."""

    OPEN = "nog te beoordelen"
    CLEARED = "vrijgegeven"
    WITHHELD = "niet vrijgegeven"


@dataclass(frozen=True)
class OpenAnswer:
    """What a region wrote in its final response. `cleared`: what of it may be shown, where the
    verdict is CLEARED."""

    region: str
    region_name: str
    section: str
    item: str
    text: str
    verdict: Verdict = Verdict.OPEN
    cleared: str | None = None


@dataclass(frozen=True)
class ItemQuotes:
    """What may be shown of the answers to one question, in an order that says nothing."""

    section: str
    concept: str
    item: str
    texts: tuple[str, ...]


class QuoteRefused(Exception):
    """What may not be decided on an open answer. `message` is Dutch and says what to do."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or _REFUSALS[code])
        self.code = code
        self.message = str(self)


_REFUSALS = {
    "empty": "Er staat geen tekst meer. Mag er niets van dit antwoord te zien zijn? Kies dan "
    "'Niet vrijgeven' of 'Intrekken'.",
    "address": "Er staat een e-mailadres in de tekst. Haal het weg.",
    "changed": "De regio heeft dit antwoord intussen gewijzigd, het telt niet meer mee, of een "
    "ander heeft het beoordeeld. Bekijk het opnieuw.",
}


def check_quote(original: str, text: str) -> str:
    """The text as it may be shown. Raises QuoteRefused where it is empty, holds an e-mail address,
    or has words outside square brackets that are not in the original, in that order."""
    if not text.strip():
        raise QuoteRefused("empty")
    try:
        kept = clean_text("citaat", text.strip(), _LONGEST)
    except AnswerError as error:
        raise QuoteRefused(error.code, error.message) from error
    if holds_address(kept):
        raise QuoteRefused("address")
    if added := _added_words(original, kept):
        raise QuoteRefused(
            "words",
            f"Dit staat niet zo in het antwoord: {', '.join(added)}. Inkorten mag. Zet eigen "
            "woorden tussen vierkante haken, bijvoorbeeld [naam].",
        )
    return kept


def _added_words(original: str, text: str) -> list[str]:
    """The words outside square brackets that the original does not have after those before."""
    words = [word.casefold() for word in _WORD.findall(original)]
    added, place = [], 0
    for word in _WORD.findall(_ADDED.sub(" ", text)):
        try:
            place = words.index(word.casefold(), place) + 1
        except ValueError:
            added.append(word)
    return added


def may_show(regions: int) -> bool:
    """Whether quotes are shown of a question that so many regions answered."""
    return regions >= SMALLEST_GROUP


def mix(texts: Iterable[str]) -> tuple[str, ...]:
    """In an order that nothing but the texts themselves decides."""
    return tuple(sorted(texts, key=lambda text: (hash_text(text), text)))


def hash_text(text: str) -> str:
    """To know a text again: SHA-256, 64 signs."""
    return hashlib.sha256(text.encode()).hexdigest()

"""The text that respondents agree to before they fill in."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.answers import AnswerError, clean_text

CONSENT_LENGTH = 10_000


@dataclass(frozen=True)
class Consent:
    """A version of the text, known by the hash of its body."""

    content_hash: str
    body: str


class ConsentNeeded(Exception):
    """Nobody agreed yet to the text that now holds."""

    def __init__(self, consent: Consent) -> None:
        super().__init__(consent.content_hash)
        self.consent = consent


class InvalidConsent(Exception):
    """A text that cannot be asked; the message is Dutch."""


def check_consent_text(text: str) -> str:
    """The text as it is kept. Raises InvalidConsent where it is empty, longer than
    CONSENT_LENGTH signs, or holds an invisible sign."""
    if not text.strip():
        raise InvalidConsent("Vul een tekst in, of haal de vraag om toestemming weg.")
    try:
        return clean_text("toestemming", text.strip(), CONSENT_LENGTH)
    except AnswerError as error:
        raise InvalidConsent(error.message) from error

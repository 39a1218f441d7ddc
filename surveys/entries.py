"""Answers that the evaluator enters, corrects or sets aside for a region: when that may be, and
what is told of each version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from surveys.answers import AnswerError, clean_text
from surveys.fieldwork import ENTRY_STATES, Mode, ResponseState, WaveState

REASON_LENGTH = 500


class EntryRefused(Exception):
    """What may not be done for a region now. `message` is Dutch and says what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(_REFUSALS.get(code, code))
        self.code = code
        self.message = str(self)


_REFUSALS = {
    "reason": "Vul een reden in.",
    "planned": "De meting is nog niet open. Invoeren kan zodra zij open is.",
    "closed": "De meting is gesloten. Alleen wat verzonden is, kan nog worden gecorrigeerd. "
    "Heropen de meting om nieuwe antwoorden in te voeren.",
    "correcting": "Deze regio heeft haar antwoorden al verzonden. Geef een reden om ze te "
    "corrigeren.",
    "no_draft": "Er is geen invoer om weg te gooien.",
    "own_draft": "Dit concept bevat antwoorden van de regio zelf. Het kan niet worden weggegooid.",
    "no_final": "Er zijn geen verzonden antwoorden om ongeldig te verklaren.",
    "not_invalid": "Deze versie is niet ongeldig verklaard.",
    "other_final": "Een andere versie telt nu. Verklaar eerst die ongeldig.",
}

RESPONSE_STATES: Mapping[ResponseState, str] = {
    ResponseState.DRAFT: "concept: telt niet",
    ResponseState.FINAL: "telt",
    ResponseState.SUPERSEDED: "vervangen",
    ResponseState.INVALID: "ongeldig verklaard",
}


@dataclass(frozen=True)
class Version:
    """One version of a region's answers in a wave. `entered_by`: who submitted it for the region
    or, of a draft, who alone worked on it; None where the region did. `answered`: how many
    questions have an answer. `reason`: why it corrects the version before."""

    number: int
    state: ResponseState
    mode: Mode
    entered_by: str | None
    answered: int
    begun_at: datetime
    saved_at: datetime | None
    submitted_at: datetime | None
    reason: str | None
    invalid_reason: str | None


@dataclass(frozen=True)
class ShownAnswer:
    """The answer of an earlier wave that was shown at a question of a region's response."""

    region: str
    version: int
    state: ResponseState
    item: str
    policy: str
    wave: str
    code: str
    shown_at: datetime
    confirmed_at: datetime | None
    reason: str | None


def check_reason(reason: str | None) -> str:
    """The reason as it is kept. Raises EntryRefused where it is empty, longer than
    REASON_LENGTH signs, or holds an invisible sign."""
    if not (text := (reason or "").strip()):
        raise EntryRefused("reason")
    try:
        return clean_text("reden", text, REASON_LENGTH)
    except AnswerError as error:
        raise EntryRefused(error.message) from error


def check_entry(state: WaveState, *, has_final: bool, reason: str | None) -> str | None:
    """Raise EntryRefused unless answers may be entered now; the reason as it is kept: only what
    was submitted is corrected with one, also when the wave is closed."""
    if state is WaveState.PLANNED:
        raise EntryRefused("planned")
    if not has_final:
        if state not in ENTRY_STATES:
            raise EntryRefused("closed")
        return None
    if not (reason or "").strip():
        raise EntryRefused("correcting")
    return check_reason(reason)

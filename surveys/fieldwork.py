"""Waves, invitations and responses: their states, and what may be done in each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from surveys.answers import Answers, Value
from surveys.definition import Definition

EXAMPLE_LABEL = "Voorbeelddata: reconstructie uit gepubliceerde cijfers, geen echte antwoorden"

# The place after the last section, where the answers are looked over before they are submitted.
REVIEW = "controle"


class WaveState(StrEnum):
    """CLOSING: only regions that had begun may finish."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


# While fieldwork runs, the evaluator may enter answers for a region.
ENTRY_STATES = (WaveState.OPEN, WaveState.CLOSING)


class Mode(StrEnum):
    """How the answers came in. IMPORT: whole, from a file, so that its moments say nothing."""

    ONLINE = "online"
    TELEPHONE = "telephone"
    PAPER = "paper"
    IMPORT = "import"


class ResponseState(StrEnum):
    """DRAFT: being filled in. FINAL: counts. SUPERSEDED: submitted, then submitted anew.
    INVALID: set aside by the evaluator, with a reason; it does not count."""

    DRAFT = "draft"
    FINAL = "final"
    SUPERSEDED = "superseded"
    INVALID = "invalid"


@dataclass(frozen=True)
class Wave:
    """`opened_at`: when it first opened. `closed_at`: when it closed, if it is closed now.
    `closes_on`: until which day respondents are told that they can fill in."""

    name: str
    state: WaveState
    questionnaire_hash: str
    is_example: bool
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closes_on: date | None = None


@dataclass(frozen=True)
class AnsweredWave:
    """A whole wave to be stored; `responses`: answers by region number."""

    definition: Definition
    state: WaveState
    responses: Mapping[str, Answers]


@dataclass(frozen=True)
class Entry:
    """Answers entered on behalf of a region: by whom (as in the audit trail), how they came in,
    and why, where a response that was submitted is corrected."""

    by: str
    mode: Mode
    reason: str | None = None


@dataclass(frozen=True)
class Visit:
    """One region in one wave, as a valid personal link opens it (`link`: the hash of its token),
    or as the evaluator does who enters answers for the region."""

    invitation_id: int | None
    region_id: int
    region_name: str
    wave: Wave
    link: str = ""
    entry: Entry | None = None


@dataclass(frozen=True)
class Remark:
    """What the respondent said of a large move against the answer of the wave before."""

    confirmed: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Form:
    """The answers of one response as they are stored at `revision`. `shown`: the questions at
    which the answer of the wave before was shown, with what was said of the move."""

    response_id: int
    questionnaire_hash: str
    state: ResponseState
    version: int
    revision: int
    section: str | None
    answers: Mapping[str, Value]
    saved_at: datetime | None
    submitted_at: datetime | None
    shown: Mapping[str, Remark] = field(default_factory=dict)

    def remarks_after(
        self, changes: Mapping[str, Value | None], remarks: Mapping[str, Remark]
    ) -> dict[str, Remark]:
        """The remarks that differ from those stored, once the changes are made: who changes an
        answer has not confirmed the new one yet."""
        moved = {
            item: replace({**self.shown, **remarks}[item], confirmed=False)
            for item in changes
            if item in self.shown
        }
        after = {**remarks, **moved}
        return {item: remark for item, remark in after.items() if remark != self.shown[item]}


class LinkRefused(Exception):
    """A personal link that opens nothing. `message` says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class StaleForm(Exception):
    """The response was changed from another window since this one read it."""


class NotReleased(Exception):
    """Figures of a wave that is not closed yet, for who sees released results only."""

    def __init__(self, wave: str) -> None:
        super().__init__(f"wave {wave} is not closed yet")
        self.wave = wave


def tell_running(wave: str) -> str:
    """Why there are no figures of the wave yet."""
    return f"De meting {wave} loopt nog; de uitkomsten komen als zij gesloten is."


class NotSubmittable(Exception):
    """Required questions are still open; `questions` holds their ids."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


_CONTACT = "Neem contact op met het onderzoeksbureau dat u de uitnodiging stuurde."
_REFUSALS = {
    "unknown": "Deze link klopt niet. Open de link uit de e-mail opnieuw of kopieer hem in zijn "
    f"geheel. Lukt het niet? {_CONTACT}",
    "withdrawn": f"Deze link is ingetrokken, bijvoorbeeld omdat er een nieuwe is. {_CONTACT}",
    "expired": f"Deze link is verlopen. Vraag een nieuwe aan. {_CONTACT}",
    "correcting": "Het onderzoeksbureau verbetert op dit moment uw antwoorden. Wat u verzond, telt "
    f"totdat dat klaar is. Probeer het later opnieuw. {_CONTACT}",
    "closing": "De meting wordt gesloten. Alleen wie al begonnen was, kan nog afmaken en "
    f"verzenden. {_CONTACT}",
    "running": "De meting is nog niet gesloten. Daarna ziet u hier de antwoorden van uw regio "
    "naast die van alle regio's.",
    "planned": "De vragenlijst is nog niet open. Probeer het later met dezelfde link.",
    "closed": f"De meting is gesloten; u kunt niets meer invullen of wijzigen. {_CONTACT}",
}


def refuse_link(code: str) -> LinkRefused:
    return LinkRefused(code, _REFUSALS[code])


def check_invitation(
    *,
    withdrawn_at: datetime | None,
    expires_at: datetime | None,
    state: WaveState,
    has_begun: bool,
    now: datetime,
) -> None:
    """Raise LinkRefused unless the link may be used now. The most telling reason comes first."""
    if withdrawn_at is not None:
        raise refuse_link("withdrawn")
    may_finish = state is WaveState.CLOSING and has_begun
    if state is not WaveState.OPEN and not may_finish:
        raise refuse_link(state.value)
    if expires_at is not None and expires_at <= now:
        raise refuse_link("expired")


def check_closed_invitation(
    *,
    withdrawn_at: datetime | None,
    expires_at: datetime | None,
    state: WaveState,
    now: datetime,
) -> None:
    """Raise LinkRefused unless the link may still show what its region answered, now that the wave
    is closed. A link that was to work until some day does so for this as well."""
    if withdrawn_at is not None:
        raise refuse_link("withdrawn")
    if state is not WaveState.CLOSED:
        raise refuse_link("running")
    if expires_at is not None and expires_at <= now:
        raise refuse_link("expired")


def new_token() -> str:
    """A secret of 256 bits for a personal link."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. A plain hash will do: a random token cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()

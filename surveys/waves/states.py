"""The life of a wave: planned, open, closing, closed; which steps there are, and its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from surveys.answers import AnswerError, clean_text
from surveys.fieldwork import WaveState

NAME_LENGTH = 30
REASON_LENGTH = 500

_PLANNED, _OPEN, _CLOSING, _CLOSED = WaveState

# What may follow: who was asked to fill in cannot be told that the wave is yet to open.
NEXT_STATES: dict[WaveState, tuple[WaveState, ...]] = {
    _PLANNED: (_OPEN,),
    _OPEN: (_CLOSING, _CLOSED),
    _CLOSING: (_CLOSED, _OPEN),
    _CLOSED: (_OPEN,),
}

# waves are put in order by name, so the year comes first; a comma would divide a line of the trail
_NAME = re.compile(r"(?:19|20)\d\d[a-z]*(?:[- ][a-z0-9]+)*", re.ASCII | re.IGNORECASE)


class WaveRefused(Exception):
    """What may not be done with a wave. `message` is Dutch and says what to do."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.message = message or _REFUSALS[code]
        super().__init__(self.message)


_REFUSALS = {
    "name": f"Begin de naam met het jaar, zo nodig met iets erachter: 2026, 2026b of 2026 najaar. "
    f"Gebruik alleen letters, cijfers, spaties en streepjes, en niet meer dan {NAME_LENGTH} "
    "tekens.",
    "name_taken": "Er is al een meting met deze naam. Kies een andere naam.",
    "name_fixed": "De naam kan alleen worden gewijzigd zolang de meting gepland is.",
    "day_passed": "De sluitdatum is al voorbij. Kies vandaag of een latere dag, of laat hem leeg.",
    "to_planned": "Een meting die open is geweest, kan niet terug naar gepland. Sluit haar.",
    "from_planned": "De meting is nog niet open. Open haar eerst, of verwijder haar.",
    "from_closed": "De meting is gesloten. Heropen haar eerst.",
    "reason": "Geef een reden om de meting te heropenen.",
    "not_planned": "Alleen een geplande meting kan worden verwijderd.",
    "in_use": "Bij deze meting horen al uitnodigingen of antwoorden. Zij kan niet worden "
    "verwijderd.",
}


def check_name(name: str, others: Iterable[str]) -> str:
    """The name as it is kept. Raises WaveRefused ('name', 'name_taken')."""
    kept = " ".join(name.split())
    if len(kept) > NAME_LENGTH or not _NAME.fullmatch(kept):
        raise WaveRefused("name")
    if kept.lower() in {other.lower() for other in others}:
        raise WaveRefused("name_taken")
    return kept


def warn_of_other_wave(name: str, meant_for: str) -> str | None:
    """A Dutch sentence where a questionnaire was made for another wave than the one of this name;
    it may quote anything. One for 2026 fits '2026 najaar' too."""
    if name.casefold().startswith(meant_for.strip().casefold()):
        return None
    return (
        f"Let op: deze vragenlijst is gemaakt voor meting {meant_for}, en dit is meting {name}. "
        "Klopt dat niet? Kies dan een andere vragenlijst."
    )


def check_closing_day(day: date | None, today: date) -> None:
    """Raise WaveRefused ('day_passed') for a day on which nobody can fill in any more."""
    if day is not None and day < today:
        raise WaveRefused("day_passed")


def is_reopening(old: WaveState, new: WaveState) -> bool:
    return (old, new) == (WaveState.CLOSED, WaveState.OPEN)


def check_step(old: WaveState, new: WaveState, reason: str | None) -> str | None:
    """The reason as it is kept: of reopening only, which asks one. Raises WaveRefused."""
    if new not in NEXT_STATES[old]:
        raise WaveRefused("to_planned" if new is WaveState.PLANNED else f"from_{old.value}")
    if not is_reopening(old, new):
        return None
    if not (text := (reason or "").strip()):
        raise WaveRefused("reason")
    try:
        return clean_text("reden", text, REASON_LENGTH)
    except AnswerError as error:
        raise WaveRefused("reason", error.message) from error

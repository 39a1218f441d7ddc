"""The answers of a file are taken over in a wave: what came of it, and when it may not be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from surveys.fieldwork import WaveState

# While regions are filling in, a file could cross what they do.
IMPORT_STATES = (WaveState.PLANNED, WaveState.CLOSED)


@dataclass(frozen=True)
class Imported:
    """`regions`: how many the file has answers of. `is_new`: False where the same file had been
    taken over with the same mapping, so that nothing changed."""

    regions: int
    is_new: bool


class ImportRefused(Exception):
    """Why nothing was taken over. `str` is English; `message` is Dutch and says what to do.
    `regions`: the numbers that it is about."""

    def __init__(self, code: str, regions: Iterable[str] = ()) -> None:
        english, dutch = _REFUSALS[code]
        self.code = code
        self.regions = tuple(regions)
        named = f": {', '.join(self.regions)}" if self.regions else ""
        self.message = dutch.format(named=named)
        super().__init__(english.format(named=named))


_REFUSALS = {
    "running": (
        "regions are filling in: only a planned or a closed wave takes answers from a file",
        "De meting is open: regio's vullen nu in. Inlezen kan in een geplande of een gesloten "
        "meting.",
    ),
    "questionnaire": (
        "the wave has another questionnaire; leave --questionnaire out to use that one",
        "De meting heeft intussen een andere vragenlijst. Kies de meting opnieuw.",
    ),
    "nothing": (
        "the file has no region with an answer",
        "Het bestand heeft geen enkele regio met een antwoord.",
    ),
    "unknown_regions": (
        "these regions are not in the register; add them first{named}",
        "Deze regio's staan niet in het register. Voeg ze eerst toe{named}.",
    ),
    "has_answers": (
        "these regions have answers in this wave already; take them out of the file, or set "
        "those answers invalid{named}",
        "Deze regio's hebben al antwoorden in deze meting. Haal ze uit het bestand, of verklaar "
        "die antwoorden ongeldig bij Invoer en correctie{named}.",
    ),
}

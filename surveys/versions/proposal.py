"""Another version of a wave's questionnaire: what it changes, and whether it may be used."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.versions.difference import Change
from surveys.versions.orphans import Orphan
from surveys.waves.states import WaveRefused


@dataclass(frozen=True)
class Proposal:
    """A version beside the one in use, as the evaluator sees it before deciding.

    `in_use`: the hash of the version in use. `orphans`: the answers that would lose their place.
    `drafts`: how many responses in progress would go on in the new version. `finals`: how many
    submitted ones stay with the version that they answered.
    """

    in_use: str
    changes: tuple[Change, ...]
    orphans: tuple[Orphan, ...]
    drafts: int
    finals: int


class WaveIsClosed(WaveRefused):
    """A closed wave keeps the questionnaire that was answered."""

    def __init__(self) -> None:
        super().__init__(
            "closed",
            "De meting is gesloten: de vragenlijst ligt vast. Heropen de meting als er nog iets "
            "aan moet veranderen.",
        )


class QuestionnaireChanged(WaveRefused):
    """Another version was taken into use since the evaluator looked."""

    def __init__(self) -> None:
        super().__init__(
            "changed",
            "Intussen is een andere versie van de vragenlijst in gebruik genomen. Bekijk de "
            "verschillen opnieuw.",
        )


class AnswersOrphaned(WaveRefused):
    """`orphans`: the answers that would lose their place."""

    def __init__(self, orphans: tuple[Orphan, ...]) -> None:
        super().__init__(
            "orphans",
            "Deze versie kan niet in gebruik: antwoorden die al gegeven zijn, zouden hun plaats "
            f"verliezen. {' '.join(orphan.sentence for orphan in orphans)}",
        )
        self.orphans = orphans

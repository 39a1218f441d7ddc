"""Which regions a comparison is over: the same ones twice, others, or some of both."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.counts import PairCounts, WaveCounts
from analysis.settings import INDEPENDENT, OVERLAP, PAIRED, Design

_FOUND = {
    PAIRED: "Alle regio's antwoordden in beide metingen. Elke regio wordt met zichzelf vergeleken.",
    OVERLAP: (
        "Een deel van de regio's antwoordde in beide metingen, een deel in één. De uitkomst gaat "
        "over de regio's die in beide antwoordden, elk met zichzelf vergeleken; de uitkomst over "
        "alle regio's staat er apart bij."
    ),
    INDEPENDENT: (
        "Geen enkele regio antwoordde in beide metingen. De metingen worden als verschillende "
        "groepen vergeleken."
    ),
}
_WANTED = {
    PAIRED: "alleen regio's die in beide metingen antwoordden, elk met zichzelf vergeleken",
    OVERLAP: "de regio's die in beide metingen antwoordden, met alle regio's er apart bij",
    INDEPENDENT: "alle regio's van beide metingen, als verschillende groepen",
}
COMPLETE_ITEM = (
    "Alle geldige antwoorden op deze vraag komen van regio's die haar in beide metingen "
    "beantwoordden. Elke regio wordt met zichzelf vergeleken."
)


@dataclass(frozen=True)
class ChosenDesign:
    """`name` is PAIRED, OVERLAP or INDEPENDENT, `reason` one or two plain Dutch sentences."""

    name: Design
    reason: str


def choose_design(
    before: WaveCounts, after: WaveCounts, pairs: PairCounts, wanted: Design = "auto"
) -> ChosenDesign:
    """The design that follows from who answered when, unless the evaluator overrules it."""
    found: Design
    if pairs.regions == 0:
        found = INDEPENDENT
    elif before.respondents == after.respondents == pairs.regions:
        found = PAIRED
    else:
        found = OVERLAP
    if wanted in ("auto", found):
        return ChosenDesign(found, _FOUND[found])
    return ChosenDesign(wanted, f"De onderzoeker koos dit: {_WANTED[wanted]}.")

"""The appendix: how the figures of a report were made, in words for who is no statistician."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.decision import CHANGED, EQUIVALENT, NOT_COMPARABLE, NOT_SHOWN, NOT_TESTABLE
from analysis.disclosure import SMALLEST_GROUP, SMALLEST_PERCENTAGE, SUPPRESSED
from analysis.report.content import Passage
from analysis.results.exhibit import Exhibit

_MEANINGS = {
    CHANGED: (
        "de verandering is groter dan door toeval te verwachten is (p < 0,05). Alleen dan staat "
        "er een ster."
    ),
    NOT_SHOWN: (
        "er is geen verandering aangetoond. Dat betekent niet dat er niets veranderde: met dit "
        "aantal regio's blijft een kleine verandering vaak onopgemerkt."
    ),
    EQUIVALENT: "een verandering die ertoe doet, is uitgesloten.",
    NOT_TESTABLE: "er zijn te weinig antwoorden om te toetsen.",
    NOT_COMPARABLE: "de vraag is in de twee metingen niet hetzelfde gesteld.",
}
_HIDDEN = (
    f"Een cijfer over minder dan {SMALLEST_GROUP} regio's wordt niet getoond, en een percentage of "
    f"gemiddelde over minder dan {SMALLEST_PERCENTAGE} evenmin. Er staat dan '{SUPPRESSED}': dat "
    "is iets anders dan 0.",
    "Ook wat met aftrekken te vinden zou zijn, wordt niet getoond.",
)
_ROUNDED = (
    "'Weet niet', 'niet van toepassing', overgeslagen en niet gevraagd tellen niet mee in een "
    "percentage of gemiddelde. Bij elk cijfer staat over hoeveel regio's het gaat.",
    "Percentages zijn afgerond op hele procenten, een half naar boven. Verschillen zijn berekend "
    "vóór het afronden.",
)


def explain_method(exhibits: Sequence[Exhibit]) -> tuple[Passage, ...]:
    """What must be known of these figures: the comparison, the outcomes, what is not shown."""
    passages = (
        Passage("Hoe de metingen zijn vergeleken", _once(e.why for e in exhibits)),
        Passage("Wat de uitkomsten betekenen", _meanings(exhibits)),
        Passage("Wat niet wordt getoond", _HIDDEN),
        Passage("Ontbrekende antwoorden en afronding", _ROUNDED),
    )
    return tuple(passage for passage in passages if passage.paragraphs)


def _meanings(exhibits: Iterable[Exhibit]) -> tuple[str, ...]:
    """Of the outcomes that occur."""
    found = {row["outcome"] for exhibit in exhibits for row in exhibit.table.rows}
    return tuple(
        f"{outcome.capitalize()}: {meaning}"
        for outcome, meaning in _MEANINGS.items()
        if outcome in found
    )


def _once(texts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in texts for text in group))

"""What one region's answers say beside those of all regions, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.counts import CHOSEN
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.own_region import OwnLevel, mean_grade
from surveys.items import MultipleItem


def tell_most_given(table: ReleasedTable) -> str:
    """At how many questions the region gave the answer that most regions gave."""
    own = [row for row in table.rows if row["own"]]
    if not own:
        return _tell_none(table)
    most = sum(count_own(row) == max(int(share["count"]) for share in row["shares"]) for row in own)
    if len(own) == 1:
        sign = "" if most else "niet "
        return f"Het antwoord van uw regio is landelijk {sign}het meest gegeven"
    return (
        f"Bij {most} van de {len(own)} vragen gaf uw regio het antwoord dat landelijk het meest is "
        "gegeven"
    )


def tell_above_mean(table: ReleasedTable) -> str:
    """How many of the region's grades are higher than the mean."""
    own = [row for row in table.rows if row["own"]]
    if not own:
        return _tell_none(table)
    above = sum(int(row["own"]) > mean_grade(row["shares"]) for row in own)
    if len(own) == 1:
        place = "boven" if above else "niet boven"
        return f"Het cijfer van uw regio ligt {place} het landelijk gemiddelde"
    verb = "ligt" if above == 1 else "liggen"
    return f"{above} van de {len(own)} cijfers van uw regio {verb} boven het landelijk gemiddelde"


def tell_chosen(question: MultipleItem, figures: Sequence[OwnLevel], own: str) -> str:
    """How many options the region chose; `own`: its answer in words."""
    alone = {choice.code for choice in question.choices if choice.exclusive}
    offered = [figure for figure in figures if figure.own and figure.part not in alone]
    if not offered:
        return f"Uw regio antwoordde: {own}"
    chosen = sum(figure.own == CHOSEN for figure in offered)
    return f"Uw regio koos {chosen} van de {len(offered)} antwoorden"


def _tell_none(table: ReleasedTable) -> str:
    if any(row["shares"] for row in table.rows):
        return "Uw regio gaf hier geen van de antwoorden"
    return "Hier zijn geen landelijke cijfers te tonen"


def count_own(row: ReleasedRow) -> int:
    """How many regions gave the region's own answer."""
    return next(int(share["count"]) for share in row["shares"] if share["code"] == row["own"])

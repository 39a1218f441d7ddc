"""What the evaluator may overrule on a results page."""

from __future__ import annotations

import streamlit as st

from analysis.measures import PROPORTION
from analysis.pages.result_page import show_notes
from analysis.results.source import WaveResult
from analysis.settings import Adjustment, Design, Follows, Margin, Settings
from surveys.dutch import format_number
from surveys.pages.visitor import current_person
from surveys.roles import Right

FOR_EVALUATOR = "Voor de onderzoeker"

_DESIGNS: dict[Design, str] = {
    "auto": "volgt uit de gegevens (standaard)",
    "paired": "alleen regio's die in beide jaren antwoordden",
    "overlap": "regio's die in beide jaren antwoordden, met alle regio's er apart bij",
    "independent": "alle regio's, als verschillende groepen",
}
_STARS: dict[str, tuple[Follows, Adjustment, str]] = {
    "raw": ("raw", "holm", "p zonder correctie (standaard)"),
    "holm": ("adjusted", "holm", "p met Holm-correctie"),
    "bh": ("adjusted", "bh", "p met correctie volgens Benjamini-Hochberg"),
}
_POINTS = (None, 5, 10, 15, 20)
_GRADES = (None, 0.25, 0.5, 0.75, 1.0)


def choose_settings(measure: str = PROPORTION) -> Settings:
    """The settings of a comparison, with a margin for the measure; kept while the window is
    open. Only who does the research may overrule the usual ones."""
    if not current_person().may(Right.DO_FIELDWORK):
        return Settings()
    with st.expander(FOR_EVALUATOR):
        stars = st.radio(
            "De ster volgt",
            list(_STARS),
            format_func=lambda name: _STARS[name][2],
            key="ster_volgt",
            persist_state="session",
        )
        show_notes(
            "Wie veel vragen toetst, vindt er al snel een die toevallig verschilt. De correctie "
            "van Holm voorkomt dat het strengst; die van Benjamini-Hochberg past bij een "
            "verkenning en houdt het deel valse sterren klein."
        )
        design: Design = st.selectbox(
            "Welke regio's worden vergeleken",
            list(_DESIGNS),
            format_func=lambda name: _DESIGNS[name],
            key="opzet",
            persist_state="session",
            width=560,
        )
        margin = _choose_margin(measure)
    follows, adjustment, _ = _STARS[stars]
    return Settings(design=design, adjustment=adjustment, stars=follows, margin=margin)


def _choose_margin(measure: str) -> Margin:
    is_share = measure == PROPORTION
    size = st.selectbox(
        "Marge waarbinnen een verschil gelijkwaardig heet",
        _POINTS if is_share else _GRADES,
        format_func=lambda size: _tell_size(size, measure),
        key="marge" if is_share else "marge_cijfer",
        persist_state="session",
        width=420,
    )
    show_notes(
        "Alleen met een marge kan de uitkomst 'gelijkwaardig' zijn. Kies haar vooraf: het verschil "
        "dat te klein is om iets uit te maken."
    )
    if size is None:
        return Margin()
    return Margin(proportion=size / 100) if is_share else Margin(mean=float(size))


def _tell_size(size: float | None, measure: str) -> str:
    if size is None:
        return "geen (standaard)"
    return f"{size} procentpunten" if measure == PROPORTION else f"{format_number(size, 2)} punt"


def choose_population(result: WaveResult) -> int | None:
    """The number of regions that the intervals are about; None: of regions without end."""
    if not current_person().may(Right.DO_FIELDWORK):
        return None
    asked = result.counts.asked
    with st.expander(FOR_EVALUATOR):
        is_finite = st.toggle(
            f"Interval voor alle {asked} gevraagde regio's (correctie voor een eindige populatie)"
            if asked
            else "Interval voor alle gevraagde regio's (niet bekend hoeveel er gevraagd zijn)",
            disabled=asked is None,
            key="eindige_populatie",
        )
    return asked if is_finite else None


def tell_deviation(settings: Settings) -> str:
    """What the evaluator changed, for who reads the figures; empty if nothing."""
    follows = {(star, adjustment): told for star, adjustment, told in _STARS.values()}
    changed = []
    if settings.stars != "raw":
        changed.append(f"de ster volgt de {follows[settings.stars, settings.adjustment]}")
    if settings.design != "auto":
        changed.append(f"vergeleken: {_DESIGNS[settings.design]}")
    if settings.margin != Margin():
        changed.append("er is een marge gekozen waarbinnen een verschil gelijkwaardig heet")
    if not changed:
        return ""
    return f"Ingesteld bij '{FOR_EVALUATOR}', onderaan: {'; '.join(changed)}."

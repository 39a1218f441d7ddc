"""What the evaluator may overrule on a results page."""

from __future__ import annotations

import streamlit as st

from analysis.settings import Adjustment, Design, Follows, Margin, Settings

_DESIGNS: dict[Design, str] = {
    "auto": "volgt uit de gegevens",
    "paired": "alleen regio's die in beide jaren antwoordden",
    "overlap": "die regio's, met alle regio's er apart bij",
    "independent": "alle regio's, als verschillende groepen",
}
_STARS: dict[str, tuple[Follows, Adjustment, str]] = {
    "raw": ("raw", "holm", "p zonder correctie"),
    "holm": ("adjusted", "holm", "p met Holm-correctie"),
    "bh": ("adjusted", "bh", "p met correctie volgens Benjamini-Hochberg"),
}
_MARGINS = (None, 5, 10, 15, 20)


def choose_settings() -> Settings:
    """The settings of a comparison; kept while the window is open."""
    st.subheader("Voor de onderzoeker", anchor=False)
    stars = st.radio(
        "De ster volgt",
        list(_STARS),
        format_func=lambda name: _STARS[name][2],
        horizontal=True,
        key="ster_volgt",
        persist_state="session",
    )
    design: Design = st.selectbox(
        "Welke regio's worden vergeleken",
        list(_DESIGNS),
        format_func=lambda name: _DESIGNS[name],
        key="opzet",
        persist_state="session",
        width=420,
    )
    margin = st.selectbox(
        "Marge waarbinnen een verschil gelijkwaardig heet (alleen voor percentages)",
        _MARGINS,
        format_func=lambda points: "geen" if points is None else f"{points} procentpunten",
        key="marge",
        persist_state="session",
        width=420,
    )
    follows, adjustment, _ = _STARS[stars]
    return Settings(
        design=design,
        adjustment=adjustment,
        stars=follows,
        margin=Margin(proportion=None if margin is None else margin / 100),
    )

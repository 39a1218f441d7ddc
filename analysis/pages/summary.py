"""In short: how many regions answered, and the few findings that matter."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from surveys.example import plan_example_waves, read_example_register
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person, require
from surveys.roles import Right

_PAGES = {
    "urgentie": "urgency",
    "opbrengsten": "yields",
    "aandacht": "attention",
    "rapportcijfers": "grades",
    "borging": "anchoring",
    "prioriteiten": "priorities",
}


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title("In het kort", anchor=False)
    st.text("Wat programmaleiders zeggen over de voortgang van STO in hun regio, meting na meting.")
    if current_store().waves.all():
        _show_results()
    elif current_person().may(Right.DO_FIELDWORK):
        _offer_example()
    else:
        st.text("Er zijn nog geen metingen.")


def _show_results() -> None:
    # the libraries of the results load here, not where there is nothing to show
    from analysis.pages.finding_list import show_findings

    show_findings({section: _page(name) for section, name in _PAGES.items()})


def _page(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.py")


def _offer_example() -> None:
    st.text(
        "De database is nog leeg. Met voorbeelddata ziet u hoe de monitor werkt: 78 verzonnen "
        "regio's, de metingen 2021 en 2024. De antwoorden zijn zo gemaakt dat precies de "
        "gepubliceerde cijfers eruit komen."
    )
    if st.button("Voorbeelddata laden", type="primary"):
        from analysis.example import solve_example
        from analysis.published import read_published

        answers = solve_example(read_published())
        current_store().waves.load_example(read_example_register(), plan_example_waves(answers))
        st.rerun()


show_page()

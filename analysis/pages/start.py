"""The first page: what is here, and example data for who has none yet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from surveys.dutch import format_percentage
from surveys.example import plan_example_waves, read_example_register
from surveys.fieldwork import EXAMPLE_LABEL, Wave
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person, require
from surveys.plain_text import escape_markdown
from surveys.roles import Right


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title("Monitor Sterk Techniekonderwijs", anchor=False)
    waves = current_store().waves.all()
    if waves:
        _show_waves(waves)
    elif current_person().may(Right.DO_FIELDWORK):
        _offer_example()
    else:
        st.text("Er zijn nog geen metingen.")


def _show_waves(waves: list[Wave]) -> None:
    if any(wave.is_example for wave in waves):
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    st.text("Wat programmaleiders zeggen over de voortgang van STO in hun regio, meting na meting.")
    for wave in waves:
        counts = current_store().monitoring.response_counts(wave.name)
        asked = f" van {counts.invited}" if counts.invited else ""
        share = f" ({format_percentage(counts.submitted / counts.invited)})" if asked else ""
        st.markdown(
            f"**Meting {escape_markdown(wave.name)}**: {counts.submitted}{asked} regio's "
            f"antwoordden{share}."
        )
    st.header("Naar de resultaten", anchor=False)
    for page, label in (
        ("urgency", "Urgentie: wat is in de regio's dringend, en wat veranderde daaraan?"),
        ("yields", "Opbrengsten: wat leverde STO op?"),
        ("attention", "Aandacht: waar gaat de aandacht naar uit?"),
        ("grades", "Rapportcijfers: hoe beoordelen programmaleiders de uitspraken over STO?"),
        ("anchoring", "Borging: wat is er geregeld voor na de subsidie?"),
        ("groups", "Groepen: verschillen regio's van elkaar, bijvoorbeeld naar grootte?"),
    ):
        st.page_link(Path(__file__).with_name(f"{page}.py"), label=label)


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

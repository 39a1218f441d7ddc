"""The programme leader's page once the wave is closed: what the region answered, beside all regions
and beside its own answers of the wave before. Opened by the personal link."""

from __future__ import annotations

import streamlit as st

from analysis.pages.result_page import show_chart, show_notes, show_printed
from analysis.pages.wave_choice import today
from analysis.results.own_region import METHOD, OwnBlock, OwnPart, lay_beside
from surveys.dutch import format_date, format_time
from surveys.fieldwork import EXAMPLE_LABEL, LinkRefused
from surveys.own_results import OwnResults
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_html, escape_markdown
from surveys.roles import Right

_TITLE = "Mijn regio"


def show_page() -> None:
    require(Right.FILL_IN)
    st.title(_TITLE, anchor=False)
    try:
        results = current_store().own_region.read(st.session_state.get("token", ""))
    except LinkRefused as refused:
        st.text(refused.message)
        return
    if results.wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    _show_heading(results)
    overview = lay_beside(results, today())
    _explain(results, overview.base)
    for block in overview.blocks:
        _show_block(block)
    show_notes(METHOD, f"{overview.source}.")
    with st.container(key="niet-afdrukken-privacy"):
        st.markdown("[Wat bewaren wij van u?](privacy)")


def _show_heading(results: OwnResults) -> None:
    name, wave = escape_markdown(results.region_name), escape_markdown(results.wave.name)
    st.header(f"{name}, meting {wave}", anchor=False)
    version = f" (versie {results.version})" if results.version > 1 else ""
    st.text(
        f"Verzonden op {format_date(results.submitted_at)} om "
        f"{format_time(results.submitted_at)}{version}. De meting is gesloten; u kunt niets meer "
        "invullen of wijzigen."
    )
    if results.has_unsent:
        st.text(
            "U was uw antwoorden aan het wijzigen toen de meting sloot. Wat u niet verzond, telt "
            "niet mee en staat hier niet."
        )


def _explain(results: OwnResults, base: str) -> None:
    st.text(
        "Hier staat per vraag wat uw regio antwoordde naast de antwoorden van alle regio's. Dit "
        "overzicht krijgt alleen wie uw persoonlijke link heeft, dus niet de stuurgroep."
    )
    signs = ["▼ **uw regio**: wat uw regio nu antwoordde"]
    if results.earlier:
        wave = escape_markdown(results.earlier_wave)
        signs.append(f"▲ **in {wave}**: wat uw regio toen antwoordde op dezelfde vraag")
    st.markdown("\n".join(f"- {sign}" for sign in signs))
    st.markdown(f"Landelijk: {escape_markdown(base)}.")
    if results.earlier and results.is_regrouped:
        st.text(
            f"Uw regio kreeg na de meting {results.earlier_wave} een andere samenstelling. Het "
            "antwoord van toen gaat over de regio zoals die toen was."
        )
    with st.container(key="niet-afdrukken"):
        st.html('<button type="button" data-afdrukken>Afdrukken of bewaren als pdf</button>')


def _show_block(block: OwnBlock) -> None:
    for number, part in enumerate(block.parts):
        with st.container(key=f"bijeen-{block.section}-{number}"):  # on one page when printed
            if number == 0:
                _show_title(block)
            _show_figure(part)
        show_printed(part.table)
        show_notes(*part.notes)
    if not block.parts:
        _show_title(block)
    for question, answer in block.texts:
        st.html(f'<p class="vraagstam">{escape_html(question)}</p>')
        st.text(answer)


def _show_title(block: OwnBlock) -> None:
    st.header(escape_markdown(block.title), anchor=False)


def _show_figure(part: OwnPart) -> None:
    if part.heading:
        st.html(f'<p class="vraagstam">{escape_html(part.heading)}</p>')
    if part.finding:
        st.markdown(f"{escape_markdown(part.finding)}.")
    if part.draw is not None:
        show_chart(part.draw())


show_page()

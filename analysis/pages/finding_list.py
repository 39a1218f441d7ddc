"""The response and the findings in short, each with its small picture and the way to more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from analysis.charts import draw_spark
from analysis.pages.result_page import show_chart, show_notes, show_printed
from analysis.pages.wave_choice import choose_waves, today
from analysis.results.findings import Finding, find_findings, print_findings
from analysis.results.priorities import read_joint, release_priorities
from analysis.results.sentences import tell_response
from analysis.results.source import PairResult, WaveResult, tell_source
from analysis.settings import Settings
from analysis.wording import tell_regions
from surveys.pages.storage import current_store
from surveys.plain_text import escape_markdown


def show_findings(pages: Mapping[str, Path]) -> None:
    """`pages`: per section of a finding the page that tells more."""
    chosen = choose_waves()
    if chosen is None:
        return
    last, pair = chosen.last, chosen.pair
    _show_response(last, pair)
    priorities = release_priorities(last, read_joint(current_store(), last), None, today())
    findings = find_findings(last, pair, priorities, Settings(), today())
    st.header("Wat valt op", anchor=False)
    for number, finding in enumerate(findings):
        _show_finding(finding, number, pages)
    if not findings:
        st.text("Er zijn nog te weinig antwoorden voor een bevinding.")
        return
    show_printed(print_findings(findings))
    show_notes(
        "'Groter dan toeval' betekent: zo'n verschil komt in minder dan 1 op de 20 gevallen voor "
        "als er in werkelijkheid niets is veranderd (p < 0,05; bij prioriteiten met correctie voor "
        "het aantal toetsen, bij veranderingen zonder). 'Niet aangetoond' is niet hetzelfde als: "
        "geen verandering.",
        f"{tell_source(chosen.results, today())}.",
    )


def _show_response(last: WaveResult, pair: PairResult | None) -> None:
    told = tell_response(last.counts.respondents, last.counts.asked, last.name)
    st.header(escape_markdown(told.rstrip(".")), anchor=False)
    if pair and pair.pairs.regions:
        st.markdown(
            f"Daarvan antwoordden {tell_regions(pair.pairs.regions)} ook in "
            f"{escape_markdown(pair.before.name)}: die zijn met zichzelf vergeleken."
        )


def _show_finding(finding: Finding, number: int, pages: Mapping[str, Path]) -> None:
    with st.container(border=True, key=f"bevinding-{number}"):
        said, picture = st.columns([3, 2], vertical_alignment="center")
        with said:
            st.markdown(f"**{escape_markdown(finding.sentence)}**")
            page = pages.get(finding.section)
            if page:
                chosen = {"vraag": finding.question} if finding.question else {}
                st.page_link(page, label=_tell_link(finding), query_params=chosen)
        if finding.row is not None:
            with picture:
                show_chart(draw_spark(finding.table, finding.row, finding=finding.sentence))


def _tell_link(finding: Finding) -> str:
    return f"Meer over: {escape_markdown(finding.question or finding.table.title)}"

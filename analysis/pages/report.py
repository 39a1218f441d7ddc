"""A report to take along: in which format, on whose template, with its progress shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import streamlit as st

from analysis.pages.result_page import show_notes
from analysis.pages.wave_choice import choose_pair, today
from analysis.report.build import make_report
from analysis.report.formats import Format, write_report
from analysis.report.template import TemplateRefused
from analysis.results.source import PairResult
from surveys.dutch import format_number
from surveys.pages.storage import current_store
from surveys.pages.visitor import person_at_click, require
from surveys.roles import NotPermitted, Right

_FORMATS = {
    Format.PPTX: ("PowerPoint", "een dia per bevinding, met grafieken die u kunt bewerken"),
    Format.DOCX: ("Word", "met afbeeldingen voor druk en gewone tabellen"),
    Format.PDF: ("PDF", "toegankelijk, met bladwijzers"),
    Format.HTML: ("HTML", "één bestand om in de browser te lezen"),
}
_MADE = "rapport"


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title("Rapport", anchor=False)
    st.text(
        "Alle uitkomsten van twee metingen in één bestand: de respons, per blok de grafieken, de "
        "tabellen en de bevindingen, en hoe de cijfers gemaakt zijn."
    )
    pair = choose_pair()
    if pair is None:
        return
    names = {label: wanted for wanted, (label, _) in _FORMATS.items()}
    wanted = names[
        st.radio(
            "Soort bestand",
            list(names),
            captions=[about for _, about in _FORMATS.values()],
            key="soort",
            bind="query-params",
        )
    ]
    template = _choose_template(wanted)
    if st.button("Rapport maken", type="primary"):
        _make(pair, wanted, template)
    _offer(pair, wanted, template)


def _choose_template(wanted: Format) -> bytes | None:
    if not wanted.takes_template:
        return None
    kinds = [str(wanted), "potx" if wanted is Format.PPTX else "dotx"]
    chosen = st.file_uploader(
        f"Sjabloon van uw organisatie ({' of '.join(kinds)}), als u dat wilt gebruiken",
        type=kinds,
        key=f"sjabloon-{wanted}",
    )
    return chosen.getvalue() if chosen else None


def _make(pair: PairResult, wanted: Format, template: bytes | None) -> None:
    """Half of the bar is for the figures, half for the file."""
    bar = st.progress(0.0, "De antwoorden worden geteld")

    def show(part: float, doing: str) -> None:
        bar.progress(part, doing)

    try:
        waves = pair.before.wave, pair.after.wave
        report = make_report(
            current_store(), *waves, today(), lambda part, doing: show(part / 2, doing)
        )
        file = write_report(
            report, wanted, template, lambda part, doing: show(0.5 + part / 2, doing)
        )
    except TemplateRefused as refused:
        st.error(refused.dutch)
    else:
        st.session_state[_MADE] = (_mark(pair, wanted, template), file)
    bar.empty()


def _mark(pair: PairResult, wanted: Format, template: bytes | None) -> tuple[str, ...]:
    """What a file was made of: it is not offered for anything else."""
    about = hashlib.sha256(template).hexdigest() if template else ""
    return pair.before.name, pair.after.name, wanted, about


def _offer(pair: PairResult, wanted: Format, template: bytes | None) -> None:
    mark, file = st.session_state.get(_MADE, ((), b""))
    if mark != _mark(pair, wanted, template):
        return
    st.download_button(
        f"Rapport downloaden ({_FORMATS[wanted][0]})",
        data=_give(file),
        file_name=_name_file(pair, wanted),
        mime=wanted.mime,
        on_click="ignore",
    )
    size = format_number(len(file) / 1e6)
    show_notes(f"Klaar: {size} MB, gemaakt van de cijfers van dit moment.")


def _name_file(pair: PairResult, wanted: Format) -> str:
    waves = re.sub(r"[^\w-]+", "-", f"{pair.before.name}-{pair.after.name}")
    return f"sto-monitor-{waves}.{wanted}"


def _give(file: bytes) -> Callable[[], bytes]:
    """The file, for who may still see results at the click."""
    ask = person_at_click()

    def give() -> bytes:
        person = ask()
        if not person.may(Right.SEE_RESULTS):
            raise NotPermitted(person, Right.SEE_RESULTS)
        return file

    return give


show_page()

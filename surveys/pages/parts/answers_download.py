"""The answers of a wave as a file, for who analyses them elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st

from db.store import Store
from surveys.dutch import local_day
from surveys.fieldwork import Wave
from surveys.microdata import Export, name_file, to_csv
from surveys.microdata_workbook import to_xlsx
from surveys.pages.storage import store_at_click

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: tuple[tuple[str, str, str, Callable[[Export], bytes]], ...] = (
    ("Antwoorden (Excel)", "xlsx", _EXCEL, to_xlsx),
    ("Antwoorden (CSV, voor programma's)", "csv", "text/csv", to_csv),
)


def _make(at_click: Callable[[], Store], wave: str, write: Callable[[Export], bytes]) -> bytes:
    return write(at_click().entries.export(wave))


def draw_downloads(wave: Wave, submitted: int, now: datetime) -> None:
    """`submitted`: how many regions have answers that count."""
    st.header("Antwoorden downloaden", anchor=False)
    if not submitted:
        st.text("Er zijn nog geen antwoorden verzonden.")
        return
    st.text(
        "In het bestand staan de verzonden antwoorden van elke regio, ook die op open vragen. "
        "Daar kunnen namen in staan: bewaar het bestand veilig en deel het niet. Dat u het "
        "downloadt, komt in het logboek."
    )
    at_click = store_at_click()
    with st.container(horizontal=True):
        for label, suffix, mime, write in _KINDS:
            st.download_button(
                label,
                data=partial(_make, at_click, wave.name, write),
                file_name=name_file(wave.name, local_day(now), suffix, is_example=wave.is_example),
                mime=mime,
                on_click="ignore",
                key=f"antwoorden-{suffix}",
            )
    st.text(
        "In Excel staan ook een codeboek, hoe en wanneer elke inzending binnenkwam, en welke "
        "antwoorden van een eerdere meting zijn getoond. Het CSV-bestand heeft een regel per "
        "antwoord en kan weer worden ingelezen. Een tekst die op een formule lijkt, begint daarin "
        "met een apostrof; bij het inlezen verdwijnt die weer."
    )

"""The register of regions: what is known, taken over from a file, changed by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st

from surveys.dutch import format_day, local_day
from surveys.pages.parts.region_edit import show_edits
from surveys.pages.parts.region_file import show_upload
from surveys.pages.parts.region_succession import show_pairs, show_successions
from surveys.pages.parts.tables import draw_table
from surveys.pages.storage import current_store, store_at_click
from surveys.pages.visitor import require
from surveys.regions.contacts import Contact
from surveys.regions.register import Register
from surveys.regions.sheet import EMPTY_REGISTER, to_xlsx
from surveys.roles import Right

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Regio's", anchor=False)
    store = current_store()
    register, today = store.regions.known(), local_day(datetime.now(UTC))
    overview, upload, edits, successions, pairs = st.tabs(
        ["Overzicht", "Bestand inlezen", "Wijzigen", "Samengaan, splitsen, stoppen", "Paren"]
    )
    with overview:
        _show_register(register, today)
        _show_downloads(register)
    with upload:
        show_upload(store)
    with edits:
        show_edits(store, register, today)
    with successions:
        show_successions(store, register, today)
    with pairs:
        show_pairs(store)


def _show_register(register: Register, today: date) -> None:
    if not register.regions:
        st.text(
            "Er zijn nog geen regio's. Lees een bestand in, of voeg ze een voor een toe bij "
            "Wijzigen. Een leeg Excel-bestand om in te vullen staat hieronder."
        )
        return
    sought = st.text_input("Zoeken op nummer, naam, kenmerk of programmaleider", key="zoek-regio")
    heads = ["Regio", *register.attributes, "Programmaleider", "E-mailadres"]
    heads += ["Gestopt op"] if register.ended_on else []
    rows = [_row(register, number, today) for number in register.regions]
    words = sought.casefold().split()
    found = [row for row in rows if all(word in "\n".join(row).casefold() for word in words)]
    count = "1 regio" if len(found) == 1 else f"{len(found)} regio's"
    with st.container(key="uitkomst"):
        st.text(f"{count} van de {len(rows)}" if words else f"{count} in het register")
    if found:
        draw_table("De regio's", heads, found)


def _row(register: Register, number: str, today: date) -> list[str]:
    leader = register.contacts.get(number, Contact())
    values = register.regions[number]
    name = register.names[number]
    row = [number if name == number else f"{number} {name}"]
    row += [*(values.get(name, "") for name in register.attributes)]
    row += [leader.name, leader.email]
    if register.ended_on:
        end = register.ended_on.get(number)
        planned = " (gepland)" if end and end > today else ""
        row.append(f"{format_day(end)}{planned}" if end else "")
    return row


def _show_downloads(register: Register) -> None:
    st.subheader("Downloaden", anchor=False)
    if register.regions:
        st.text(
            "In het register staan namen en e-mailadressen: bewaar het bestand veilig. Dat u het "
            "downloadt, komt in het logboek. U kunt het wijzigen en weer inlezen. Waar een "
            "kenmerk niet bekend is, staat er: onbekend."
        )
    at_click = store_at_click()
    with st.container(horizontal=True):
        if register.regions:
            st.download_button(
                "Register (Excel)",
                data=lambda: to_xlsx(at_click().regions.export()),
                file_name=f"regios-{datetime.now().astimezone():%Y-%m-%d}.xlsx",
                mime=_EXCEL,
                on_click="ignore",
                key="register-xlsx",
            )
        st.download_button(
            "Leeg bestand om in te vullen (Excel)",
            data=lambda: to_xlsx(EMPTY_REGISTER),
            file_name="regios-leeg.xlsx",
            mime=_EXCEL,
            on_click="ignore",
            key="leeg-xlsx",
        )


show_page()

"""Personal links without mail: a sheet of all, or one for a region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from surveys.dutch import local_day
from surveys.fieldwork import Wave, WaveState
from surveys.mailing.app_address import personal_link
from surveys.mailing.link_sheet import make_link_sheet
from surveys.mailing.messages import NotMailable
from surveys.mailing.standing import Standing, find_reason_against_link
from surveys.pages.parts.messages import draw_told, tell_done, tell_refused
from surveys.pages.storage import current_store, store_at_click
from surveys.plain_text import escape_markdown

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_links(wave: Wave, regions: Sequence[Standing], address: str) -> None:
    draw_told("links")
    st.subheader("Een Excelblad met alle links", anchor=False)
    _draw_inviting(wave, regions)
    _draw_sheet(wave.name, regions, address)
    st.subheader("De link van één regio", anchor=False)
    _draw_one_link(wave.name, [region for region in regions if not region.ended], address)


def _draw_inviting(wave: Wave, regions: Sequence[Standing]) -> None:
    waiting = sum(not region.invited and not region.ended for region in regions)
    if not waiting or wave.state not in (WaveState.PLANNED, WaveState.OPEN):
        return
    st.text(
        f"{_tell_regions(waiting)} {'is' if waiting == 1 else 'zijn'} nog niet uitgenodigd. "
        "Nodig ze hier uit zonder dat er een mail uitgaat; daarna staan ze op het blad."
    )
    if st.button(f"{_tell_regions(waiting)} uitnodigen zonder mail", key="zonder-mail"):
        try:
            made = current_store().outbox.invite(wave.name)
            tell_done("links", f"Uitgenodigd zonder mail: {_tell_regions(made)}.")
        except NotMailable as refused:
            tell_refused("links", "Er is niemand uitgenodigd.", [refused.reason])
        st.rerun()


def _draw_sheet(wave: str, regions: Sequence[Standing], address: str) -> None:
    count = sum(find_reason_against_link(region) is None for region in regions)
    if not count:
        st.text("Er is geen uitgenodigde regio die nog moet antwoorden: er zijn geen links nodig.")
        return
    st.text(
        f"Het blad heeft een nieuwe link voor {_tell_regions(count)} die "
        f"{'is' if count == 1 else 'zijn'} uitgenodigd en nog moet{'' if count == 1 else 'en'} "
        "antwoorden. Eerdere links blijven werken. De links zijn geheim: wie er een heeft, kan de "
        "vragenlijst van die regio invullen. Verwijder het blad als de links verstuurd zijn."
    )
    at_click = store_at_click()
    st.download_button(
        "Blad met links downloaden (Excel)",
        data=lambda: make_link_sheet(at_click().outbox.make_links(wave, address)),
        file_name=f"links-{local_day(datetime.now(UTC))}.xlsx",
        mime=_EXCEL,
        on_click="ignore",
        key="links-xlsx",
    )


def _draw_one_link(wave: str, regions: Sequence[Standing], address: str) -> None:
    st.text(
        "Een nieuwe link maakt alle eerdere van die regio ongeldig; de antwoorden blijven. De link "
        "is alleen nu te zien: bewaard wordt hij niet."
    )
    named = {region.number: region for region in regions}
    number = st.selectbox(
        "Regio",
        [*named],
        format_func=lambda number: (
            f"{number} {named[number].region}: {_tell_standing(named[number])}"
        ),
        index=None,
        placeholder="Kies een regio",
        width=500,
        key="link-regio",
    )
    region = named.get(number or "")
    with st.container(horizontal=True):
        make = st.button(
            "Nieuwe link maken", key="link-maken", type="primary", disabled=region is None
        )
        withdraw = st.button(
            "Uitnodiging intrekken",
            key="link-intrekken",
            disabled=region is None or not region.invited,
        )
    if region is not None and make:
        token = current_store().invitations.renew(region.number, wave)
        st.success(
            f"De link voor {escape_markdown(region.region)}. Open hem in een ander venster of "
            "verstuur hem."
        )
        st.code(personal_link(address, token), language=None, wrap_lines=True)
    if region is not None and withdraw:
        current_store().invitations.withdraw(region.number, wave)
        tell_done("links", f"De links van {region.region} werken niet meer.")
        st.rerun()


def _tell_standing(region: Standing) -> str:
    if region.submitted:
        return "verzonden"
    if region.has_begun:
        return "begonnen"
    if region.is_refused:
        return "mail geweigerd"
    return "uitgenodigd" if region.invited else "niet uitgenodigd"


def _tell_regions(count: int) -> str:
    return "1 regio" if count == 1 else f"{count} regio's"

"""A personal link of a wave that closed, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from surveys.fieldwork import WaveState
from tests.browser.conftest import Server
from tests.db.scenes import save

pytestmark = pytest.mark.browser


def test_the_link_leads_to_mijn_regio_once_the_wave_closed_and_back_when_it_reopens(
    server: Server, chromium: Browser, all_types_token: str
) -> None:
    forms = server.store.forms
    visit = forms.visit(all_types_token)
    forms.submit(visit, save(server.store, visit, forms.begin(visit), {"schaal": "3"}))
    server.store.waves.set_state("2024", WaveState.CLOSED)

    phone = chromium.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{server.address}/?uitnodiging={all_types_token}")
    expect(phone.get_by_role("heading", level=1, name="Mijn regio")).to_be_visible()
    expect(phone.get_by_role("heading", level=2, name="Regio 01, meting 2024")).to_be_visible()
    expect(phone.get_by_role("rowheader", name="Een schaal")).to_be_visible()
    assert "/mijn-regio?vragenlijst=" in phone.url
    assert all_types_token not in phone.url
    assert not [url for url in asked if not url.startswith((server.address, "data:", "blob:"))]
    wide, visible = phone.get_by_test_id("stMain").evaluate("m => [m.scrollWidth, m.clientWidth]")
    assert wide <= visible == 390

    phone.reload()
    expect(phone.get_by_role("rowheader", name="Een schaal")).to_be_visible()

    server.store.waves.set_state("2024", WaveState.OPEN, "Te vroeg gesloten")
    phone.reload()
    expect(phone.get_by_role("heading", name="Bedankt")).to_be_visible()
    phone.close()

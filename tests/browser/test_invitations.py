"""From the page that invites to a programme leader at the questionnaire: by mail and by sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from surveys.definition import DEFINITIONS, read_definition
from surveys.fieldwork import WaveState
from surveys.regions.contacts import Contact
from tests.browser.conftest import Server, choose_option
from tests.db.mail_scenes import SENDER, address_of, read_mails, recipients, tell_leaders
from tests.surveys.mailing.servers import Mailroom, serve

pytestmark = pytest.mark.browser


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    """A mail server that the app is told of before it starts."""
    room = Mailroom()
    with serve(room) as port:
        monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SMTP_PORT", str(port))
        monkeypatch.setenv("SMTP_SECURITY", "none")
        monkeypatch.setenv("MAIL_FROM", f"{SENDER.name} <{SENDER.address}>")
        yield room


@pytest.fixture
def invited(room: Mailroom, server: Server) -> Server:
    definition = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml")
    server.store.waves.add("2024", definition, state=WaveState.OPEN)
    server.store.regions.add([("01", "Regio 01"), ("02", "Regio 02")])
    tell_leaders(server.store, {"01": Contact("Ann", address_of("01"))})
    return server


def open_questionnaire(chromium: Browser, link: str, region: str) -> None:
    leader = chromium.new_page(viewport={"width": 390, "height": 844})
    leader.goto(link)
    expect(leader.get_by_text(region).first).to_be_visible()
    expect(leader.get_by_role("heading", level=1)).to_be_visible()
    leader.close()


def test_a_mail_from_the_page_leads_to_the_questionnaire(
    invited: Server, room: Mailroom, chromium: Browser, page: Page
) -> None:
    page.goto(f"{invited.address}/uitnodigen")
    send = page.get_by_role("button", name="1 uitnodiging versturen")
    send.click()
    page.get_by_role("button", name="Nee, nog niet").press("Enter")
    expect(send).to_be_focused()
    send.press("Enter")
    expect(page.get_by_text("Er gaat 1 uitnodiging uit")).to_be_visible()
    page.get_by_role("button", name="Ja, versturen").click()
    expect(page.get_by_text("1 verstuurd").first).to_be_visible()
    assert recipients(room) == [address_of("01")]
    body = read_mails(room)[0].get_content()
    start = body.index(f"{invited.address}/?uitnodiging=")
    open_questionnaire(chromium, body[start:].split()[0], "Regio 01")


def test_a_link_and_a_sheet_of_links_lead_to_the_questionnaire(
    invited: Server, chromium: Browser, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{invited.address}/uitnodigen")
    page.get_by_role("tab", name="Links").click()
    page.get_by_role("button", name="2 regio's uitnodigen zonder mail").click()
    expect(page.get_by_text("Uitgenodigd zonder mail: 2 regio's.")).to_be_visible()
    sheet = tmp_path / "links.xlsx"
    with page.expect_download() as started:
        page.get_by_role("button", name="Blad met links downloaden (Excel)").click()
    started.value.save_as(sheet)
    lines = [row for row in load_workbook(sheet).active.values if row[0] in ("01", "02")]
    assert [line[:3] for line in lines] == [("01", "Regio 01", "Ann"), ("02", "Regio 02", "")]
    open_questionnaire(chromium, lines[1][4], "Regio 02")

    choose_option(page, "Regio", "01 Regio 01: uitgenodigd")
    page.get_by_role("button", name="Nieuwe link maken").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    open_questionnaire(chromium, link, "Regio 01")

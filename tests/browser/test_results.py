"""From a personal link to the steering group's results, through them, and out again as a file."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Locator, Page, expect

from surveys.fieldwork import EXAMPLE_LABEL
from surveys.items import MultipleItem, ScaleItem, YesNoItem
from tests.browser.conftest import Server, choose_option, turn_page

pytestmark = pytest.mark.browser

# Every page with a chart, by its name in the menu.
PAGES = (
    *("In het kort", "Prioriteiten", "Urgentie", "Opbrengsten", "Aandacht", "Rapportcijfers"),
    "Borging",
)
CHART = '[data-testid="stVegaLiteChart"] svg'
TEACHERS = "Voldoende techniekdocenten"
BY_CHANGE = "grootste verandering eerst"
THIRD_BY_CHANGE = re.compile("^De kwaliteit van het techniekonderwijs")
MOST_KEYS = 60


def free_region(server: Server) -> str:
    return next(
        region.number for region in server.store.monitoring.progress("2024") if region.state is None
    )


def answer_everything(server: Server, token: str) -> None:
    """All but the last step through the store: the way there has its own tests."""
    visit = server.store.forms.visit(token)
    form = server.store.forms.begin(visit)
    questionnaire = server.store.waves.questionnaire(form.questionnaire_hash)
    given: dict[str, str | tuple[str, ...]] = {}
    for question in questionnaire.questions:
        if isinstance(question, ScaleItem | YesNoItem):
            given[question.id] = questionnaire.choices(question)[0].code
        elif isinstance(question, MultipleItem):
            given[question.id] = ("aanbod",)
    server.store.forms.save(visit, form, dict(given))


def menu(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)


def told(page: Page) -> str | None:
    """What a screen reader says of the first chart."""
    return page.get_by_test_id("stVegaLiteChart").first.get_attribute("aria-label")


def key(page: Page, target: Locator, name: str) -> None:
    """Press a key on what the Tab key comes to."""
    expect(target).to_be_visible()
    for _ in range(MOST_KEYS):
        if target.evaluate("each => each.contains(document.activeElement)"):
            page.keyboard.press(name)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not come to {target}")


def download(page: Page, name: str) -> Download:
    with page.expect_download() as started:
        page.get_by_role("button", name=f"({name})").click()
    return started.value


def read_csv(found: Download, file: Path) -> list[dict[str, str]]:
    found.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def test_a_new_response_is_counted_and_seen_in_the_results(
    example: Server, chromium: Browser, page: Page
) -> None:
    page.goto(f"{example.address}/opbrengsten")
    expect(page.get_by_text("51 van 78 regio").first).to_be_visible()
    expect(page.locator(CHART).first).to_be_visible()

    page.clock.install()
    page.goto(f"{example.address}/veldwerk")
    expect(page.get_by_text("Verzonden: 51 van de 78 uitgenodigde regio's (65%)")).to_be_visible()
    token = example.store.invitations.renew(free_region(example), "2024")
    answer_everything(example, token)

    leader = chromium.new_page()
    leader.goto(f"{example.address}/?uitnodiging={token}")
    expect(leader.get_by_text(EXAMPLE_LABEL)).to_be_visible()
    for _ in range(4):
        turn_page(leader, "Volgende")
    turn_page(leader, "Naar controle")
    leader.get_by_role("button", name="Verzenden").click()
    expect(leader.get_by_role("heading", name="Bedankt")).to_be_visible()
    leader.close()

    # the page that stood open shows it by itself, every half minute
    page.clock.fast_forward("00:31")
    expect(page.get_by_text("Verzonden: 52 van de 78 uitgenodigde regio's (67%)")).to_be_visible()
    page.goto(f"{example.address}/opbrengsten")
    expect(page.get_by_text("52 van 78 regio").first).to_be_visible()
    expect(page.get_by_role("row", name="De kwaliteit van het techniekonderwijs")).to_contain_text(
        "85% (44)"
    )


def test_every_results_page_shows_chart_table_and_label_without_another_host(
    example: Server, page: Page
) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(example.address)
    for name in PAGES:
        menu(page, name).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(page.locator(CHART).first).to_be_visible()
        expect(page.get_by_role("table").first).to_be_visible()
        expect(page.get_by_text(EXAMPLE_LABEL).first).to_be_visible()
    assert {host for host in hosts if host} == {f"127.0.0.1:{example.port}"}


def test_a_finding_leads_to_its_question_and_back(example: Server, page: Page) -> None:
    page.goto(example.address)
    finding = page.get_by_text("De urgentie van voldoende techniekdocenten steeg van 57% naar 88%")
    expect(finding).to_be_visible()
    page.get_by_role("link", name=f"Meer over: {TEACHERS}").click()
    expect(page.get_by_role("heading", name="Urgentie", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Bekijk één aandachtspunt")).to_have_value(TEACHERS)
    expect(page.get_by_role("table", name="Urgentie in 2021 en 2024")).to_contain_text(TEACHERS)
    page.go_back()
    expect(finding).to_be_visible()


def test_a_view_is_shared_by_its_address(example: Server, page: Page, chromium: Browser) -> None:
    page.goto(f"{example.address}/urgentie")
    page.get_by_role("radio", name="Verdeling").click()
    page.get_by_text("Uitgelijnd op het midden").click()
    choose_option(page, "Volgorde", BY_CHANGE)
    expect(page.get_by_role("rowheader").nth(4)).to_have_text(THIRD_BY_CHANGE)
    page.wait_for_url(re.compile("weergave=.*volgorde=|volgorde=.*weergave="))
    seen = told(page)

    other = chromium.new_page(viewport={"width": 1200, "height": 900}, locale="nl-NL")
    other.goto(page.url)
    expect(other.get_by_role("radio", name="Verdeling")).to_be_checked()
    expect(other.get_by_role("switch", name="Uitgelijnd op het midden")).to_be_checked()
    expect(other.get_by_role("combobox", name="Volgorde")).to_have_value(BY_CHANGE)
    expect(other.locator(CHART).first).to_be_visible()
    assert told(other) == seen
    other.close()


def test_a_click_in_a_chart_opens_the_question(example: Server, page: Page) -> None:
    page.goto(f"{example.address}/urgentie")
    row = page.locator(CHART).first.get_by_text("De aansluiting met mbo")
    row.click(force=True)  # under the room of its row, which hears the click
    expect(page.get_by_role("heading", name="Zo antwoordden de regio's op")).to_be_visible()
    box = page.get_by_role("combobox", name="Bekijk één aandachtspunt")
    expect(box).to_have_value("De aansluiting met mbo")
    page.get_by_role("button", name="Alle aandachtspunten").click()
    expect(page.get_by_role("radio", name="Verandering")).to_be_checked()


def test_a_whole_visit_is_made_by_the_keyboard(example: Server, page: Page, tmp_path: Path) -> None:
    page.goto(example.address)
    key(page, page.get_by_role("link", name=f"Meer over: {TEACHERS}"), "Enter")
    back = page.get_by_role("button", name="Alle aandachtspunten")
    key(page, back, "Enter")
    expect(back).to_have_count(0)
    expect(page.locator(CHART).first).to_be_visible()
    key(page, page.get_by_role("radio", name="Verandering"), "ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Verdeling")).to_be_checked()
    order = page.get_by_role("combobox", name="Volgorde")
    key(page, order, "ArrowDown")
    expect(page.get_by_role("option").last).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(BY_CHANGE)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(order).to_have_value(BY_CHANGE)
    expect(page.get_by_role("rowheader").nth(4)).to_have_text(THIRD_BY_CHANGE)
    with page.expect_download() as started:
        key(page, page.get_by_role("button", name="Cijfers (CSV)"), "Enter")
    assert read_csv(started.value, tmp_path / "verdeling.csv")

    key(page, menu(page, "Rapport"), "Enter")
    expect(page.get_by_role("heading", level=1, name="Rapport")).to_be_visible()
    key(page, page.get_by_role("radio", name="PowerPoint"), "ArrowUp")  # round to the last
    expect(page.get_by_role("radio", name="HTML")).to_be_checked()
    key(page, page.get_by_role("button", name="Rapport maken"), "Enter")
    made = page.get_by_role("button", name="Rapport downloaden (HTML)")
    expect(made).to_be_visible()
    with page.expect_download() as started:
        key(page, made, "Enter")
    assert started.value.suggested_filename == "sto-monitor-2021-2024.html"
    started.value.save_as(tmp_path / "rapport.html")
    assert TEACHERS in (tmp_path / "rapport.html").read_text(encoding="utf-8")


def test_downloads_open_again_and_hold_the_figures(
    example: Server, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{example.address}/urgentie")
    expect(page.get_by_role("table").first).to_be_visible()

    sheet = tmp_path / "urgentie.xlsx"
    download(page, "Excel").save_as(sheet)
    cells = [cell for row in load_workbook(sheet).active.values for cell in row]
    assert EXAMPLE_LABEL in " ".join(str(cell) for cell in cells)
    assert any(isinstance(cell, float) and abs(cell - 37 / 42) < 1e-9 for cell in cells)

    rows = read_csv(download(page, "CSV"), tmp_path / "urgentie.csv")
    assert len(rows) == 8
    assert (rows[0]["2021 (%)"], rows[0]["2024 (%)"]) == ("57,1", "88,1")

    picture = tmp_path / "urgentie.png"
    download(page, "PNG").save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    drawing = tmp_path / "urgentie.svg"
    download(page, "SVG").save_as(drawing)
    assert "88%*" in drawing.read_text(encoding="utf-8")


def test_an_empty_database_offers_the_example(server: Server, page: Page) -> None:
    page.goto(server.address)
    page.get_by_role("button", name="Voorbeelddata laden").click()
    expect(page.get_by_text("In 2024 antwoordden 51 van 78 regio's, 65%")).to_be_visible()
    expect(page.get_by_role("link", name=f"Meer over: {TEACHERS}")).to_be_visible()

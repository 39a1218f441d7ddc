"""From a personal link to the steering group's chart, and out again as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Page, expect

from analysis.example import solve_example
from analysis.published import read_published
from surveys.example import plan_example_waves, read_example_register
from surveys.fieldwork import EXAMPLE_LABEL
from surveys.items import MultipleItem, ScaleItem, YesNoItem
from tests.browser.conftest import Server, turn_page

pytestmark = pytest.mark.browser

PAGES = ("urgentie", "opbrengsten", "aandacht", "rapportcijfers", "borging")


@pytest.fixture
def example(server: Server) -> Server:
    waves = plan_example_waves(solve_example(read_published()))
    server.store.waves.load_example(read_example_register(), waves)
    return server


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


def download(page: Page, name: str) -> Download:
    with page.expect_download() as started:
        page.get_by_role("button", name=f"({name})").click()
    return started.value


def test_a_new_response_is_counted_and_seen_in_the_results(
    example: Server, chromium: Browser, page: Page
) -> None:
    page.goto(f"{example.address}/opbrengsten")
    expect(page.get_by_text("51 van 78 regio").first).to_be_visible()
    expect(page.locator('[data-testid="stVegaLiteChart"]').first).to_be_visible()

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

    # the page that stood open shows it by itself
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
    for name in PAGES:
        page.goto(f"{example.address}/{name}")
        expect(page.locator('[data-testid="stVegaLiteChart"]').first).to_be_visible()
        expect(page.get_by_role("table").first).to_be_visible()
        expect(page.get_by_text(EXAMPLE_LABEL).first).to_be_visible()
    assert {host for host in hosts if host} == {f"127.0.0.1:{example.port}"}


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

    table = tmp_path / "urgentie.csv"
    download(page, "CSV").save_as(table)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
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
    expect(page.get_by_text("51 van 78 regio's antwoordden (65%)")).to_be_visible()
    page.get_by_role("link", name="Urgentie:").click()
    expect(page.get_by_role("heading", name="Urgentie", exact=True)).to_be_visible()

"""axe-core finds nothing against WCAG 2.2 AA in the states of the results that the walk through
every page (test_hostile_pages) does not come to, and none is too wide for a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from analysis.example import solve_example
from analysis.published import read_published
from surveys.example import read_example_definitions
from surveys.fieldwork import WaveState
from tests.browser.accessibility import find_faults
from tests.browser.conftest import Server
from tests.db.scenes import import_responses

pytestmark = pytest.mark.browser

DESKTOP, PHONE = ViewportSize(width=1200, height=900), ViewportSize(width=360, height=780)
CHART = '[data-testid="stVegaLiteChart"] svg'
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TEACHERS = "Voldoende+techniekdocenten"


@pytest.fixture(scope="module")
def window(lasting_server: Server, example_database: Path, chromium: Browser) -> Iterator[Page]:
    """On the example and a third wave, in which every region answers as it did in the second."""
    lasting_server.renew(example_database)
    add_wave(lasting_server)
    page = chromium.new_page(base_url=lasting_server.address, viewport=DESKTOP, locale="nl-NL")
    yield page
    page.close()
    lasting_server.check_log()


def add_wave(server: Server) -> None:
    server.store.waves.add("2027", read_example_definitions()["2024"], state=WaveState.OPEN)
    import_responses(server.store, "2027", solve_example(read_published())["2024"])


def open_list(page: Page) -> None:
    page.get_by_role("combobox", name="Bekijk één").press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()


def unfold(page: Page) -> None:
    expect(page.locator("summary").first).to_be_visible()
    page.locator(FINISHED).wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    expect(page.locator("details:not([open])")).to_have_count(0)


def make_report(page: Page) -> None:
    page.get_by_role("button", name="Rapport maken").click()
    expect(page.get_by_role("button", name="Rapport downloaden")).to_be_visible()


def look_only(page: Page) -> None:
    expect(page.locator(CHART).first).to_be_visible()


@pytest.mark.parametrize(
    ("address", "act"),
    [
        ("urgentie?meting=2024", unfold),
        ("urgentie?weergave=Verdeling&midden=true", look_only),
        ("urgentie?weergave=Verloop", look_only),
        ("urgentie?regios=grootte%3A+groot", look_only),
        (f"urgentie?vraag={TEACHERS}", open_list),
        ("van-aanleiding-tot-resultaat", unfold),
        ("rapport?soort=HTML", make_report),
    ],
)
def test_a_state_has_no_violation_and_fits(
    window: Page, address: str, act: Callable[[Page], None]
) -> None:
    window.set_viewport_size(DESKTOP)
    window.goto(address)
    expect(window.get_by_role("heading", level=1).first).to_be_visible()
    act(window)
    window.locator(FINISHED).wait_for()
    assert find_faults(window) == []
    window.set_viewport_size(PHONE)  # narrow, with the menu away
    assert find_faults(window) == []

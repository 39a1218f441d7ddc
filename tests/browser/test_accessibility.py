"""axe-core on every page and state: no violation of WCAG 2.2 AA, and nothing lost on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from analysis.example import solve_example
from analysis.published import read_published
from surveys.example import plan_example_waves, read_example_register
from tests.browser.conftest import Server
from tests.browser.test_hostile_pages import ADMINISTRATOR, EVALUATOR

pytestmark = pytest.mark.browser

TEACHERS = "Voldoende+techniekdocenten"
# Per address what must be there before it is looked at.
STATES = {
    **{address: "h1" for address in (*EVALUATOR, *ADMINISTRATOR)},
    "urgentie?weergave=Verdeling&midden=true": "canvas, svg.marks",
    "urgentie?regios=grootte%3A+groot": "canvas, svg.marks",
    f"urgentie?vraag={TEACHERS}": "canvas, svg.marks",
    "rapport?soort=PDF": "h1",
}
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """The example, with a wave that is closed; and a personal link into the one that is open."""
    server = Server(tmp_path_factory.mktemp("toegankelijk"))
    waves = plan_example_waves(solve_example(read_published()))
    server.store.waves.load_example(read_example_register(), waves)
    unanswered = next(r for r in server.store.monitoring.progress("2024") if r.state is None)
    token = server.store.invitations.renew(unanswered.number, "2024")
    yield server, token
    server.kill()
    server.store.close()


@pytest.fixture(scope="module")
def desk(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900}, locale="nl-NL")
    yield context.new_page()
    context.close()


def open_page(page: Page, address: str, sign: str) -> None:
    page.goto(address)
    expect(page.locator(sign).first).to_be_visible()
    page.locator(FINISHED).wait_for()


def find_violations(page: Page) -> list[str]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def is_too_wide(page: Page) -> bool:
    return bool(
        page.evaluate(
            "() => [document.documentElement, "
            "...document.querySelectorAll('[data-testid=stMain]')]"
            ".some(each => each.scrollWidth > each.clientWidth + 1)"
        )
    )


@pytest.mark.parametrize(("address", "sign"), STATES.items())
def test_a_page_has_no_violation_and_fits(
    monitor: tuple[Server, str], desk: Page, address: str, sign: str
) -> None:
    server, _ = monitor
    desk.set_viewport_size({"width": 1200, "height": 900})
    open_page(desk, f"{server.address}/{address}", sign)
    assert find_violations(desk) == []
    # 360 pixels wide, and 200% zoom of a screen of 1280: 640
    for width in (360, 640):
        desk.set_viewport_size({"width": width, "height": 780})
        assert not is_too_wide(desk), width
    assert find_violations(desk) == []

"""The planner and the evaluator's settings by keyboard alone, and the method page on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from analysis.example import solve_example
from analysis.published import read_published
from surveys.example import plan_example_waves, read_example_register
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}


@pytest.fixture(autouse=True)
def no_faults(server: Server, page: Page) -> Iterator[None]:
    """Nothing goes wrong in the browser, and nothing is asked of another host."""
    faults: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))

    def hear(message: object) -> None:
        # Streamlit asks under the page's own address first whether the server is there
        if message.type in ("error", "warning") and "_stcore" not in message.location["url"]:  # type: ignore[attr-defined]
            faults.append(message.text)  # type: ignore[attr-defined]

    page.on("console", hear)
    yield
    assert faults == []
    assert {host for host in hosts if host} == {f"127.0.0.1:{server.port}"}


def tab_to(page: Page, target: Locator) -> None:
    """By the Tab key; the target is on the way within sixty presses."""
    expect(target).to_be_attached()
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")


def settle(page: Page) -> None:
    """Until all of the page is drawn: what comes later would move what is above it."""
    drawn = page.get_by_test_id("stApp")
    expect(drawn).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def answer(page: Page) -> Locator:
    return page.get_by_role("status").get_by_role("heading")


def is_wider_than_the_window(page: Page) -> bool:
    main = page.get_by_test_id("stMain")
    return bool(main.evaluate("element => element.scrollWidth > element.clientWidth"))


def test_the_planner_answers_who_types_and_never_traps(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/planner")
    expect(answer(page)).to_have_text("Om 15 procentpunten te zien: 102 regio's")
    change = page.get_by_label("Verandering die u wilt zien")
    expect(change).to_have_attribute("aria-describedby", re.compile("getal-verandering"))
    tab_to(page, change)
    page.keyboard.press("Control+a")
    page.keyboard.type("20")  # without Enter
    expect(answer(page)).to_have_text("Om 20 procentpunten te zien: 53 regio's")

    tab_to(page, page.get_by_label("Regio's die wisselen, in procent"))
    page.keyboard.press("Control+a")
    page.keyboard.type("10")
    expect(page.get_by_role("alert")).to_contain_text(
        "Vul bij 'Regio's die wisselen' 20 of meer in"
    )
    page.keyboard.press("Control+a")
    page.keyboard.type("25,5")
    expect(answer(page)).to_have_text(re.compile(r"Om 20 procentpunten te zien: \d+ regio's"))

    tab_to(
        page,
        page.get_by_text("Waar vind ik hoeveel regio's wisselen?").locator(
            "xpath=ancestor::summary"
        ),
    )
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name=re.compile("Aantoonbaar verschil"))).to_be_visible()

    tab_to(page, page.get_by_role("radio", name="80% (gebruikelijk)"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("de kans 90%")


def test_a_grade_is_planned_by_keyboard(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/planner")
    expect(answer(page)).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="een percentage"))
    page.keyboard.press("ArrowRight")
    expect(answer(page)).to_have_text("Om 0,5 punt te zien: 48 regio's")


def test_the_evaluator_sets_the_comparison_by_keyboard(server: Server, page: Page) -> None:
    waves = plan_example_waves(solve_example(read_published()))
    server.store.waves.load_example(read_example_register(), waves)
    page.goto(f"{server.address}/urgentie")
    expect(page.get_by_text("Waarom deze toets?")).to_be_visible()
    settle(page)
    tab_to(page, page.get_by_text("Waarom deze toets?").locator("xpath=ancestor::summary"))
    page.keyboard.press("Enter")
    secondary = page.get_by_role("table", name=re.compile("nevenuitkomst"))
    expect(secondary).to_be_visible()

    tab_to(
        page, page.get_by_text("Voor de onderzoeker", exact=True).locator("xpath=ancestor::summary")
    )
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio", name="p zonder correctie (standaard)"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("1 van de 8 aandachtspunten veranderde aantoonbaar")).to_be_visible()
    expect(page.get_by_text("Ingesteld bij 'Voor de onderzoeker'")).to_be_visible()

    tab_to(page, page.get_by_role("combobox", name="Welke regio's worden vergeleken"))
    page.keyboard.type("verschillende")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("vergeleken: alle regio's, als verschillende groepen")).to_be_visible()
    expect(secondary).to_have_count(0)


def test_the_method_page_fits_a_phone(server: Server, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{server.address}/methode")
    expect(page.get_by_role("heading", name="Methode", exact=True)).to_be_visible()
    expect(page.locator(".katex-display").first).to_be_visible()
    assert not is_wider_than_the_window(page)
    command = page.get_by_role("region", name="Opdracht").first
    tab_to(page, command)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("element => element.scrollLeft > 0", arg=command.element_handle())


def test_the_method_page_links_to_its_parts(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/methode")
    expect(page.locator(".katex-display").last).to_be_visible()
    settle(page)
    page.get_by_role("link", name="de simulatie").press("Enter")
    heading = page.get_by_role("heading", name="Houden de toetsen en intervallen wat ze beloven?")
    expect(heading).to_be_in_viewport()
    assert page.url.endswith("/methode#simulatie")


def test_the_planner_fits_a_phone(server: Server, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{server.address}/planner")
    expect(answer(page)).to_be_visible()
    assert not is_wider_than_the_window(page)

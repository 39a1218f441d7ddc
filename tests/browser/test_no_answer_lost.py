"""The ways in which Streamlit was seen to lose answers, each tried on the real page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Line, Server, stored_answers, turn_page

pytestmark = pytest.mark.browser

ITEMS = {
    "urgentie_techniekdocenten": "Voldoende techniekdocenten",
    "urgentie_aansluiting_mbo": "De aansluiting met mbo",
    "urgentie_beeldvorming": "De beeldvorming ten aanzien van techniek",
    "urgentie_leerlingaantallen": "De aantallen techniekleerlingen in de profielen",
}


def begin(page: Page, address: str, token: str) -> None:
    page.goto(f"{address}/?uitnodiging={token}")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_text(answer, exact=True).click()


def click_regardless(page: Page, question: str, answer: str) -> None:
    """A click while the page may or may not take it; nothing waits."""
    answers = page.get_by_role("radiogroup", name=question)
    answers.get_by_text(answer, exact=True).click(force=True)


def shown_answers(page: Page) -> dict[str, str]:
    """What the four questions show, as codes."""
    codes = ["helemaal niet urgent", "niet urgent", "enigszins urgent", "urgent", "heel urgent"]
    shown = {}
    for item, label in ITEMS.items():
        checked = page.get_by_role("radiogroup", name=label).get_by_role("radio", checked=True)
        if checked.count():
            name = str(checked.locator("xpath=ancestor::label").inner_text())
            shown[item] = str(codes.index(name.strip()) + 1)
    return shown


def expect_chosen(page: Page, question: str, answer: str) -> None:
    group = page.get_by_role("radiogroup", name=question)
    expect(group.get_by_role("radio", name=answer, exact=True)).to_be_checked()


def expect_progress(page: Page, answered: int) -> None:
    """The page says so only after it was written: the count comes from what is stored."""
    count = re.compile(rf"· {answered} van \d+ vragen beantwoord")
    expect(page.get_by_text(count)).to_be_visible()


@pytest.mark.parametrize("attempt", range(3))
def test_click_while_the_connection_is_down(
    server: Server, line: Line, page: Page, token: str, attempt: int
) -> None:
    begin(page, line.address, token)
    labels = list(ITEMS.values())
    for count, label in enumerate(labels[:3], start=1):
        choose(page, label, "urgent")
        expect_progress(page, count)

    line.cut()
    click_regardless(page, labels[0], "heel urgent")
    line.mend()
    choose(page, labels[3], "heel urgent")

    expect_progress(page, 4)
    expect_chosen(page, labels[3], "heel urgent")
    for label in labels[1:3]:
        expect_chosen(page, label, "urgent")
    stored = stored_answers(server, token)
    assert stored == shown_answers(page)
    assert [stored[item] for item in list(ITEMS)[1:]] == ["4", "4", "5"]


@pytest.mark.parametrize("attempt", range(3))
def test_click_as_the_page_wakes_after_a_restart(
    server: Server, page: Page, token: str, attempt: int
) -> None:
    begin(page, server.address, token)
    labels = list(ITEMS.values())
    choose(page, labels[0], "urgent")
    expect_progress(page, 1)

    server.kill()
    click_regardless(page, labels[1], "heel urgent")
    server.start()
    choose(page, labels[2], "niet urgent")

    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    expect_chosen(page, labels[0], "urgent")
    expect_chosen(page, labels[2], "niet urgent")
    expect_progress(page, len(shown_answers(page)))
    stored = stored_answers(server, token)
    assert stored == shown_answers(page)
    assert stored["urgentie_beeldvorming"] == "2"


@pytest.mark.parametrize("attempt", range(3))
def test_reload_right_after_typing(
    server: Server, page: Page, all_types_token: str, attempt: int
) -> None:
    begin(page, server.address, all_types_token)
    choose(page, "Ja of nee", "Ja")
    expect_progress(page, 1)
    turn_page(page, "Volgende")
    page.get_by_role("textbox", name="Een lange tekst").press_sequentially("Wat ik typte", delay=30)
    page.reload()

    expect(page.get_by_role("textbox", name="Een lange tekst")).to_have_value("Wat ik typte")
    expect_progress(page, 2)
    assert stored_answers(server, all_types_token)["lang"] == "Wat ik typte"


def test_typed_text_is_saved_without_leaving_the_field(
    server: Server, page: Page, all_types_token: str
) -> None:
    begin(page, server.address, all_types_token)
    turn_page(page, "Volgende")
    field = page.get_by_role("textbox", name="Een korte tekst")
    field.press_sequentially("Docent", delay=30)
    expect_progress(page, 1)
    expect(field).to_be_focused()
    field.press_sequentially(" techniek", delay=30)
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    turn_page(page, "Vorige")
    expect(page.get_by_role("heading", name="Gesloten vragen")).to_be_visible()
    assert stored_answers(server, all_types_token)["kort"] == "Docent techniek"


def test_resumes_on_another_device_after_kill(
    server: Server, chromium: Browser, page: Page, token: str
) -> None:
    begin(page, server.address, token)
    choose(page, "Voldoende techniekdocenten", "urgent")
    expect_progress(page, 1)
    turn_page(page, "Volgende")
    expect(page.get_by_role("heading", name="Opbrengsten")).to_be_visible()
    choose(page, "De aansluiting met mbo", "enige opbrengst")
    expect_progress(page, 2)
    page.close()
    server.kill()
    server.start()

    phone = chromium.new_page(viewport={"width": 360, "height": 780})
    phone.goto(f"{server.address}/?uitnodiging={token}")
    expect(phone.get_by_role("heading", name="Opbrengsten")).to_be_visible()
    expect_chosen(phone, "De aansluiting met mbo", "enige opbrengst")
    expect_progress(phone, 2)
    phone.close()


def test_older_window_is_told_and_overwrites_nothing(
    server: Server, chromium: Browser, page: Page, token: str
) -> None:
    begin(page, server.address, token)
    choose(page, "Voldoende techniekdocenten", "urgent")
    expect_progress(page, 1)
    newer = chromium.new_page()
    newer.goto(f"{server.address}/?uitnodiging={token}")
    expect_chosen(newer, "Voldoende techniekdocenten", "urgent")
    choose(newer, "Voldoende techniekdocenten", "heel urgent")
    choose(newer, "De aansluiting met mbo", "urgent")
    expect_progress(newer, 2)

    choose(page, "Voldoende techniekdocenten", "niet urgent")
    expect(page.get_by_text("in een ander venster gewijzigd")).to_be_visible()
    expect_chosen(page, "Voldoende techniekdocenten", "heel urgent")
    expect_chosen(page, "De aansluiting met mbo", "urgent")
    assert stored_answers(server, token)["urgentie_techniekdocenten"] == "5"

    choose(page, "Voldoende techniekdocenten", "niet urgent")
    expect(page.get_by_text("in een ander venster gewijzigd")).to_be_hidden()
    expect_chosen(page, "Voldoende techniekdocenten", "niet urgent")
    newer.close()


def test_older_window_that_wakes_after_a_restart_overwrites_nothing(
    server: Server, chromium: Browser, page: Page, token: str
) -> None:
    begin(page, server.address, token)
    choose(page, "Voldoende techniekdocenten", "urgent")
    expect_progress(page, 1)
    newer = chromium.new_page()
    newer.goto(f"{server.address}/?uitnodiging={token}")
    choose(newer, "Voldoende techniekdocenten", "heel urgent")
    expect_chosen(newer, "Voldoende techniekdocenten", "heel urgent")
    expect(newer.get_by_text("Opgeslagen om")).to_be_visible()
    choose(newer, "De aansluiting met mbo", "urgent")
    expect_progress(newer, 2)
    newer.close()
    server.kill()
    server.start()

    choose(page, "De beeldvorming ten aanzien van techniek", "urgent")
    expect(page.get_by_text("in een ander venster gewijzigd")).to_be_visible()
    expect_chosen(page, "Voldoende techniekdocenten", "heel urgent")
    assert stored_answers(server, token)["urgentie_techniekdocenten"] == "5"


def test_quick_clicks_one_after_another_are_all_kept(
    server: Server, page: Page, token: str
) -> None:
    begin(page, server.address, token)
    for answer in ("urgent", "niet urgent", "heel urgent", "enigszins urgent"):
        for label in ITEMS.values():
            choose(page, label, answer)
    expect_progress(page, 4)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    for label in ITEMS.values():
        expect_chosen(page, label, "enigszins urgent")
    expect(page.get_by_text("in een ander venster gewijzigd")).to_be_hidden()
    assert stored_answers(server, token) == dict.fromkeys(ITEMS, "3")

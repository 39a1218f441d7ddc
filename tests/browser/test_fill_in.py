"""The programme leader's way through the questionnaire, as people really go."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from surveys.definition import DEFINITIONS, read_definition
from surveys.fieldwork import ResponseState, WaveState
from tests.browser.conftest import Server, stored_answers, turn_page

pytestmark = pytest.mark.browser

ACTIVE = """() => {
  const field = document.activeElement;
  const group = field.closest('[role=radiogroup]');
  return {
    kind: field.tagName === 'INPUT' ? field.type : field.tagName.toLowerCase(),
    name: (group && group.getAttribute('aria-label')) || field.getAttribute('aria-label')
      || (field.matches('button, label, a') ? field : field.closest('label'))?.innerText || '',
  };
}"""


def tab(page: Page) -> dict[str, str]:
    page.keyboard.press("Tab")
    focused: dict[str, str] = page.evaluate(ACTIVE)
    return focused


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        if name in tab(page)["name"]:
            return
    pytest.fail(f"'{name}' cannot be reached:\n{page.locator('main').aria_snapshot()}")


def await_drawing(page: Page) -> None:
    """Until the page has all that the last answer led to, such as a follow-up question."""
    drawn = page.get_by_test_id("stApp")
    expect(drawn).to_have_attribute("data-test-script-state", "notRunning")


def answer_section_by_keyboard(page: Page, answered: int) -> int:
    """Answer what the Tab key comes across until the button to the next page has the focus."""
    for _ in range(80):
        focused = tab(page)
        if focused["name"] in ("Volgende", "Naar controle"):
            return answered
        if focused["kind"] == "radio":
            page.keyboard.press("Space")
        elif focused["kind"] == "text" and "Stand" not in focused["name"]:
            page.keyboard.type("8")
        elif focused["kind"] == "textarea":
            page.keyboard.type("Met vaste afspraken")
        elif focused["kind"] == "checkbox" and "geïntegreerd" in focused["name"]:
            page.keyboard.press("Space")
        else:
            continue
        answered += 1
        count = re.compile(rf"· {answered} van \d+ vragen beantwoord")
        expect(page.get_by_text(count)).to_be_visible()
        await_drawing(page)
        if focused["name"].startswith("Bent u in uw regio bezig"):
            expect(page.get_by_role("textbox", name="Hoe werkt u")).to_be_visible()
        if focused["name"].startswith("Voldoende techniekdocenten"):
            page.keyboard.press("ArrowRight")
            expect(page.locator(":focus")).to_be_checked()
    pytest.fail("the button to the next page cannot be reached with the Tab key")


def test_whole_questionnaire_by_keyboard(server: Server, page: Page, token: str) -> None:
    page.goto(f"{server.address}/?uitnodiging={token}")
    expect(page.get_by_role("button", name="Beginnen")).to_be_visible()
    tab_to(page, "Beginnen")
    page.keyboard.press("Enter")
    answered = 0
    for title in ("Urgentie", "Opbrengsten", "Aandacht", "Rapportcijfers", "Borging"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_focused()
        expect(page.locator("[role=radiogroup], input[type=text]:visible").first).to_be_visible()
        answered = answer_section_by_keyboard(page, answered)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Controleren en verzenden")).to_be_visible()
    tab_to(page, "Verzenden")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
    form = server.store.forms.find(server.store.forms.visit(token))
    assert form is not None
    assert form.state is ResponseState.FINAL
    questions = server.store.waves.questionnaire(form.questionnaire_hash).questions
    assert set(form.answers) == {question.id for question in questions}
    assert form.answers["urgentie_techniekdocenten"] == "2"
    assert form.answers["cijfer_afspraken"] == "8"
    assert form.answers["borging_hoe"] == "Met vaste afspraken"


def test_focus_stays_on_the_title_when_it_is_drawn_anew(
    server: Server, page: Page, token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={token}")
    page.get_by_role("button", name="Beginnen").click()
    title = page.get_by_role("heading", name="Urgentie", exact=True)
    expect(title).to_be_focused()
    title.evaluate("old => old.replaceWith(old.cloneNode(true))")
    expect(title).to_be_focused()


def test_an_answer_that_cannot_be_kept_is_told_beside_its_question(
    server: Server, page: Page, all_types_token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    page.get_by_text("Optie a").click()
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    page.get_by_text("Geen van deze").click()
    expect(page.get_by_text("'Geen van deze' kan niet samen met andere antwoorden")).to_be_visible()
    assert stored_answers(server, all_types_token)["meer"] == ("a",)
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_text("Verbeter eerst het antwoord")).to_be_visible()
    page.get_by_text("Optie a").click()
    expect(page.get_by_text("kan niet samen met andere antwoorden")).to_be_hidden()
    turn_page(page, "Volgende")

    grade = page.get_by_role("textbox", name="Een cijfer")
    grade.fill("11")
    expect(page.get_by_text("Vul een heel cijfer in van 1 tot en met 10")).to_be_visible()
    grade.fill("7")
    page.get_by_role("textbox", name="Een korte tekst").fill("veel te lang voor twintig")
    expect(page.get_by_text("De tekst is 25 tekens lang")).to_be_visible()
    expect(page.get_by_text("Opgeslagen om")).to_be_hidden()
    stored = stored_answers(server, all_types_token)
    assert stored["cijfer"] == "7"
    assert "kort" not in stored


def test_review_links_to_what_is_open_and_sending_waits_for_what_is_required(
    server: Server, page: Page, all_types_token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    page.get_by_role("radiogroup", name="Ja of nee").get_by_text("Ja", exact=True).click()
    turn_page(page, "Volgende")
    page.get_by_role("textbox", name="Een lange tekst").fill("Zo doen we dat <b>hier</b>")
    turn_page(page, "Naar controle")
    expect(page.get_by_role("button", name="Verzenden")).to_be_disabled()
    page.get_by_role("button", name="Gesloten vragen: Een schaal").click()
    scale = page.get_by_role("radiogroup", name="Een schaal")
    expect(scale.get_by_role("radio").first).to_be_focused()
    scale.get_by_text("veel", exact=True).click()
    page.get_by_role("radiogroup", name="Ja of nee").get_by_text("Nee", exact=True).click()
    turn_page(page, "Volgende")
    expect(page.get_by_role("textbox", name="Een lange tekst")).to_be_hidden()
    turn_page(page, "Naar controle")
    page.get_by_role("button", name="Verzenden").click()

    expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
    expect(page.get_by_role("row", name="Een lange tekst")).to_contain_text("Niet gevraagd")
    expect(page.get_by_role("row", name="Een getal")).to_contain_text("Overgeslagen")
    expect(page.get_by_role("button", name="Afdrukken")).to_be_visible()


def test_changing_after_sending_makes_a_new_version(
    server: Server, page: Page, all_types_token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    scale = page.get_by_role("radiogroup", name="Een schaal")
    scale.get_by_text("weinig", exact=True).click()
    turn_page(page, "Volgende")
    turn_page(page, "Naar controle")
    page.get_by_role("button", name="Verzenden").click()
    page.get_by_role("button", name="Antwoorden wijzigen").click()
    expect(page.get_by_role("heading", name="Controleren en verzenden")).to_be_visible()
    turn_page(page, "Vorige")
    turn_page(page, "Vorige")
    scale.get_by_text("veel", exact=True).click()
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    tallies = {row[:4]: row[4] for row in server.store.counts.tallies("2024")}
    assert tallies["gesloten", "schaal", "", "1"] == 1, (
        "what was sent counts until the next sending"
    )
    turn_page(page, "Volgende")
    turn_page(page, "Naar controle")
    page.get_by_role("button", name="Verzenden").click()
    expect(page.get_by_text("(versie 2)")).to_be_visible()
    tallies = {row[:4]: row[4] for row in server.store.counts.tallies("2024")}
    assert tallies["gesloten", "schaal", "", "3"] == 1
    assert ("gesloten", "schaal", "", "1") not in tallies


def test_an_answer_can_be_taken_away(server: Server, page: Page, all_types_token: str) -> None:
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    scale = page.get_by_role("radiogroup", name="Een schaal")
    scale.get_by_text("veel", exact=True).click()
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    page.get_by_text("Een antwoord wissen").click()
    page.get_by_role("button", name="Wis: Een schaal").click()
    expect(scale.get_by_role("radio", checked=True)).to_have_count(0)
    assert stored_answers(server, all_types_token) == {}


def test_a_link_that_opens_nothing_says_what_to_do(server: Server, page: Page, token: str) -> None:
    page.goto(f"{server.address}/?uitnodiging=fout")
    expect(page.get_by_text("Deze link klopt niet")).to_be_visible()

    newer = server.store.invitations.renew("01", "2024")
    page.goto(f"{server.address}/?uitnodiging={token}")
    expect(page.get_by_text("Deze link is ingetrokken")).to_be_visible()

    server.store.waves.set_state("2024", WaveState.CLOSED)
    page.goto(f"{server.address}/?uitnodiging={newer}")
    expect(page.get_by_text("De meting is gesloten")).to_be_visible()
    later = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml")
    server.store.waves.plan("2026", later)
    planned = server.store.invitations.renew("01", "2026")
    page.goto(f"{server.address}/?uitnodiging={planned}")
    expect(page.get_by_text("nog niet open")).to_be_visible()


def test_a_wave_that_closes_meanwhile_keeps_what_was_saved_and_tells(
    server: Server, page: Page, all_types_token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    scale = page.get_by_role("radiogroup", name="Een schaal")
    scale.get_by_text("veel", exact=True).click()
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    server.store.waves.set_state("2024", WaveState.CLOSED)
    page.get_by_role("radiogroup", name="Rij twee").get_by_text("veel", exact=True).click()
    expect(page.get_by_text("De meting is gesloten")).to_be_visible()
    server.store.waves.set_state("2024", WaveState.OPEN, "Te vroeg gesloten")
    assert stored_answers(server, all_types_token) == {"schaal": "3"}


def test_typing_goes_on_while_a_message_above_comes_and_goes(
    server: Server, page: Page, all_types_token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    turn_page(page, "Volgende")
    text = page.get_by_role("textbox", name="Een korte tekst")
    for grade in ("11", "7", "12", "8"):
        page.get_by_role("textbox", name="Een cijfer").fill(grade)
        text.fill("")
        text.press_sequentially("onder het typen", delay=20)
        expect(text).to_have_value("onder het typen")
        await_drawing(page)
        expect(text).to_have_value("onder het typen")
    expect(page.get_by_text(re.compile(r"· 2 van \d+ vragen beantwoord"))).to_be_visible()
    assert stored_answers(server, all_types_token) == {"cijfer": "8", "kort": "onder het typen"}

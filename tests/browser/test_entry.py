"""The evaluator enters answers for a region in a real browser, and the programme leader explains
a large move against the wave before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from surveys.definition import read_definition
from surveys.fieldwork import Mode, Remark, ResponseState, WaveState
from tests.browser.conftest import ROOT, Server, choose_option, open_wave, turn_page

pytestmark = pytest.mark.browser

DEFINITIONS = ROOT / "tests/definitions"


def await_saving(page: Page) -> None:
    """Until the page has drawn what the last answer led to."""
    drawn = page.get_by_test_id("stApp")
    expect(drawn).to_have_attribute("data-test-script-state", "notRunning")


def expect_progress(page: Page, answered: int) -> None:
    expect(page.get_by_text(re.compile(rf"· {answered} van \d+ vragen beantwoord"))).to_be_visible()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_text(answer, exact=True).click()


def test_answers_are_entered_for_a_region_and_sent(server: Server, page: Page) -> None:
    store = server.store
    open_wave(store, read_definition(DEFINITIONS / "all_types.toml"))
    store.regions.add([("02", "Regio 02")])
    page.goto(f"{server.address}/invoer")
    expect(page.get_by_role("heading", name="Invoer en correctie")).to_be_visible()
    choose_option(page, "Regio", "02 Regio 02")
    expect(page.get_by_text("nog geen antwoorden")).to_be_visible()
    choose(page, "Hoe kwamen de antwoorden binnen?", "telefonisch")
    await_saving(page)
    page.get_by_role("button", name="Invoeren").click()
    expect(page.get_by_text("Invoer voor Regio 02")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Gesloten vragen")).to_be_focused()
    choose(page, "Een schaal", "veel")
    expect_progress(page, 1)
    choose(page, "Ja of nee", "Ja")
    expect_progress(page, 2)
    turn_page(page, "Volgende")
    field = page.get_by_role("textbox", name="Een lange tekst")
    field.press_sequentially("Wat de regio vertelde", delay=20)
    page.reload()
    expect(field).to_have_value("Wat de regio vertelde")
    expect_progress(page, 3)

    server.kill()
    server.start()
    grade = page.get_by_role("textbox", name="Een cijfer")
    grade.fill("7")
    expect_progress(page, 4)
    turn_page(page, "Naar controle")
    page.get_by_role("button", name="Verzenden").click()
    expect(page.get_by_role("heading", name="De antwoorden zijn verzonden")).to_be_visible()
    page.get_by_role("button", name="Terug naar het overzicht").click()
    expect(page.get_by_role("heading", name="Invoer en correctie")).to_be_focused()
    row = page.get_by_role("row", name="1: telt telefonisch")
    expect(row.get_by_role("cell", name="u", exact=True)).to_be_visible()

    (version,) = store.entries.versions("02", "2024")
    assert (version.state, version.mode) == (ResponseState.FINAL, Mode.TELEPHONE)
    answers = store.entries.read("02", "2024", 1).answers
    assert {item: answers[item] for item in ("schaal", "ja_nee", "lang", "cijfer")} == {
        "schaal": "3",
        "ja_nee": "ja",
        "lang": "Wat de regio vertelde",
        "cijfer": "7",
    }


def test_what_is_typed_for_one_region_never_lands_in_another(server: Server, page: Page) -> None:
    store = server.store
    open_wave(store, read_definition(DEFINITIONS / "all_types.toml"))
    store.regions.add([("02", "Regio 02")])
    page.goto(f"{server.address}/invoer")
    for number in ("01", "02"):
        choose_option(page, "Regio", f"{number} Regio {number}")
        expect(page.get_by_text("nog geen antwoorden")).to_be_visible()
        choose(page, "Hoe kwamen de antwoorden binnen?", "op papier")
        await_saving(page)
        page.get_by_role("button", name="Invoeren").click()
        expect(page.get_by_text(f"Invoer voor Regio {number}")).to_be_visible()
        expect_progress(page, 0)
        turn_page(page, "Volgende")
        expect(page.get_by_role("textbox", name="Een korte tekst")).to_have_value("")
        if number == "01":
            page.get_by_role("textbox", name="Een korte tekst").press_sequentially("van een")
            page.get_by_role("button", name="Terug naar het overzicht").click()
            expect(page.get_by_role("heading", name="Invoer en correctie")).to_be_visible()
    assert store.entries.read("01", "2024", 1).answers == {"kort": "van een"}
    assert store.entries.read("02", "2024", 1).answers == {}


def test_the_reason_for_a_large_move_is_not_lost_on_reload(server: Server, page: Page) -> None:
    store = server.store
    token = open_wave(
        store, read_definition(DEFINITIONS / "previous_answers_before.toml"), name="2021"
    )
    visit = store.forms.visit(token)
    form = store.forms.begin(visit)
    store.forms.save(visit, form, {"cijfer": "4", "oude_schaal": "weinig"})
    then = store.forms.find(visit)
    assert then is not None
    store.forms.submit(visit, then)
    now = read_definition(DEFINITIONS / "previous_answers.toml")
    store.waves.add("2024", now, state=WaveState.OPEN)
    token = store.invitations.renew("01", "2024")

    page.goto(f"{server.address}/?uitnodiging={token}")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("In 2021 antwoordde u: 4")).to_be_visible()
    expect(page.get_by_text("een beetje")).to_have_count(0)
    page.get_by_role("textbox", name="Welk cijfer geeft u?").fill("10")
    expect_progress(page, 1)
    asked = page.get_by_role("group", name="Uw antwoord op 'Welk cijfer geeft u?' verschilt veel")
    expect(asked).to_contain_text("Klopt dit?")
    asked.get_by_text("Ja, dit klopt").click()
    await_saving(page)
    reason = asked.get_by_role("textbox", name="Waardoor is het veranderd?")
    reason.press_sequentially("Er kwamen <b>docenten</b> bij", delay=20)
    page.reload()

    expect(reason).to_have_value("Er kwamen <b>docenten</b> bij")
    expect(asked.get_by_role("checkbox", name="Ja, dit klopt")).to_be_checked()
    choose(page, "Hoeveel opbrengst is er nu?", "weinig")
    expect(page.get_by_text("In 2021 antwoordde u: een beetje")).to_be_visible()
    expect_progress(page, 2)
    turn_page(page, "Naar controle")
    expect(page.get_by_role("row", name="Welk cijfer geeft u?")).to_contain_text(
        "Waardoor het veranderde: Er kwamen <b>docenten</b> bij"
    )
    stored = store.forms.find(store.forms.visit(token))
    assert stored is not None
    assert stored.shown == {
        "cijfer": Remark(True, "Er kwamen <b>docenten</b> bij"),
        "schaal": Remark(),
    }


def test_the_text_to_agree_to_waits_for_a_tick_by_keyboard(
    server: Server, page: Page, all_types_token: str
) -> None:
    server.store.waves.set_consent("2024", "Wij bewaren uw antwoorden. <b>Niet</b> uw naam.")
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    expect(page.get_by_text("<b>Niet</b> uw naam")).to_be_visible()
    tick = page.get_by_role("checkbox", name="Ik ga hiermee akkoord")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("Zet eerst een vinkje")).to_be_visible()
    tick.focus()
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    await_saving(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gesloten vragen")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Wat bewaren wij van u?").click()
    expect(opened.value.get_by_role("heading", name="Privacy")).to_be_visible()
